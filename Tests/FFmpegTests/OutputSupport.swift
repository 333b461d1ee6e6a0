import Foundation
import TestSupport
import Testing

@testable import FFmpeg

/// Frames of a moving test picture, made by the real `ffmpeg`.
struct RawClip {
  let width: Int
  let height: Int
  let pixelFormat: PixelFormat
  let pictures: [Data]

  init(
    _ pixelFormat: String = "yuv420p", width: Int = 96, height: Int = 64, count: Int = 1,
    graph: String? = nil
  ) throws {
    self.width = width
    self.height = height
    self.pixelFormat = try #require(PixelFormat(name: pixelFormat))
    // The source makes even sizes of some width only.
    let source = "testsrc2=size=\(width + 96)x\(height + 64):rate=25"
    let crop = "format=gbrp,crop=\(width):\(height):20:10:exact=1,"
    let all = try Tool.ffmpeg.succeed([
      "-v", "error", "-f", "lavfi", "-i", source, "-frames:v", "\(count)",
      "-vf", crop + (graph.map { $0 + "," } ?? "") + "format=\(pixelFormat)",
      "-f", "rawvideo", "-",
    ]).standardOutput
    let size = all.count / count
    pictures = (0..<count).map { all.dropFirst($0 * size).prefix(size) }
    try #require(size > 0)
  }

  func frame(_ index: Int = 0, pts: Int64 = 0, duration: Int64 = 0) throws -> Frame {
    try pictures[index].withUnsafeBytes {
      try Frame(width: width, height: height, pixelFormat: pixelFormat, bytes: $0)
    }.with(pts: pts, duration: duration)
  }

  /// What `ffmpeg -f framehash` says of a picture's bytes.
  func hash(_ index: Int = 0) throws -> String {
    try Tool.ffmpeg.framehash(
      [
        "-f", "rawvideo", "-pix_fmt", pixelFormat.name, "-video_size", "\(width)x\(height)", "-i",
        "-",
      ], input: pictures[index]
    ).hashes[0]
  }
}

extension Frame {
  var bytes: Data {
    var data = Data()
    forEachRun { data.append(contentsOf: $0) }
    return data
  }
}

extension Tool {
  /// Decodes an input to SHA-256 of every frame.
  func framehash(_ input: [String], input bytes: Data = Data()) throws -> FrameHash {
    let arguments = [
      "-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "framehash", "-hash", "sha256", "-",
    ]
    let result = try run(["-v", "error"] + input + arguments, input: bytes)
    guard result.status == 0 else { throw TestSupportError(result.snapshot) }
    return try FrameHash(parsing: result.output)
  }

  /// One line a thing: the values of `entries`, comma separated.
  func entries(_ entries: String, of path: String, _ more: [String] = []) throws -> [String] {
    try succeed(
      ["-v", "error"] + more + ["-show_entries", entries, "-of", "csv=p=0", path]
    ).lines
  }
}

extension Muxer {
  /// Encodes frames into one video stream and ends the file.
  static func writeVideo(
    _ frames: [Frame], to path: String, _ settings: VideoEncoderSettings, timebase: Ratio,
    prepare: (inout VideoShape) -> Void = { _ in }
  ) throws {
    let format = try ContainerFormat(endingOf: path)
    var shape = VideoShape(
      width: frames[0].width, height: frames[0].height, sourceFormat: frames[0].pixelFormat,
      timebase: timebase)
    prepare(&shape)
    var encoder = try VideoEncoder(settings, for: shape, globalHeader: format.needsGlobalHeaders)
    var muxer = try Muxer(path: path, format: format, bitexact: settings.bitexact)
    let stream = try muxer.addStream(encoder)
    try muxer.writeHeader()
    var scaler = Scaler()
    for frame in frames {
      try encoder.send(scaler.convert(frame, to: encoder.pixelFormat))
      while let packet = try encoder.receive() {
        try muxer.write(packet, to: stream, timebase: timebase)
      }
    }
    try encoder.finish()
    while let packet = try encoder.receive() {
      try muxer.write(packet, to: stream, timebase: timebase)
    }
    try muxer.finish()
  }
}
