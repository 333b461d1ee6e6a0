import Foundation
import TestSupport
import Testing

/// What the real `ffprobe` says of a file.
struct Media {
  let path: String

  init(_ path: String) throws { self.path = path }

  func stream(_ specifier: String, _ key: String) throws -> String {
    try Tool.ffprobe.succeed([
      "-v", "error", "-select_streams", specifier, "-show_entries", "stream=\(key)", "-of",
      "csv=p=0", path,
    ]).output.split(separator: "\n").first.map(String.init)?
    .trimmingCharacters(in: CharacterSet(charactersIn: ",")) ?? ""
  }

  /// Hashes of the packets as they are, without decoding.
  func packetHashes(_ specifier: String) throws -> [String] {
    try FrameHash(
      parsing: Tool.ffmpeg.succeed([
        "-v", "error", "-nostdin", "-i", path, "-map", "0:\(specifier)", "-c", "copy", "-f",
        "framehash", "-hash", "sha256", "-",
      ]).output
    ).hashes
  }

  /// Seconds from the first picture to the first packet of sound, priming included: containers
  /// differ in whether their start time counts it.
  func soundOffset() throws -> Double {
    let sound = try Tool.ffprobe.succeed([
      "-v", "error", "-select_streams", "a:0", "-show_entries", "packet=pts_time", "-of",
      "csv=p=0", path,
    ]).lines.compactMap { Double($0.trimmingCharacters(in: CharacterSet(charactersIn: ","))) }
    let picture = try #require(try Double(stream("v:0", "start_time")))
    return try #require(sound.min()) - picture
  }

  /// When each decoded picture shows, in seconds.
  func pictureTimes() throws -> [Double] {
    try Tool.ffprobe.succeed([
      "-v", "error", "-select_streams", "v:0", "-show_entries", "frame=best_effort_timestamp_time",
      "-of", "csv=p=0", path,
    ]).lines.compactMap { Double($0.trimmingCharacters(in: CharacterSet(charactersIn: ","))) }
  }
}
