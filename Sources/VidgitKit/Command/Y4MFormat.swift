import FFmpeg
import VidgitModel

/// The header of a YUV4MPEG2 stream: the shape of its pictures (yuv4mpeg(5), and libavformat's
/// names for more formats).
struct Y4MFormat: Hashable, Sendable {
  let width: Int
  let height: Int
  let pixelFormat: String

  /// Names of chroma layouts with libavutil's names, what is written first.
  private static let layouts: [(tag: String, format: String)] = {
    var layouts: [(String, String)] = [
      ("420jpeg", "yuv420p"), ("420", "yuv420p"), ("420mpeg2", "yuv420p"), ("420paldv", "yuv420p"),
      ("411", "yuv411p"), ("422", "yuv422p"), ("444", "yuv444p"), ("mono", "gray"),
    ]
    for depth in [9, 10, 12, 14, 16] {
      for chroma in ["420", "422", "444"] {
        layouts.append(("\(chroma)p\(depth)", "yuv\(chroma)p\(depth)le"))
      }
      if depth != 14 { layouts.append(("mono\(depth)", "gray\(depth)le")) }
    }
    return layouts
  }()

  static let longestLine = 1024

  /// - Throws: where the protocol has no name for the frame's pixel format.
  init(_ frame: Frame) throws(PictureFault) {
    pixelFormat = frame.pixelFormat.withoutImpliedRange.name
    (width, height) = (frame.width, frame.height)
    let pixelFormat = pixelFormat
    guard Self.layouts.contains(where: { $0.format == pixelFormat }) else {
      throw PictureFault(
        reason: "cannot be given a picture of \(frame.pixelFormat.name) as YUV4MPEG2: "
          + "\"png-stream\" takes it")
    }
  }

  /// Reads a header without its line break.
  init(header: String) throws(PictureFault) {
    let words = header.split(separator: " ")
    guard words.first == "YUV4MPEG2" else {
      throw PictureFault(reason: "wrote something that is no YUV4MPEG2")
    }
    func value(_ letter: Character) -> String? {
      words.dropFirst().first { $0.first == letter }.map { String($0.dropFirst()) }
    }
    guard let width = value("W").flatMap(Int.init), let height = value("H").flatMap(Int.init) else {
      throw PictureFault(reason: "wrote a YUV4MPEG2 header without a size")
    }
    try PictureLimit.check(width: width, height: height)
    let tag = value("C") ?? "420jpeg"
    guard let layout = Self.layouts.first(where: { $0.tag == tag }) else {
      throw PictureFault(
        reason: "wrote YUV4MPEG2 of the unknown layout '\(TerminalText.escaped(tag))'")
    }
    self.width = width
    self.height = height
    pixelFormat = layout.format
  }

  func header(of frame: Frame) -> String {
    let tag = Self.layouts.first { $0.format == pixelFormat }!.tag
    let aspect = frame.sampleAspectRatio
    let isFull =
      frame.colour.range == "pc" || frame.pixelFormat.withoutImpliedRange != frame.pixelFormat
    return
      "YUV4MPEG2 W\(width) H\(height) F25:1 Ip A\(max(0, aspect.num)):\(max(0, aspect.den)) C\(tag)"
      + (isFull ? " XCOLORRANGE=FULL" : frame.colour.range == "tv" ? " XCOLORRANGE=LIMITED" : "")
      + "\n"
  }

  /// Bytes of one picture.
  var byteCount: Int? {
    PixelFormat(name: pixelFormat)?.byteCount(width: width, height: height)
  }
}

/// Takes pictures out of a YUV4MPEG2 stream that arrives in pieces.
struct Y4MScanner {
  private(set) var format: Y4MFormat?
  private var bytes: [UInt8] = []
  private var isInFrame = false

  /// Takes the next piece.
  ///
  /// - Returns: the planes of a picture once it is whole.
  /// - Throws: for what is no such stream, or has more behind the picture.
  mutating func append(_ piece: some Sequence<UInt8>) throws(PictureFault) -> [UInt8]? {
    bytes.append(contentsOf: piece)
    if format == nil {
      guard let line = try takeLine("YUV4MPEG2") else { return nil }
      format = try Y4MFormat(header: line)
    }
    guard let count = format?.byteCount else {
      throw PictureFault(reason: "wrote YUV4MPEG2 of a layout that this libavutil does not have")
    }
    if !isInFrame {
      guard try takeLine("FRAME") != nil else { return nil }
      isInFrame = true
      bytes.reserveCapacity(count)
    }
    guard bytes.count >= count else { return nil }
    guard bytes.count == count else {
      throw PictureFault(reason: "wrote more than one picture for one frame", isSurplus: true)
    }
    isInFrame = false
    defer { bytes = [] }
    return bytes
  }

  private mutating func takeLine(_ start: String) throws(PictureFault) -> String? {
    let head = min(start.utf8.count, bytes.count)
    let next = bytes.count > start.utf8.count ? bytes[start.utf8.count] : nil
    guard bytes[..<head].elementsEqual(start.utf8.prefix(head)),
      next == nil || next == UInt8(ascii: " ") || next == UInt8(ascii: "\n")
    else {
      throw PictureFault(reason: "wrote something that is no YUV4MPEG2")
    }
    guard let end = bytes.prefix(Y4MFormat.longestLine).firstIndex(of: UInt8(ascii: "\n")) else {
      guard bytes.count < Y4MFormat.longestLine else {
        throw PictureFault(reason: "wrote a YUV4MPEG2 line without an end")
      }
      return nil
    }
    defer { bytes.removeFirst(end + 1) }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }
}
