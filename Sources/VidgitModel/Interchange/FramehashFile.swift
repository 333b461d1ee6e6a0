/// The hashes of a video stream as FFmpeg's `framehash` muxer writes them, version 2.
public struct FramehashFile: Hashable, Sendable {
  /// One for each frame, in order.
  public let hashes: [Digest]

  /// - Throws: with the line and the reason: another version or hash, a line that is none.
  public init(parsing text: String, file: String) throws(ModelError) {
    let hint = "make one with `ffmpeg -i VIDEO -an -fps_mode passthrough -f framehash -hash sha256`"
    var video: Substring?
    var digests: [Digest] = []
    var number = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      if line.isEmpty { continue }
      if line.hasPrefix("#") {
        let parts = line.dropFirst().split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { continue }
        let value = parts[1].drop { $0 == " " }
        if parts[0] == "version", value != "2" {
          throw ModelError(file, line: number, reason: "is of version \(value), not 2", hint: hint)
        }
        if parts[0] == "hash", value != "SHA256" {
          throw ModelError(
            file, line: number, reason: "has \(value) hashes, and frames are named by SHA256",
            hint: hint)
        }
        if parts[0].hasPrefix("media_type "), value == "video", video == nil {
          video = parts[0].dropFirst("media_type ".count)
        }
        continue
      }
      let fields = line.split(separator: ",").map { $0.drop { $0 == " " } }
      guard fields.count >= 6, Int64(fields[2]) != nil, let digest = Digest(hex: String(fields[5]))
      else {
        throw ModelError(
          file, line: number,
          reason: "is not 'stream, dts, pts, duration, size, sha256'", hint: hint)
      }
      if fields[0] == video ?? "0" { digests.append(digest) }
    }
    guard !digests.isEmpty else {
      throw ModelError(file, reason: "holds no frame of a video stream", hint: hint)
    }
    hashes = digests
  }
}
