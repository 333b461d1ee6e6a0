import Foundation

/// The lines of FFmpeg's framehash format, version 2: what `-f framehash` and `vidgit export framehash` write.
///
/// What was measured of FFmpeg 5.1 and matters when two of them are compared:
/// - Without `-enc_time_base -1` the times are in ticks of the average frame rate, rounded, and useless for
///   variable rates. With it they are in the stream's timebase.
/// - The program subtracts the container's start time from all times, so only times relative to the first
///   frame can be compared.
/// - The duration column is one tick of the average rate, not the time until the next frame: compare
///   differences of pts instead, and the last duration with `FrameTimes`.
/// - `#software` names the version: never compare it.
public struct FrameHash: Sendable, Equatable {
  public struct Line: Sendable, Equatable, CustomStringConvertible {
    public var stream: Int
    public var dts: Int64
    public var pts: Int64
    public var duration: Int64
    /// Bytes of the frame without padding.
    public var size: Int
    /// Lower case hexadecimal digits.
    public var hash: String

    public var description: String { "\(stream), \(dts), \(pts), \(duration), \(size), \(hash)" }
  }

  /// The header's keys with their values: "tb 0" to "1/12800", "dimensions 0" to "160x120".
  public var header: [String: String] = [:]
  public var lines: [Line] = []

  /// The timebase of stream 0 as numerator and denominator.
  public var timebase: (Int64, Int64)? {
    guard let parts = header["tb 0"]?.split(separator: "/").compactMap({ Int64($0) }),
      parts.count == 2
    else { return nil }
    return (parts[0], parts[1])
  }

  public var hashes: [String] { lines.map(\.hash) }

  /// Seconds from the first frame to each, as exact fractions in lowest terms: [num, den].
  public var relativeTimes: [[Int64]] {
    guard let (num, den) = timebase, let first = lines.first?.pts else { return [] }
    return lines.map { Self.reduced(($0.pts - first) * num, den) }
  }

  /// Reads the text; a line that does not fit throws with its number.
  public init(parsing text: String) throws {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty {
      if line.hasPrefix("#") {
        let parts = line.dropFirst().split(separator: ":", maxSplits: 1)
        if parts.count == 2 {
          header[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        continue
      }
      let fields = line.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      // Side data of packets follows the hash.
      guard fields.count >= 6, let stream = Int(fields[0]), let dts = Int64(fields[1]),
        let pts = Int64(fields[2]), let duration = Int64(fields[3]), let size = Int(fields[4])
      else { throw TestSupportError("line \(index + 1) is no framehash: '\(line)'") }
      lines.append(
        Line(
          stream: stream, dts: dts, pts: pts, duration: duration, size: size, hash: fields[5]))
    }
  }

  /// What the `ffmpeg` program says of one video stream.
  ///
  /// - Parameters:
  ///   - map: which one, "0:v:1"; nil for the one that the program picks.
  ///   - arguments: between the input and the output: `["-vf", graph]`, another `-map`.
  ///   - autoscale: when false, frames of another size than the first keep theirs.
  public static func ofFFmpeg(
    _ path: String, map: String? = nil, _ arguments: [String] = [], autoscale: Bool = false
  ) throws -> FrameHash {
    let result = try Tool.ffmpeg.succeed(
      ["-v", "error", "-nostdin", "-i", path]
        + (map.map { ["-map", $0] } ?? ["-an", "-sn", "-dn"])
        + arguments + [
          "-fps_mode", "passthrough", "-enc_time_base", "-1", "-autoscale", autoscale ? "1" : "0",
          "-f", "framehash", "-hash", "sha256", "-",
        ])
    return try FrameHash(parsing: result.output)
  }

  /// The flags that make libswscale give the same pixels on every machine.
  public static let exactScaler = "bitexact+accurate_rnd+full_chroma_int+bicubic"

  /// What the `ffmpeg` program makes of a graph with exact scalers, the inserted ones included.
  public static func ofFFmpeg(_ path: String, graph: String) throws -> FrameHash {
    try ofFFmpeg(path, ["-sws_flags", exactScaler, "-vf", graph])
  }

  static func reduced(_ num: Int64, _ den: Int64) -> [Int64] {
    var (a, b) = (num.magnitude, den.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    let divisor = Int64(max(a, 1))
    return [num / divisor, den / divisor]
  }
}

/// Times of frames as `ffprobe` sees them, in the stream's timebase and not moved to zero.
public struct FrameTimes: Sendable {
  public struct Frame: Sendable, Equatable {
    /// nil where the decoder could not tell.
    public var pts: Int64?
    /// As the container or the codec says; nil where it does not.
    public var duration: Int64?
  }

  public var frames: [Frame]

  /// All frames of one stream; `stream` is a specifier such as "v:0".
  public static func ofFFprobe(_ path: String, stream: String = "v:0") throws -> FrameTimes {
    // The entry was renamed in FFmpeg 5.1's successors; the unknown one is passed over.
    let result = try Tool.ffprobe.succeed([
      "-v", "error", "-select_streams", stream, "-show_entries",
      "frame=best_effort_timestamp,pkt_duration,duration", "-of", "default=noprint_wrappers=0",
      path,
    ])
    var frames: [Frame] = []
    for line in result.lines {
      if line == "[FRAME]" { frames.append(Frame()) }
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, !frames.isEmpty else { continue }
      switch parts[0] {
      case "best_effort_timestamp": frames[frames.count - 1].pts = Int64(parts[1])
      case "pkt_duration", "duration": frames[frames.count - 1].duration = Int64(parts[1])
      default: break
      }
    }
    return FrameTimes(frames: frames)
  }
}
