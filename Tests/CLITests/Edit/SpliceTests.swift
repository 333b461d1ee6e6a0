import Foundation
import TestSupport
import Testing

@Suite struct SpliceTests {
  /// 25 frames whose durations are one tick of 1/25 s.
  private static let coarse = Clip("coarse.avi", encoders: ["mpeg4"]) {
    try $0.generate(source: LavfiSource.moving(seconds: 1), ["-c:v", "mpeg4"])
  }

  /// 30 frames of another size and clock, with sound.
  private static let other = Clip("other.mkv") {
    try $0.ffmpeg(
      [
        "-f", "lavfi", "-i", LavfiSource.moving(size: "96x128", rate: 30, seconds: 1), "-f",
        "lavfi",
        "-i", LavfiSource.tone(880, seconds: 1),
      ] + EncoderArguments.x264 + ["-c:a", "flac", $0.output])
  }

  @Test func putsAVideoIn() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.thousands)
    let old = try repository.lines()
    let video = try Self.other.copy(to: workspace.folder, as: "An Other (1).mkv")
    let shards = try repository.shards()
    let result = try repository.succeed("splice", video, "at", "1500")
    let new = try repository.lines()
    #expect(Array(new[..<1500]) == Array(old[..<1500]))
    #expect(Array(new[1530...]) == Array(old[1500...]))
    #expect(try repository.hashes()[1500..<1530] == FrameHash.ofFFmpeg(video).hashes[...])
    let after = try repository.shards()
    for name in ["frames/000000.jsonl", "frames/000002.jsonl"] {
      #expect(after[name] == shards[name])
    }

    let line = try object(new[1500])
    #expect(line["width"] as? Int == 96)
    #expect(line["height"] as? Int == 128)
    #expect(line["uri"] as? String == "media/An-Other-1.json")
    let descriptor = try repository.json("media/An-Other-1.json")
    #expect(descriptor["name"] as? String == "An Other (1).mkv")
    let audio = try #require(try repository.json("video.json")["audio"] as? [[String: Any]])
    #expect(audio.map { $0["media"] as? String } == ["media/An-Other-1.json"])

    // Matroska's milliseconds in ticks of 1/12800 s: one second, rounded in 30 places.
    #expect(try repository.durations()[1500..<1530].reduce(0, +) == 12_800)
    #expect(result.errors.contains("1/1000 s"), Comment(rawValue: result.snapshot))
    #expect(try !repository.git("show", "HEAD").contains(workspace.folder.path))
    try repository.succeed("verify", "--deep")
  }

  /// A name that other bytes have gets digits; the same bytes are the same medium under any name.
  @Test func namesMedia() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.cfr)
    try workspace.folder.folder("a")
    let video = workspace.file("a/CFR.mp4")
    try FileManager.default.copyItem(atPath: Clip.short.orSkip(), toPath: video)
    try repository.succeed("splice", video, "at", "0")
    let names = try FileManager.default.contentsOfDirectory(atPath: repository.file("media"))
    #expect(names.count == 2)
    let name = try #require(names.first { $0 != "cfr.json" })
    #expect(name.wholeMatch(of: #/CFR-[0-9a-f]{12}\.json/#) != nil)
    let digest = try #require(try repository.json("media/\(name)")["sha256"] as? String)
    #expect(digest.contains(name.dropFirst(4).dropLast(5)))

    try FileManager.default.copyItem(atPath: video, toPath: workspace.file("again.mp4"))
    try repository.succeed("splice", workspace.file("again.mp4"), "at", "100%", "--range", "2..4")
    #expect(try FileManager.default.contentsOfDirectory(atPath: repository.file("media")) == names)
    #expect(try repository.values("uri").last as? String == "media/\(name)")
    try repository.expectRender()
  }

  @Test func putsAnotherRevisionIn() throws {
    let repository = try Workspace().split(.thousands)
    try repository.succeed("filter", "noir", "--range", "990..1010", "-b", "noir")
    let noir = try repository.lines()
    _ = try repository.git("switch", "-q", "main")
    let old = try repository.lines()
    try repository.expectEdit(
      ["splice", "noir", "at", "2s", "--range", "9.8s..10.05s"],
      gives: old.at(0..<200) + noir.at(980..<1005) + old.at(200..<2500),
      touching: ["frames/000000.jsonl"])
    #expect(
      try repository.git("ls-tree", "--name-only", "HEAD", "filters/")
        == repository.git("ls-tree", "--name-only", "noir", "filters/"))
    try repository.expectRender()
    try repository.expectEdit(
      ["splice", "main~1", "at", "0", "--range", "7"], gives: old.at(7..<8) + repository.lines())
  }

  /// A revision that has another header and media of its own.
  @Test func putsAnotherVideosRevisionIn() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    let other = try workspace.split(Self.other, to: "other")
    _ = try repository.git("fetch", "-q", other.path, "main:other")
    try repository.vidgit("splice", "other", "at", "1").expectSuccess()
    #expect(try repository.hashes()[1..<31] == other.hashes()[...])
    #expect(try object(repository.lines()[1])["width"] as? Int == 96)
    // The bytes are known by the other repository; this one has to be told.
    try repository.vidgit("media", "locate", Self.other.orSkip()).expectSuccess()
    try repository.expectWhole()
    let out = workspace.file("fitted.nut")
    let result = try repository.succeed("render", "-o", out, "--lossless")
    #expect(result.errors.contains("30 frames of 96x128"), Comment(rawValue: result.snapshot))
    #expect(try FrameHash.ofFFmpeg(out).lines.count == 38)
  }

  @Test(
    .enabled(if: SharedVideos.folder != nil, Comment(rawValue: SharedVideos.missing)))
  func rendersRealVideosTogether() throws {
    let folder = try #require(SharedVideos.folder)
    let repository = try Workspace().split("\(folder)/h265_10bits.mp4")
    var counts = [try repository.lines().count]
    for name in ["av1_video.mkv", "asl-again.mkv", "bottle-detection.mp4"] {
      try repository.succeed("splice", "\(folder)/\(name)", "at", "100%", "--range", "..20")
      counts.append(20)
    }
    let out = repository.workspace.file("all.mp4")
    let result = try repository.succeed("render", "-o", out)
    #expect(try FrameHash.ofFFmpeg(out).lines.count == counts.reduce(0, +))
    for part in ["40 frames of 640x360", "20 frames of 640x480", "yuvj420p"] {
      #expect(result.errors.contains(part), Comment(rawValue: result.snapshot))
    }
    let length = try #require(Double(try Media(out).stream("v:0", "duration")))
    let ticks = Double(try repository.durations().reduce(0, +))
    #expect(abs(length - ticks / 15_360) < 0.001)
  }

  @Test func refusesWhatMakesNoSense() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    let video = try Self.other.orSkip()
    try repository.expectRefusal(
      ["splice", "nope.mp4", "at", "0"], Status.notFound, saying: ["neither", "nope.mp4"])
    try repository.expectRefusal(["splice", video, "to", "0"], Status.usage, saying: ["'at'"])
    try repository.expectRefusal(["splice", video, "at", "9"], Status.usage, saying: ["place '9'"])
    try repository.expectRefusal(
      ["splice", video, "at", "1", "--range", "40.."], Status.usage, saying: ["40.."])
    try repository.expectRefusal(
      ["splice", "main", "at", "1", "--range", "8.."], Status.usage, saying: ["8.."])
    let text = workspace.file("text.mp4")
    try Data("no video\n".utf8).write(to: URL(fileURLWithPath: text))
    try repository.expectRefusal(
      ["splice", text, "at", "1"], Status.badInput, saying: ["text.mp4"])
  }

  @Test func refusesWhatIsARevisionAndAFile() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    _ = try Self.other.copy(to: workspace.folder, as: "repo/main")
    try repository.vidgit("splice", "main", "at", "0").expectError(
      Status.conflict, saying: ["main", "./main"])
    try repository.vidgit("splice", "./main", "at", "0").expectSuccess()
    #expect(try repository.lines().count == 38)
  }

  /// 100 frames a second on a clock of 25 ticks.
  @Test func refusesWhatTheClockCannotHold() throws {
    let repository = try Workspace().split(Self.coarse)
    try repository.expectRefusal(
      ["splice", Clip.thousands.orSkip(), "at", "0", "--range", "..5"], Status.usage,
      saying: ["one tick", "1/25 s", "other way round"])
  }
}

extension ToolResult {
  func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(status == 0, Comment(rawValue: snapshot), sourceLocation: sourceLocation)
  }
}
