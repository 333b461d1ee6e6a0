import Foundation
import TestSupport
import Testing

@testable import FFmpeg

@Suite struct OutputFrameFileTests {
  static let formats = [
    "yuv420p", "yuvj420p", "yuvj422p", "yuv422p", "yuv444p", "yuv410p", "yuv420p10le",
    "yuv422p10le", "yuv444p12le", "yuv420p16le", "nv12", "nv21", "gray",
    "gray10le", "gray12le", "gray16le", "gray16be", "ya8", "rgb24", "bgr24", "rgba",
    "bgra", "argb", "abgr", "bgr0", "0rgb", "rgb565le", "rgb48le", "rgb48be", "rgba64le", "gbrp",
    "gbrp10le", "gbrp16le", "gbrap", "gbrap16le", "yuva420p", "yuva444p10le", "pal8", "monob",
    "monow", "yuyv422", "uyvy422", "xyz12le",
  ]

  @Test(arguments: formats, [(96, 64), (35, 21), (1, 1), (363, 291)])
  func keepsEveryBit(_ format: String, _ size: (Int, Int)) throws {
    let clip = try RawClip(format, width: size.0, height: size.1)
    let frame = try clip.frame()
    let file = try FrameFile.encode(frame)
    let folder = try TemporaryFolder()
    let path = try folder.write(Data(file), to: "frame")
    let lines = try Tool.ffmpeg.framehash(["-i", path])
    #expect(lines.hashes == [try clip.hash()])
    let twin = try #require(PixelFormat(name: format)).withoutImpliedRange.name
    #expect(
      try Tool.ffprobe.entries("stream=width,height,pix_fmt", of: path) == [
        "\(size.0),\(size.1),\(twin)"
      ])
  }

  @Test func keepsBitsAboveTheDepth() throws {
    // FFV1 would drop them.
    let clip = try RawClip("yuv420p10le")
    var bytes = clip.pictures[0]
    bytes[bytes.startIndex + 1] |= 0x80
    let frame = try bytes.withUnsafeBytes {
      try Frame(width: 96, height: 64, pixelFormat: clip.pixelFormat, bytes: $0)
    }
    let folder = try TemporaryFolder()
    let path = try folder.write(Data(FrameFile.encode(frame)), to: "frame")
    let decoded = try Tool.ffmpeg.succeed(["-v", "error", "-i", path, "-f", "rawvideo", "-"])
    #expect(decoded.standardOutput == bytes)
  }

  @Test func isTheSameForTheSamePixels() throws {
    let clip = try RawClip("yuv422p")
    let plain = try FrameFile.encode(clip.frame())
    var colour = Colour()
    colour.range = "pc"
    let tagged = try clip.frame(pts: 77, duration: 3).with(colour: colour)
    #expect(try FrameFile.encode(tagged) == plain)
  }

  @Test(arguments: ["p010le", "ya16le", "gbrpf32le"])
  func refusesWhatNoFileHolds(_ format: String) throws {
    let frame = try RawClip(format).frame()
    let error = #expect(throws: FFmpegError.self) { try FrameFile.encode(frame) }
    #expect(error?.description.contains(format) == true)
  }
}
