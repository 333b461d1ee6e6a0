import Foundation
import TestSupport
import Testing

/// A contact sheet of pictures of one size, as `ffmpeg` reads it: rgb24.
struct SheetPicture {
  static let margin = 24
  static let gap = 16
  static let titleHeight = 40

  let width: Int
  let height: Int
  private let bytes: Data

  init(_ path: String) throws {
    width = try #require(Int(Media(path).stream("v:0", "width")))
    height = try #require(Int(Media(path).stream("v:0", "height")))
    bytes = try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", path, "-pix_fmt", "rgb24", "-f", "rawvideo", "-",
    ]).standardOutput
  }

  /// How far the picture in a column of the first row is from what `ffmpeg` makes of a frame, per
  /// byte and on average.
  func distance(
    column: Int, from clip: String, frame: Int, graph: String = "null", size: (Int, Int)
  ) throws -> Double {
    let flags = "flags=bicubic+accurate_rnd+bitexact+full_chroma_int"
    let theirs = try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", clip, "-vf",
      "select=eq(n\\,\(frame)),\(graph),scale=\(size.0):\(size.1):\(flags)", "-frames:v", "1",
      "-pix_fmt", "rgb24", "-f", "rawvideo", "-",
    ]).standardOutput
    let ours = (0..<size.1).flatMap { row in
      let line = (Self.margin + Self.titleHeight + row) * width
      let start = (line + Self.margin + column * (size.0 + Self.gap)) * 3
      return bytes[start..<start + size.0 * 3]
    }
    #expect(theirs.count == ours.count)
    let sum = zip(ours, theirs).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(ours.count)
  }
}
