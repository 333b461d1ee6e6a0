import Foundation
import TestSupport
import Testing

@Suite struct RenderTests {
  /// NUT keeps every clock and every pixel format.
  @Test(arguments: Clip.decodable)
  func givesBackEveryFrameAndTime(_ clip: Clip) throws {
    try expectSame(clip.orSkip(), ending: "nut")
  }

  /// MOV keeps every clock, and the pixel formats that H.264 has.
  @Test(arguments: [
    Clip.cfr, .vfr, .rotated90, .tenBit, .editList, .audioLate, .interlaced, .fullRange,
    .negativePts,
  ])
  func givesBackEveryFrameAndTimeInMOV(_ clip: Clip) throws {
    try expectSame(clip.orSkip(), ending: "mov")
  }

  @Test(arguments: [Clip.alpha, .rgb24])
  func saysWhatMOVCannotKeep(_ clip: Clip) throws {
    let workspace = try Workspace()
    let repository = try workspace.split(clip)
    try repository.vidgit("render", "-o", workspace.file("out.mov"), "--lossless").expectError(
      Status.usage, saying: ["without loss", ".nut"])
    #expect(try workspace.entries == ["repo"])
  }

  @Test(
    .enabled(if: SharedVideos.folder != nil, Comment(rawValue: SharedVideos.missing)),
    arguments: SharedVideos.paths)
  func givesBackRealFootage(_ path: String) throws {
    try expectSame(path, ending: "nut")
  }

  private func expectSame(_ path: String, ending: String) throws {
    let repository = try Workspace().split(path)
    let out = repository.path + "-same.\(ending)"
    try repository.succeed("render", "main", "-o", out, "--lossless")
    let before = try repository.frameHash("main")
    let after = try FrameHash.ofFFmpeg(out)
    #expect(after.hashes == before.hashes)
    #expect(after.relativeTimes == before.relativeTimes)
  }

  /// Matroska counts milliseconds.
  @Test(arguments: [Clip.cfr, .vfr, .rotated90, .tenBit, .editList, .audioLate, .interlaced])
  func rendersToMatroskaWithinItsClock(_ clip: Clip) throws {
    let repository = try Workspace().split(clip)
    let out = repository.path + "-same.mkv"
    try repository.succeed("render", "main", "-o", out, "--lossless")
    let before = try repository.frameHash("main")
    let after = try FrameHash.ofFFmpeg(out)
    #expect(after.hashes == before.hashes)
    for (a, b) in zip(after.relativeTimes, before.relativeTimes) {
      let difference = Double(a[0]) / Double(a[1]) - Double(b[0]) / Double(b[1])
      #expect(abs(difference) <= 0.001)
    }
  }

  @Test func keepsTheLastDuration() throws {
    let repository = try Workspace().split(.vfr)
    let out = repository.path + ".mov"
    try repository.succeed("render", "main", "-o", out, "--lossless")
    let timebase = try #require(try repository.json("video.json")["timebase"] as? [Int])
    let last = try #require(try repository.values("dur").last as? Int)
    let rendered = try #require(try FrameTimes.ofFFprobe(out).frames.last?.duration)
    let clock = try Media(out).stream("v:0", "time_base").split(separator: "/").compactMap {
      Int($0)
    }
    #expect(last * timebase[0] * clock[1] == Int(rendered) * clock[0] * timebase[1])
  }

  @Test(arguments: [Clip.cfr, .audioEarly, .audioLate])
  func copiesTheSoundAtItsPlace(_ clip: Clip) throws {
    let path = try clip.orSkip()
    let repository = try Workspace().split(path)
    let out = repository.path + ".mkv"
    try repository.succeed("render", "main", "-o", out)
    let before = try Media(path)
    let after = try Media(out)
    #expect(try after.stream("a:0", "codec_name") == "aac")
    #expect(try after.packetHashes("a:0") == before.packetHashes("a:0"))
    #expect(abs(try after.soundOffset() - before.soundOffset()) < 0.002)
  }

