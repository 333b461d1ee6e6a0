import FFmpeg
import Foundation
import Git2
public import VidgitModel

/// Prints the timeline of a revision in the forms that other programs read.
///
/// The text is handed out in pieces, one shard in memory at a time.
public struct TextExport {
  public enum Form: String, CaseIterable, Sendable {
    /// One JSON document with absolute times.
    case manifest
    /// FFmpeg's framehash, version 2.
    case framehash
    /// Timecode format v2: the start of every frame in milliseconds.
    case timecodes
  }

  private let repository: VideoRepository
  private let revision: Revision
  private let frames: Range<Int>
  private let form: Form

  /// - Throws: `VidgitError`: not found for an unknown revision, usage for a range outside it.
  public init(
    _ form: Form, directory: String, revision spec: String, range: RangeExpression?
  ) throws {
    self.form = form
    repository = try VideoRepository.open(at: directory)
    revision = try repository.revision(spec)
    frames = try Selection(range: range, frames: nil, of: repository, revision).runs[0]
  }

  /// Writes the text piece by piece.
  public func run(_ write: (String) throws -> Void) throws {
    try write(opening)
    var lines = TimelineCursor(repository, revision).lines(in: frames)
    var text = ""
    var isFirst = true
    while let (start, line) = try lines.next() {
      switch form {
      case .manifest: text += (isFirst ? "\n" : ",\n") + manifestEntry(line, start)
      case .framehash: text += framehashLine(line, start)
      case .timecodes: text += timecode(start) + "\n"
      }
      isFirst = false
      if text.utf8.count > 1 << 18 {
        try write(text)
        text = ""
      }
    }
    try write(text + (form == .manifest ? "\n]}\n" : ""))
  }

  private var opening: String {
    switch form {
    case .timecodes: return "# timecode format v2\n"
    case .framehash: return framehashHeader
    case .manifest:
      var fields: JSONObject = [
        "commit": .string(revision.commit.hex), "video": revision.header.json,
      ]
      fields["media"] = .object(
        JSONObject(
          revision.media.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: $0.value.json) }
        ))
      let text = String(decoding: JSONValue.object(fields).compact(), as: UTF8.self)
      return text.dropLast() + ",\"frames\":["
    }
  }
}

extension TextExport {
  /// The line of the frame with its number's place in time: `start` in ticks and `time` in seconds.
  private func manifestEntry(_ line: FrameLine, _ start: Int64) -> String {
    var bytes: [UInt8] = []
    line.encode(into: &bytes)
    let text = String(decoding: bytes, as: UTF8.self).trimmingSuffix("\n")
    return "{\"start\":\(start),\"time\":\(seconds(start, places: 6))," + text.dropFirst()
  }

  private var framehashHeader: String {
    let header = revision.header
    let aspect = header.sampleAspectRatio
    return """
      #format: frame checksums
      #version: 2
      #hash: SHA256
      #software: vidgit
      #tb 0: \(header.timebase.num)/\(header.timebase.den)
      #media_type 0: video
      #codec_id 0: rawvideo
      #dimensions 0: \(header.width)x\(header.height)
      #sar 0: \(aspect.num)/\(aspect.den)
      #stream#, dts,        pts, duration,     size, hash

      """
  }

  /// `%d, %10lld, %10lld, %8lld, %8d, %s` of libavformat's framehash muxer.
  private func framehashLine(_ line: FrameLine, _ start: Int64) -> String {
    func padded(_ number: some BinaryInteger, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: " ", count: max(0, width - digits.count)) + digits
    }
    let shape = line.shape(in: revision.header)
    let size =
      PixelFormat(name: shape.pixelFormat)?.byteCount(width: shape.width, height: shape.height) ?? 0
    let pts = revision.header.start + start
    return "0, \(padded(pts, 10)), \(padded(pts, 10)), \(padded(line.dur, 8)), "
      + "\(padded(size, 8)), \(line.hash.hex)\n"
  }

  /// Milliseconds with as many decimals as the timebase needs, six at most.
  private func timecode(_ start: Int64) -> String {
    let timebase = revision.header.timebase
    let millionths = Int128(start) * Int128(timebase.num) * 1_000_000_000 / Int128(timebase.den)
    return decimal(millionths, places: 6)
  }

  private func seconds(_ ticks: Int64, places: Int) -> String {
    let timebase = revision.header.timebase
    return decimal(
      Int128(ticks) * Int128(timebase.num) * 1_000_000 / Int128(timebase.den), places: places)
  }

  /// `value` / 10^places without trailing zeros.
  private func decimal(_ value: Int128, places: Int) -> String {
    let unit = (0..<places).reduce(Int128(1)) { unit, _ in unit * 10 }
    let fraction = String(value % unit)
    let digits = String(repeating: "0", count: places - fraction.count) + fraction
    let kept = digits.trimmingSuffix("0")
    return kept.isEmpty ? String(value / unit) : "\(value / unit).\(kept)"
  }
}

extension TextExport {
  /// Writes the text to a file, which appears whole or not at all.
  public func write(to path: String) throws {
    try OutputFile.write(path, of: repository) { try run($0) }
  }
}
