import Foundation
import TestSupport
import Testing

@testable import FFmpeg

@Suite struct OutputMuxerTests {
  static let times: [(pts: Int64, duration: Int64)] = [
    (0, 1001), (1001, 1001), (2002, 3003), (5005, 1001), (6006, 500), (6506, 1777),
  ]

  static func frames(_ clip: RawClip, start: Int64 = 0) throws -> [Frame] {
    try times.enumerated().map { index, time in
      try clip.frame(index, pts: time.pts + start, duration: time.duration)
    }
  }

  static func settings(_ codec: VideoCodec) -> VideoEncoderSettings {
    var settings = VideoEncoderSettings(codec: codec)
    settings.bitexact = true
    settings.threads = 1
    if codec == .h264 { settings.preset = "fast" }
    if codec == .vp9 { settings.options = ["cpu-used": "8"] }
    return settings
  }

  @Test(arguments: [("mov", VideoCodec.h264), ("mp4", .h264), ("mov", .prores), ("nut", .ffv1)])
  func keepsTimesExactly(_ ending: String, _ codec: VideoCodec) throws {
    let clip = try RawClip("yuv420p", count: 6)
    let folder = try TemporaryFolder()
    let path = folder.file("out.\(ending)")
    try Muxer.writeVideo(
      Self.frames(clip), to: path, Self.settings(codec), timebase: Ratio(1, 30000))
    let timebase = try timebase(of: path)
    let ticks = Ratio(1, 30000)
    let found = try FrameTimes.ofFFprobe(path).frames
    #expect(found.map { $0.pts.map { timebase.rescale($0, to: ticks) } } == Self.times.map(\.pts))
    // NUT has no place for the duration of a last frame.
    guard ending != "nut" else { return }
    let span = try #require(
      Tool.ffprobe.entries("stream=start_pts,duration_ts", of: path).first
    ).split(separator: ",").compactMap { Int64($0) }
    #expect(timebase.rescale(span.reduce(0, +), to: ticks) == 6506 + 1777)
    // With B-frames, the durations in the file are those between decoding times.
    if codec == .prores {
      #expect(
        found.map { $0.duration.map { timebase.rescale($0, to: ticks) } }
          == Self.times.map(\.duration))
    }
  }

  @Test(arguments: [("mkv", VideoCodec.h264), ("mkv", .ffv1), ("webm", .vp9)])
  func keepsTimesToTheMillisecond(_ ending: String, _ codec: VideoCodec) throws {
    let clip = try RawClip("yuv420p", count: 6)
    let folder = try TemporaryFolder()
    let path = folder.file("out.\(ending)")
    try Muxer.writeVideo(
      Self.frames(clip), to: path, Self.settings(codec), timebase: Ratio(1, 30000))
    let frames = try FrameTimes.ofFFprobe(path).frames
    #expect(frames.map(\.pts) == [0, 33, 67, 167, 200, 217])
    // The blocks tell no durations; the end of the last frame stands in the track's tags.
    #expect(
      try Tool.ffprobe.entries("stream_tags=DURATION", of: path) == ["00:00:00.276000000"])
  }

  @Test func saysWhatIsExact() throws {
    for (name, timebase, exact) in [
      ("mov", Ratio(1001, 30000), true), ("mp4", Ratio(1, 90000), true), ("nut", Ratio(1, 7), true),
      ("matroska", Ratio(1, 1000), true), ("matroska", Ratio(1, 25), true),
      ("matroska", Ratio(1, 24), false), ("gif", Ratio(1, 50), true), ("gif", Ratio(1, 30), false),
    ] {
      let folder = try TemporaryFolder()
      var shape = VideoShape(
        width: 32, height: 32, sourceFormat: PixelFormat(name: "yuv420p")!, timebase: timebase)
      shape.frameRate = Ratio(timebase.den, timebase.num)
      let encoder = try VideoEncoder(
        Self.settings(name == "gif" ? .gif : .h264), for: shape, globalHeader: true)
      var muxer = try Muxer(path: folder.file("a"), format: ContainerFormat(name: name))
      let stream = try muxer.addStream(encoder)
      try muxer.writeHeader()
      let found = muxer.exactTimebase(ofStream: stream)
      #expect(found == exact, "\(name) \(timebase)")
    }
  }

  @Test func knowsWhatContainersHold() throws {
    let mp4 = try ContainerFormat(endingOf: "some.folder/a.mp4")
    #expect(mp4.name == "mp4")
    #expect(mp4.canHold(codec: "h264"))
    #expect(mp4.canHold(VideoCodec.hevc))
    #expect(!mp4.canHold(VideoCodec.ffv1))
    #expect(!mp4.canHold(codec: "subrip"))
    #expect(mp4.canHold(AudioCodec.aac))
    #expect(try ContainerFormat(name: "webm").canHold(VideoCodec.vp9))
    #expect(try !ContainerFormat(name: "webm").canHold(VideoCodec.h264))
    #expect(try ContainerFormat(name: "matroska").canHold(codec: "subrip"))
    #expect(try ContainerFormat(name: "nut").canHold(VideoCodec.ffv1))
    #expect(try !ContainerFormat(name: "gif").canHold(VideoCodec.h264))
    #expect(throws: FFmpegError.self) { try ContainerFormat(endingOf: "a.nonsense") }
    #expect(throws: FFmpegError.self) { try ContainerFormat(endingOf: "a.png") }
    #expect(throws: FFmpegError.self) { try ContainerFormat(name: "nonsense") }
  }

  @Test func keepsMetadataChaptersColoursAndHDR() throws {
    let clip = try RawClip("yuv420p10le", count: 6)
    for ending in ["mp4", "mkv"] {
      let folder = try TemporaryFolder()
      let path = folder.file("a.\(ending)")
      var shape = VideoShape(
        width: 96, height: 64, sourceFormat: clip.pixelFormat, timebase: Ratio(1, 30000))
      shape.sampleAspectRatio = Ratio(4, 3)
      shape.colour = Colour(
        range: "tv", matrix: "bt2020nc", primaries: "bt2020", transfer: "smpte2084",
        chromaLocation: "topleft")
      let point = MasteringDisplay.Point(x: Ratio(1, 4), y: Ratio(1, 2))
      shape.masteringDisplay = MasteringDisplay(
        primaries: (point, point, point, point), luminance: (Ratio(1, 1000), Ratio(1000, 1)))
      shape.contentLight = ContentLight(maximum: 900, maximumFrameAverage: 300)
      var settings = VideoEncoderSettings(codec: .hevc)
      settings.preset = "ultrafast"
      settings.options = ["x265-params": "log-level=none"]
      var encoder = try VideoEncoder(settings, for: shape, globalHeader: true)
      var muxer = try Muxer(path: path, format: ContainerFormat(endingOf: path))
      try muxer.setMetadata(["title": "Bleak", "comment": "abc123"])
      try muxer.addChapters([
        Chapter(start: 0, end: 100, timebase: Ratio(1, 1000), title: "One"),
        Chapter(start: 100, end: 250, timebase: Ratio(1, 1000), title: "Two"),
      ])
      let stream = try muxer.addStream(
        encoder, metadata: ["language": "deu"], disposition: [.default, .original])
      try muxer.writeHeader()
      for frame in try Self.frames(clip) { try encoder.send(frame) }
      try encoder.finish()
      while let packet = try encoder.receive() {
        try muxer.write(packet, to: stream, timebase: Ratio(1, 30000))
      }
      try muxer.finish()
      #expect(
        try Tool.ffprobe.entries("format_tags=title,comment", of: path).first.map {
          Set($0.split(separator: ","))
        } == ["Bleak", "abc123"])
      #expect(
        try Tool.ffprobe.entries("chapter=start_time,end_time:chapter_tags=title", of: path)
          == ["0.000000,0.100000,One", "0.100000,0.250000,Two"])
      let text = try Tool.ffprobe.succeed([
        "-v", "error", "-show_streams", "-select_streams", "v", path,
      ]).output
      for part in [
        "color_range=tv", "color_space=bt2020nc", "color_primaries=bt2020",
        "color_transfer=smpte2084", "sample_aspect_ratio=4:3", "TAG:language=",
        "side_data_type=Mastering display metadata", "max_content=900", "max_average=300",
        "red_x=",
      ] {
        #expect(text.contains(part), "\(ending): \(part)")
      }
    }
  }

  @Test func saysThatTheDiskIsFull() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let clip = try RawClip("yuv420p", width: 640, height: 480, count: 6)
    let error = #expect(throws: FFmpegError.self) {
      let shape = VideoShape(
        width: 640, height: 480, sourceFormat: clip.pixelFormat, timebase: Ratio(1, 30000))
      var encoder = try VideoEncoder(Self.settings(.rawvideo), for: shape, globalHeader: false)
      var muxer = try Muxer(path: "/dev/full", format: ContainerFormat(name: "nut"))
      let stream = try muxer.addStream(encoder)
      try muxer.writeHeader()
      for frame in try Self.frames(clip) {
        try encoder.send(frame)
        while let packet = try encoder.receive() {
          try muxer.write(packet, to: stream, timebase: Ratio(1, 30000))
        }
      }
      try muxer.finish()
    }
    #expect(error?.posixCode == ENOSPC)
  }

  @Test func saysThatItCannotCreate() throws {
    let error = #expect(throws: FFmpegError.self) {
      _ = try Muxer(path: "/nonexistent/a.mp4", format: ContainerFormat(name: "mp4"))
    }
    #expect(error?.posixCode == ENOENT)
  }

  private func timebase(of path: String) throws -> Ratio {
    let parts = try #require(
      Tool.ffprobe.entries("stream=time_base", of: path, ["-select_streams", "v"]).first
    ).split(separator: "/").compactMap { Int32($0) }
    return Ratio(parts[0], parts[1])
  }
}