  /// An edit list hides what lies before a cut that is no key frame; other containers have none.
  @Test func leavesOutTheSoundThatAnEditListHides() throws {
    let workspace = try Workspace()
    let (whole, source) = (workspace.file("whole.mp4"), workspace.file("cut.mp4"))
    try Tool.ffmpeg.succeed(
      [
        "-v", "error", "-nostdin", "-f", "lavfi", "-i", LavfiSource.moving(seconds: 4), "-f",
        "lavfi", "-i", LavfiSource.tone(seconds: 4), "-c:a", "aac",
      ] + EncoderArguments.x264 + ["-g", "250", whole])
    try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-ss", "1.5", "-i", whole, "-c", "copy", source,
    ])
    #expect(try Media(source).soundOffset() < -1)
    let repository = try workspace.split(source)
    let out = workspace.file("out.mkv")
    try repository.succeed("render", "-o", out)
    // One packet of what is hidden stays, for the decoder to run in on.
    func packets(_ path: String) throws -> [String] {
      try Tool.ffprobe.succeed([
        "-v", "error", "-select_streams", "a:0", "-show_entries", "packet=flags", "-of", "csv=p=0",
        path,
      ]).lines.filter { $0.hasPrefix("K") }
    }
    let heard = try packets(source).filter { !$0.contains("D") }.count
    #expect(heard > 90)
    #expect(try packets(out).count == heard + 1)
    #expect(try abs(Media(out).soundOffset()) < 0.05)
  }

  /// Sound that the container has no place for is encoded again, and that is said.
  @Test(arguments: ["flac", "libopus", "libvorbis"]) func encodesSoundThatMOVCannotHold(
    _ encoder: String
  ) throws {
    let workspace = try Workspace()
    let source = workspace.file("source.mkv")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", try Clip.cfr.orSkip(), "-c:v", "copy", "-c:a", encoder,
      "-ar", "48000", source,
    ])
    let repository = try workspace.split(source)
    let out = workspace.file("out.mov")
    let result = try repository.succeed("render", "-o", out)
    #expect(result.errors.contains("encoded again as aac"), Comment(rawValue: result.snapshot))
    #expect(try Media(out).stream("a:0", "codec_name") == "aac")
    let kept = workspace.file("out.mkv")
    try repository.succeed("render", "-o", kept)
    #expect(try Media(kept).packetHashes("a:0") == Media(source).packetHashes("a:0"))
  }

  @Test func saysWhichVideoMOVCannotHold() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    for codec in ["vp9", "av1"] {
      try repository.vidgit("render", "-o", workspace.file("out.mov"), "--codec", codec)
        .expectError(Status.usage, saying: ["mov cannot hold \(codec)"])
    }
  }

  @Test func cutsTheSoundToTheRange() throws {
    let repository = try Workspace().split(.cfr)
    let out = repository.path + ".mkv"
    try repository.succeed("render", "main", "-o", out, "--range", "0.4s..1.4s")
    #expect(try FrameHash.ofFFmpeg(out).lines.count == 25)
    let seconds =
      try Tool.ffmpeg.succeed([
        "-v", "error", "-nostdin", "-i", out, "-map", "0:a", "-f", "s16le", "-ac", "1", "-ar",
        "44100", "-",
      ]).standardOutput.count / 2
    #expect(abs(Double(seconds) / 44_100 - 1) < 0.05)
  }

  @Test func tagsWhatTheSourceTags() throws {
    let keys = [
      "sample_aspect_ratio", "color_range", "color_space", "color_transfer", "color_primaries",
    ]
    for clip in [Clip.sampleAspectRatio, .hdr, .fullRange] {
      let path = try clip.orSkip()
      let repository = try Workspace().split(path)
      let out = repository.path + ".mkv"
      try repository.succeed("render", "main", "-o", out, "--lossless")
      for key in keys {
        #expect(
          try Media(out).stream("v:0", key) == Media(path).stream("v:0", key), "\(key) of \(clip)")
      }
    }
  }

  @Test func keepsTheMetadataOfHDR() throws {
    let repository = try Workspace().split(.hdr)
    let out = repository.path + ".mkv"
    try repository.succeed("render", "main", "-o", out, "--codec", "hevc")
    // The clip says it in its frames, the rendered file for the whole stream.
    let report = try Tool.ffprobe.succeed(["-v", "error", "-show_streams", out]).lines
    #expect(report.contains("max_content=1000"))
    #expect(
      report.contains { ["max_luminance=1000/1", "max_luminance=10000000/10000"].contains($0) })
  }

  @Test func carriesSubtitlesAndChapters() throws {
    let repository = try Workspace().split(.subtitlesAndChapters)
    let out = repository.path + ".mkv"
    try repository.succeed("render", "main", "-o", out)
    let report = try Tool.ffprobe.succeed([
      "-v", "error", "-show_chapters", "-show_entries", "stream=codec_name:format_tags=title",
      "-of", "default=nw=1", out,
    ]).output
    for word in ["codec_name=subrip", "One", "Two", "title=Clip"] {
      #expect(report.contains(word), "\(word) is not in:\n\(report)")
    }
  }

  @Test func namesTheCommitInTheFile() throws {
    let repository = try Workspace().split(.short)
    for ending in ["mp4", "mkv", "mov"] {
      let out = repository.path + ".\(ending)"
      try repository.succeed("render", "main", "-o", out)
      let tags = try Tool.ffprobe.succeed(["-v", "error", "-show_format", out]).output
      #expect(tags.contains(try repository.git("rev-parse", "main")), "\(tags)")
    }
  }

  @Test(arguments: [
    ("h264", "mp4"), ("hevc", "mkv"), ("av1", "mkv"), ("vp9", "webm"), ("prores", "mov"),
    ("ffv1", "mkv"), ("gif", "gif"),
  ])
  func encodes(_ codec: String, _ ending: String) throws {
    let repository = try Workspace().split(.short)
    let out = repository.path + ".\(ending)"
    try repository.succeed("render", "main", "-o", out, "--codec", codec)
    #expect(try Media(out).stream("v:0", "codec_name") == codec)
    #expect(try FrameHash.ofFFmpeg(out).lines.count == 8)
  }

  @Test(arguments: ["png", "jpg"]) func writesPicturesIntoAFolder(_ format: String) throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    try workspace.folder.folder("out")
    // The ending of pictures in a folder comes from the codec; PNG is what one gets without a word.
    var arguments = ["render", "main", "-o", workspace.file("out") + "/"]
    if format == "jpg" { arguments += ["--codec", "jpg"] }
    let result = try Tool.vidgit.run(arguments, in: repository.path)
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    let names = try workspace.folder.entries("out")
    #expect(names.count == 8)
    #expect(names.allSatisfy { $0.hasSuffix(".\(format)") })
  }

  @Test func rendersAFilteredVariant() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "graph:hue=s=0,eq=contrast=1.4", "-b", "grey")
    _ = try repository.git("switch", "-q", "main")
    let out = repository.path + ".nut"
    try repository.succeed("render", "grey", "-o", out, "--lossless")
    #expect(try FrameHash.ofFFmpeg(out).hashes == repository.hashes("grey"))
    #expect(try repository.branch == "main")
  }

  @Test func fitsFramesOfOtherSizesAndSaysSo() throws {
    let repository = try Workspace().split(.sizeChange)
    let out = repository.path + ".mp4"
    let result = try repository.succeed("render", "main", "-o", out)
    #expect(result.errors.contains("128x96"), Comment(rawValue: result.snapshot))
    let sizes = try FrameHash.ofFFmpeg(out).lines.map(\.size)
    #expect(sizes == Array(repeating: 160 * 120 * 3 / 2, count: 50))
  }
}
