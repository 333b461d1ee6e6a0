import Foundation
import TestSupport
import Testing

@testable import FFmpeg

@Suite struct OutputEncoderTests {
  static let quick: [VideoEncoderSettings] = VideoCodec.allCases.filter {
    // An animation in WebP is one packet.
    $0.encoder != nil && $0 != .webp
  }.map {
    var settings = VideoEncoderSettings(codec: $0)
    settings.threads = 1
    settings.bitexact = true
    switch $0 {
    case .h264, .hevc: settings.preset = "ultrafast"
    case .av1: settings.preset = settings.codec.encoder == "libsvtav1" ? "10" : nil
    case .vp9: settings.options = ["cpu-used": "8"]
    default: break
    }
    return settings
  }

  /// Times of no fixed rate.
  static let times: [(pts: Int64, duration: Int64)] = [
    (0, 40), (40, 33), (73, 100), (173, 7), (180, 500), (680, 41),
  ]

  @Test(arguments: quick)
  func keepsTimesAndDurations(_ settings: VideoEncoderSettings) throws {
    let clip = try RawClip("yuv420p", width: 128, height: 128, count: Self.times.count)
    let timebase = Ratio(1, 1000)
    let shape = VideoShape(
      width: 128, height: 128, sourceFormat: clip.pixelFormat, timebase: timebase)
    var encoder = try VideoEncoder(settings, for: shape, globalHeader: false)
    let chosen = try VideoEncoder.choose(settings, for: clip.pixelFormat)
    let (name, pixelFormat) = (encoder.name, encoder.pixelFormat)
    #expect(chosen.encoder == name)
    #expect(chosen.pixelFormat == pixelFormat)
    var scaler = Scaler()
    var packets: [Packet] = []
    for (index, time) in Self.times.enumerated() {
      let frame = try clip.frame(index, pts: time.pts, duration: time.duration)
      try encoder.send(scaler.convert(frame, to: encoder.pixelFormat))
      while let packet = try encoder.receive() { packets.append(packet) }
    }
    let early = encoder.isDrained
    try encoder.finish()
    while let packet = try encoder.receive() { packets.append(packet) }
    let late = encoder.isDrained
    #expect(!early && late)
    packets.sort { $0.pts! < $1.pts! }
    #expect(packets.map(\.pts) == Self.times.map(\.pts))
    #expect(packets.map(\.duration) == Self.times.map(\.duration))
    #expect(packets[0].isKey)
  }

  @Test(arguments: [
    ("h264", "rgb24", "yuv444p"), ("h264", "yuv420p10le", "yuv420p10le"),
    ("hevc", "yuv422p12le", "yuv422p12le"), ("prores", "yuv420p", "yuv422p10le"),
    ("ffv1", "rgb24", "bgr0"), ("mjpeg", "yuv422p", "yuvj422p"), ("rawvideo", "nv12", "nv12"),
    ("gif", "yuv420p", "bgr8"), ("prores", "yuva444p", "yuva444p10le"), ("vp9", "gbrp", "gbrp"),
  ])
  func picksThePixelFormatOfFFmpeg(_ codec: String, _ source: String, _ expected: String) throws {
    let settings = VideoEncoderSettings(codec: try #require(VideoCodec(rawValue: codec)))
    let format = try #require(PixelFormat(name: source))
    #expect(try VideoEncoder.choose(settings, for: format).pixelFormat.name == expected)
  }

  @Test func refusesWhatTheEncoderLacks() throws {
    func open(_ change: (inout VideoEncoderSettings) -> Void, _ codec: VideoCodec) -> FFmpegError? {
      var settings = VideoEncoderSettings(codec: codec)
      change(&settings)
      let shape = VideoShape(
        width: 64, height: 64, sourceFormat: PixelFormat(name: "yuv420p")!,
        timebase: Ratio(1, 25))
      do throws(FFmpegError) {
        _ = try VideoEncoder(settings, for: shape, globalHeader: false)
        return nil
      } catch {
        return error
      }
    }
    #expect(open({ $0.crf = 20 }, .prores)?.description.contains("prores_ks has no crf") == true)
    #expect(open({ $0.preset = "fast" }, .ffv1)?.description.contains("ffv1 has no preset") == true)
    #expect(open({ $0.bitrate = 9 }, .png)?.description.contains("png has no bitrate") == true)
    #expect(
      open({ $0.options = ["nonsense": "1"] }, .h264)?.description.contains("nonsense") == true)
    #expect(open({ $0.preset = "hasty" }, .h264)?.description.contains("hasty") == true)
    #expect(
      open({ $0.pixelFormat = PixelFormat(name: "pal8") }, .h264)?.description
        .contains("yuv420p") == true)
    let missing = open({ $0.encoder = "libnothing" }, .h264)
    #expect(missing?.description.contains("looked for libnothing") == true)
    #expect(open({ _ in }, .prores) == nil)
  }

  @Test func refusesFramesThatDoNotFit() throws {
    let clip = try RawClip("yuv420p", count: 2)
    let shape = VideoShape(
      width: 96, height: 64, sourceFormat: clip.pixelFormat, timebase: Ratio(1, 25))
    var encoder = try VideoEncoder(.init(codec: .ffv1), for: shape, globalHeader: false)
    try encoder.send(clip.frame(pts: 3))
    for bad in [
      try clip.frame(pts: 3), try RawClip("yuv420p", width: 32, height: 32).frame(pts: 4),
      try RawClip("gray").frame(pts: 4),
    ] {
      var refused = false
      do throws(FFmpegError) { try encoder.send(bad) } catch { refused = true }
      #expect(refused)
    }
  }

  @Test func qualityCounts() throws {
    let clip = try RawClip("yuv420p", count: 4)
    let sizes = try [10.0, 40.0].map { crf in
      let folder = try TemporaryFolder()
      var settings = VideoEncoderSettings(codec: .h264)
      settings.crf = crf
      let frames = try (0..<4).map { try clip.frame($0, pts: Int64($0), duration: 1) }
      try Muxer.writeVideo(frames, to: folder.file("a.mkv"), settings, timebase: Ratio(1, 25))
      return try FileManager.default.attributesOfItem(atPath: folder.file("a.mkv"))[.size] as! Int
    }
    #expect(sizes[0] > sizes[1] * 2)
  }
}
