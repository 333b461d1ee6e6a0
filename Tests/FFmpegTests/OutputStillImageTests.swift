import Foundation
import TestSupport
import Testing

@testable import FFmpeg

@Suite struct OutputStillImageTests {
  private func write(_ bytes: [UInt8], _ ending: String) throws -> (TemporaryFolder, String) {
    let folder = try TemporaryFolder()
    return (folder, try folder.write(Data(bytes), to: "picture.\(ending)"))
  }

  @Test(arguments: [
    ("rgb24", "rgb24"), ("rgba", "rgba"), ("rgb48be", "rgb48be"), ("gray", "gray"),
    ("gray16be", "gray16be"), ("pal8", "pal8"), ("monob", "monob"), ("ya8", "ya8"),
  ])
  func pngKeepsWhatItCan(_ format: String, _ expected: String) throws {
    let clip = try RawClip(format, width: 35, height: 21)
    var colour = Colour()
    colour.range = "pc"
    let png = try StillImage.encode(clip.frame().with(colour: colour), format: .png)
    let (folder, path) = try write(png, "png")
    #expect(try Tool.ffprobe.entries("stream=pix_fmt", of: path) == [expected])
    #expect(try Tool.ffmpeg.framehash(["-i", path]).hashes == [clip.hash()])
    withExtendedLifetime(folder) {}
  }

  @Test(arguments: [("bt709", "tv"), ("smpte170m", "pc")])
  func pngOfYUVFollowsTheColours(_ matrix: String, _ range: String) throws {
    let clip = try RawClip("yuv420p10le")
    let frame = try clip.frame().with(colour: Colour(range: range, matrix: matrix))
    let (folder, path) = try write(StillImage.encode(frame, format: .png), "png")
    #expect(try Tool.ffprobe.entries("stream=pix_fmt", of: path) == ["rgb48be"])
    let expected = try Tool.ffmpeg.framehash(
      [
        "-f", "rawvideo", "-pix_fmt", "yuv420p10le", "-video_size", "96x64", "-i", "-", "-vf",
        "scale=in_color_matrix=\(matrix):in_range=\(range):flags=\(FrameHash.exactScaler),"
          + "format=rgb48be",
      ], input: clip.pictures[0])
    #expect(try Tool.ffmpeg.framehash(["-i", path]).hashes == expected.hashes)
    withExtendedLifetime(folder) {}
  }

  @Test(arguments: [
    ("yuv420p", "yuvj420p"), ("yuv422p", "yuvj422p"), ("rgb24", "yuvj444p"), ("gray", "yuvj420p"),
  ])
  func jpegIsFullRangeAndLooksTheSame(_ format: String, _ expected: String) throws {
    let clip = try RawClip(format)
    let frame = try clip.frame().with(colour: Colour(range: "tv", matrix: "bt709"))
    let (folder, path) = try write(StillImage.encode(frame, format: .jpg, quality: 100), "jpg")
    #expect(
      try Tool.ffprobe.entries("stream=codec_name,pix_fmt", of: path) == ["mjpeg,\(expected)"])
    try expectLikeness(path, to: frame, of: 30)
    withExtendedLifetime(folder) {}
  }

  @Test(arguments: [("yuv420p", 90), ("rgb24", 100), ("yuva420p", 90)])
  func webpLooksTheSame(_ format: String, _ quality: Int) throws {
    let frame = try RawClip(format).frame().with(colour: Colour(range: "tv", matrix: "bt709"))
    let webp = try StillImage.encode(frame, format: .webp, quality: quality)
    let (folder, path) = try write(webp, "webp")
    if quality == 100 {
      let decoded = try Tool.ffmpeg.succeed([
        "-v", "error", "-i", path, "-pix_fmt", "rgb24", "-f", "rawvideo", "-",
      ])
      #expect(decoded.standardOutput == frame.bytes)
    } else {
      try expectLikeness(path, to: frame, of: 22)
    }
    withExtendedLifetime(folder) {}
  }

  @Test func qualityCounts() throws {
    let frame = try RawClip("yuv420p").frame()
    let sizes = try [20, 60, 100].map {
      try StillImage.encode(frame, format: .jpg, quality: $0).count
    }
    #expect(sizes == sizes.sorted() && sizes[0] < sizes[2])
  }

  /// Decodes `path` to RGB and asks for a peak signal to noise ratio of `decibels` against `frame`.
  private func expectLikeness(_ path: String, to frame: Frame, of decibels: Double) throws {
    var scaler = Scaler()
    let rgb = try #require(PixelFormat(name: "rgb24"))
    let expected = try scaler.convert(frame, to: rgb).bytes
    let decoded = try Tool.ffmpeg.succeed([
      "-v", "error", "-i", path, "-vf",
      "scale=in_color_matrix=smpte170m:flags=\(FrameHash.exactScaler),format=rgb24", "-f",
      "rawvideo", "-",
    ]).standardOutput
    try #require(decoded.count == expected.count)
    let error =
      zip(decoded, expected).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
      / Double(expected.count)
    #expect(10 * log10(255 * 255 / max(error, 1e-9)) > decibels)
  }
}
