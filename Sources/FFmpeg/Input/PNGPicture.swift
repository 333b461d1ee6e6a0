import CFFmpeg
import Foundation

/// PNG images as programs exchange them: quick to write, strict to read.
public enum PNGPicture {
  /// Encodes a frame as `StillImage` does, with little effort to make it small.
  public static func encode(_ frame: Frame, with scaler: inout Scaler) throws(FFmpegError)
    -> [UInt8]
  {
    try StillImage.encode(frame, format: .png, quality: 0, with: &scaler, isQuick: true)
  }

  /// Decodes one whole image.
  ///
  /// It comes back as `rgb24`, `rgba`, `rgb48be` or `rgba64be`: grey and palettes are written out, which
  /// loses nothing. A grey picture would not say whether its range is full, and that of PNG is.
  ///
  /// - Throws: where it is damaged in any way, or has fewer rows than it says.
  public static func decode(_ bytes: [UInt8]) throws(FFmpegError) -> Frame {
    let frame = try decode(bytes, over: 0)
    // libavcodec says nothing of rows that are missing, and leaves what was in memory. Rows come in
    // order, so that one which is not all zeros was read; else another background tells.
    let isInterlaced = bytes.count > 28 && bytes[28] != 0
    if isInterlaced || frame.endsInZeros,
      try decode(bytes, over: 0xff).copyOfBytes != frame.copyOfBytes
    {
      throw FFmpegError(invalid: operation, detail: "rows of it are missing")
    }
    return try plain(frame)
  }

  private static let operation = "decode a PNG image"

  private static func decode(_ bytes: [UInt8], over byte: UInt8) throws(FFmpegError) -> Frame {
    try SinglePictureDecoder.decode(bytes, AV_CODEC_ID_PNG, operation, over: byte)
  }

  private static func plain(_ frame: Frame) throws(FFmpegError) -> Frame {
    let (samples, count) = (frame.copyOfBytes, frame.width * frame.height)
    switch frame.pixelFormat.name {
    case "rgb24", "rgba", "rgb48be", "rgba64be": return frame
    case "gray": return try frame.spread(samples, [0, 0, 0], step: 1, as: "rgb24")
    case "ya8": return try frame.spread(samples, [0, 0, 0, 1], step: 2, as: "rgba")
    case "gray16be": return try frame.spread(samples, [0, 1, 0, 1, 0, 1], step: 2, as: "rgb48be")
    case "ya16be":
      return try frame.spread(samples, [0, 1, 0, 1, 0, 1, 2, 3], step: 4, as: "rgba64be")
    case "monob":
      let row = (frame.width + 7) / 8
      let grey = (0..<count).map { place -> UInt8 in
        let (x, y) = (place % frame.width, place / frame.width)
        return samples[y * row + x / 8] >> UInt8(7 - x % 8) & 1 == 1 ? 255 : 0
      }
      return try frame.spread(grey, [0, 0, 0], step: 1, as: "rgb24")
    case "pal8":
      guard let palette = frame.palette else { break }
      let isOpaque = palette.allSatisfy { $0 >> 24 == 0xff }
      var colours: [UInt8] = []
      colours.reserveCapacity(count * 4)
      for index in samples[..<count] {
        let colour = palette[Int(index)]
        for shift: UInt32 in [16, 8, 0, 24] { colours.append(UInt8(colour >> shift & 0xff)) }
      }
      let places = isOpaque ? [0, 1, 2] : [0, 1, 2, 3]
      return try frame.spread(colours, places, step: 4, as: isOpaque ? "rgb24" : "rgba")
    default: break
    }
    throw FFmpegError(
      invalid: "decode a PNG image", detail: "it decodes to \(frame.pixelFormat.name)")
  }
}

extension Frame {
  /// Whether the last row of the only plane of pixels is all zeros.
  fileprivate var endsInZeros: Bool {
    guard let data = av.pointee.data.0, height > 0 else { return true }
    let width = Int(av_image_get_linesize(pixelFormat.av, av.pointee.width, 0))
    let row = data + (height - 1) * Int(av.pointee.linesize.0)
    return (0..<width).allSatisfy { row[$0] == 0 }
  }

  /// 0xAARRGGBB each.
  fileprivate var palette: [UInt32]? {
    av.pointee.data.1?.withMemoryRebound(to: UInt32.self, capacity: 256) { colours in
      (0..<256).map { colours[$0] }
    }
  }

  /// A picture of the same size: of every `step` bytes of `samples`, those at `places`.
  fileprivate func spread(
    _ samples: [UInt8], _ places: [Int], step: Int, as format: String
  ) throws(FFmpegError) -> Frame {
    let count = width * height
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: count * places.count, alignment: 16)
    defer { buffer.deallocate() }
    for pixel in 0..<count {
      for (index, place) in places.enumerated() {
        buffer[pixel * places.count + index] = samples[pixel * step + place]
      }
    }
    return try Frame(
      width: width, height: height, pixelFormat: PixelFormat(name: format)!,
      bytes: UnsafeRawBufferPointer(buffer))
  }
}
