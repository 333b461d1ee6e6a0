import Foundation
import TestSupport
import Testing

@testable import FFmpeg

@Suite struct OutputScalerTests {
  static let flags = FrameHash.exactScaler

  /// What the real `scale` filter makes of a picture.
  private func reference(
    _ clip: RawClip, _ graph: String, input: [String] = []
  ) throws -> Data {
    let result = try Tool.ffmpeg.run(
      [
        "-v", "error", "-f", "rawvideo", "-pix_fmt", clip.pixelFormat.name, "-video_size",
        "\(clip.width)x\(clip.height)",
      ] + input + ["-i", "-", "-vf", graph, "-f", "rawvideo", "-"], input: clip.pictures[0])
    guard result.status == 0 else { throw TestSupportError(result.snapshot) }
    return result.standardOutput
  }

  @Test(arguments: [
    ("yuv420p", "rgb24", 96, 64), ("yuv420p", "yuv420p", 63, 47), ("yuv420p", "yuv444p", 192, 128),
    ("rgb24", "yuv420p", 96, 64), ("yuv420p10le", "rgb48le", 96, 64), ("gbrp", "yuv444p", 96, 64),
    ("yuvj420p", "rgb24", 96, 64), ("yuv422p", "yuv420p10le", 50, 40), ("gray", "yuv420p", 96, 64),
    ("rgba", "yuva420p", 96, 64), ("nv12", "yuv420p", 96, 64), ("yuv420p", "gray", 96, 64),
    ("pal8", "rgba", 96, 64), ("gray", "gray", 40, 30), ("gray16le", "yuv444p16le", 96, 64),
    ("monob", "gray", 96, 64),
  ])
  func doesWhatTheScaleFilterDoes(_ from: String, _ to: String, _ width: Int, _ height: Int) throws
  {
    let clip = try RawClip(from)
    var scaler = Scaler()
    let target = try #require(PixelFormat(name: to))
    let scaled = try scaler.convert(clip.frame(), to: target, width: width, height: height)
    let expected = try reference(
      clip, "scale=\(width):\(height):flags=\(Self.flags),format=\(to)", input: [])
    #expect(scaled.bytes == expected)
  }

  @Test(arguments: ["bt709", "smpte170m", "bt2020nc"], ["tv", "pc"])
  func followsMatrixAndRange(_ matrix: String, _ range: String) throws {
    let clip = try RawClip("yuv420p")
    var scaler = Scaler()
    let frame = try clip.frame().with(colour: Colour(range: range, matrix: matrix))
    let rgb = try #require(PixelFormat(name: "rgb24"))
    let scaled = try scaler.convert(frame, to: rgb)
    let expected = try reference(
      clip, "scale=in_color_matrix=\(matrix):in_range=\(range):flags=\(Self.flags),format=rgb24")
    #expect(scaled.bytes == expected)
    #expect(scaled.colour.matrix == "gbr")
    #expect(scaled.colour.range == "pc")
  }

  @Test func keepsTheRangeOfYUV() throws {
    var scaler = Scaler()
    let clip = try RawClip("yuv420p")
    let frame = try clip.frame().with(colour: Colour(range: "pc", matrix: "bt709"))
    let scaled = try scaler.convert(frame, to: clip.pixelFormat, width: 48, height: 32)
    #expect(
      try scaled.bytes
        == reference(clip, "scale=48:32:in_range=pc:out_range=pc:flags=\(Self.flags)"))
    #expect(scaled.colour.range == "pc")
    #expect(scaled.colour.matrix == "bt709")
  }

  @Test func doesNothingWhereNothingIsToDo() throws {
    var scaler = Scaler()
    let frame = try RawClip("yuv420p").frame()
    #expect(try scaler.convert(frame, to: frame.pixelFormat) === frame)
  }

  @Test(arguments: [
    ("yuv420p", 200, 64, 96, 64, 52, 0), ("yuv420p", 96, 100, 96, 64, 0, 18),
    ("rgb24", 128, 64, 96, 64, 16, 0), ("gray", 100, 64, 96, 64, 2, 0),
    ("yuv422p", 64, 64, 64, 43, 0, 10), ("nv12", 200, 100, 150, 100, 24, 0),
    ("yuyv422", 112, 64, 96, 64, 8, 0),
  ])
  func fits(
    _ format: String, _ width: Int, _ height: Int, _ innerWidth: Int, _ innerHeight: Int, _ x: Int,
    _ y: Int
  ) throws {
    var scaler = Scaler()
    let clip = try RawClip(format)
    // Grey is full range unless it says otherwise, which the `pad` filter does not know.
    let frame = try clip.frame(pts: 5, duration: 2).with(colour: Colour(range: "tv"))
    let fitted = try scaler.fit(
      frame, width: width, height: height, pixelFormat: clip.pixelFormat)
    let expected = try reference(
      clip,
      "scale=\(innerWidth):\(innerHeight):flags=\(Self.flags),format=\(format),"
        + (format == "yuyv422" ? "scale=flags=\(Self.flags),format=yuv422p," : "")
        + "pad=\(width):\(height):\(x):\(y):black,format=\(format)")
    #expect(fitted.bytes == expected)
    #expect(fitted.pts == 5)
    #expect(fitted.duration == 2)
  }

  @Test func fitsByTheShapeOfPixels() throws {
    var scaler = Scaler()
    let clip = try RawClip("gray", width: 90, height: 64)
    let frame = try clip.frame().with(sampleAspectRatio: Ratio(2, 1))
      .with(colour: Colour(range: "tv"))
    // 180x64 as shown, in square pixels.
    let fitted = try scaler.fit(frame, width: 90, height: 64, pixelFormat: clip.pixelFormat)
    let rows = fitted.bytes.indices.filter { fitted.bytes[$0] != 16 }.map { $0 / 90 }
    #expect(rows.min() == 16)
    #expect(rows.max() == 47)
    #expect(fitted.sampleAspectRatio == Ratio(1, 1))
  }

  @Test func fitsPixelsOfAnyShape() throws {
    var scaler = Scaler()
    let clip = try RawClip("gray")
    func rows(_ own: Ratio, _ target: Ratio, width: Int = 48, height: Int = 32) throws -> Int {
      let frame = try clip.frame().with(colour: Colour(range: "tv"), sampleAspectRatio: own)
      let fitted = try scaler.fit(
        frame, width: width, height: height, pixelFormat: clip.pixelFormat,
        sampleAspectRatio: target)
      #expect(fitted.width == width && fitted.height == height)
      return Set(fitted.bytes.indices.filter { fitted.bytes[$0] != 16 }.map { $0 / width }).count
    }
    let strange = Ratio(2_147_483_647, 2_147_483_646)
    #expect(try rows(strange, strange) == 32)
    #expect(try rows(strange, Ratio(1, 1)) == 32)
    // As flat and as narrow as can be: one pixel is left.
    #expect(try rows(Ratio(.max, 1), Ratio(1, .max)) == 1)
    #expect(try rows(Ratio(1, .max), Ratio(.max, 1)) <= 32)
  }

  @Test func keepsTheShapeOfWhatIsStretchedFar() {
    #expect(Ratio(Ratio(4, 3).scaled(width: (100, 50), height: (30, 30))) == Ratio(8, 3))
    // 2^31 times 2^20 times 2^14.
    let far = Ratio(Ratio(.max, .max - 1).scaled(width: (1 << 20, 1), height: (1, 1 << 14)))
    #expect(far == Ratio(.max, 1))
  }
}
