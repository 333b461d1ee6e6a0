import FFmpeg
import VidgitModel

/// Finds frames of one medium by their timestamps, reading forward where it can.
///
/// Not `Sendable`, and a class only so that a source can keep one for each medium.
final class MediaCursor {
  private let path: String
  private let options: VideoReader.Options
  private let seeks: Bool
  private var reader: VideoReader
  private var last: Frame?

  /// Reading on is cheaper than seeking for gaps up to this many seconds.
  private static let longestWalk: Int64 = 5

  /// - Parameter seeks: false for a damaged medium, whose frames depend on all that was decoded
  ///   before them.
  init(path: String, options: VideoReader.Options, seeks: Bool = true) throws {
    self.path = path
    self.options = options
    self.seeks = seeks
    reader = try VideoReader(path: path, options: options)
  }

  /// The frame at `pts`, whose pixels hash to `expected` where it could only be found by a seek.
  ///
  /// nil where the medium has no such frame. A seek that lands wrong is made good by reading from
  /// the start.
  func frame(at pts: Int64, expected: Digest) throws -> Frame? {
    if let last, last.pts == pts { return last }
    guard seeks else {
      if let position = last?.pts, position > pts { return try fromStart(pts) }
      return try walk(to: pts)
    }
    guard needsSeek(to: pts) else { return try walk(to: pts) ?? fromStart(pts) }
    try reader.seek(before: pts)
    if let frame = try walk(to: pts), frame.digest == expected { return frame }
    return try fromStart(pts)
  }

  /// Whether `pts` lies behind what was read last, or so far ahead that a seek pays.
  private func needsSeek(to pts: Int64) -> Bool {
    let timebase = reader.stream.timebase
    let walk = Ratio(1, 1).rescale(Self.longestWalk, to: timebase)
    guard let position = last?.pts ?? reader.stream.startTime else { return false }
    return pts < position || pts - position > walk
  }

  private func walk(to pts: Int64) throws -> Frame? {
    while let frame = try reader.next() {
      last = frame
      guard let time = frame.pts, time < pts else { return frame.pts == pts ? frame : nil }
    }
    return nil
  }

  private func fromStart(_ pts: Int64) throws -> Frame? {
    reader = try VideoReader(path: path, options: options)
    last = nil
    return try walk(to: pts)
  }
}
