import Foundation
import TestSupport
import Testing

@Suite struct SplitTests {
  @Test(arguments: Clip.decodable)
  func agreesWithFFmpegFrameByFrame(_ clip: Clip) throws {
    try expectAgreement(clip.orSkip())
  }

  @Test(
    .enabled(if: SharedVideos.folder != nil, Comment(rawValue: SharedVideos.missing)),
    arguments: SharedVideos.paths)
  func agreesWithFFmpegOnRealFootage(_ path: String) throws {
    try expectAgreement(path)
  }

  private func expectAgreement(_ path: String) throws {
    let workspace = try Workspace()
    let repository = try workspace.split(path)
    try repository.expectWhole()
    let theirs = try FrameHash.ofFFmpeg(path)
    let ours = try repository.frameHash()
    #expect(ours.hashes == theirs.hashes)
    #expect(ours.lines.map(\.size) == theirs.lines.map(\.size))
    // A frame without a timestamp gets one by rules of each program's own.
    if !path.hasSuffix("missing-pts.avi") { #expect(ours.relativeTimes == theirs.relativeTimes) }
    #expect(ours.header["dimensions 0"] == theirs.header["dimensions 0"])
    // A duration is the time until the next frame; the column of the program is not (see `FrameHash`).
    let steps = zip(ours.lines, ours.lines.dropFirst()).map { $1.pts - $0.pts }
    #expect(ours.lines.dropLast().map(\.duration) == steps)
    let last = try #require(ours.lines.last)
    #expect(last.duration > 0)
    // The container's word for the last one, where it told the truth of all others.
    let probed = try FrameTimes.ofFFprobe(path).frames.map(\.duration)
    let isTrue = probed.dropLast().elementsEqual(steps.map(Optional.some))
    if isTrue, let duration = probed.last ?? nil {
      #expect(last.duration == duration)
    }
    #expect(try repository.hashes() == theirs.hashes)
  }

  @Test func writesTheLayoutOfTheFormat() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.cfr)
    #expect(
      try repository.git("ls-tree", "-r", "--name-only", "HEAD").split(separator: "\n")
        == ["frames/000000.jsonl", "media/cfr.json", "video.json"])
    #expect(try repository.git("rev-list", "--count", "HEAD") == "1")
    #expect(try repository.branch == "main")
    let line =
      #/\{"pts":\d+,"dur":512,"hash":"sha256:[0-9a-f]{64}","uri":"media/cfr.json","filters":\[\]\}/#
    for text in try repository.lines() { #expect(text.wholeMatch(of: line) != nil, "\(text)") }
    let header = try repository.json("video.json")
    #expect(header["format"] as? String == "vidgit/1")
    #expect(header["timebase"] as? [Int] == [1, 12800])
    #expect(header["width"] as? Int == 160)
    #expect(header["pixelFormat"] as? String == "yuv420p")
    let media = try repository.json("media/cfr.json")
    #expect((media["sha256"] as? String)?.hasPrefix("sha256:") == true)
    // No path of this machine, no user name.
    let everything = try repository.git("show", "--format=%B", "HEAD")
    #expect(
      !everything.contains(
        try URL(fileURLWithPath: Clip.cfr.path()).deletingLastPathComponent().path))
  }

  @Test(arguments: [
    "red\u{1b}[31m\nline.mp4", "turned\u{202e}4pm.mp4", String(repeating: "n", count: 200) + ".mp4",
    "\u{7f}.mp4", "a\u{85}b.mp4",
  ])
  func takesAnyFileName(_ name: String) throws {
    let workspace = try Workspace()
    _ = try Clip.short.copy(to: workspace.folder, as: name)
    let result = try workspace.vidgit("split", name)
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    let isPlain = result.output.unicodeScalars.allSatisfy {
      $0 == "\n" || ![.control, .format].contains($0.properties.generalCategory)
    }
    #expect(isPlain, Comment(rawValue: result.snapshot))
    let folder = String(name.dropLast(".mp4".count))
    let repository = Repository(path: workspace.file(folder), workspace: workspace)
    try repository.expectWhole()
    try repository.succeed("filter", "noir", "-b", "noir")
    let video = try #require(try repository.json("video.json")["name"] as? String)
    #expect(!video.unicodeScalars.contains { $0.properties.generalCategory == .control })
    try repository.succeed("render", "-o", repository.path + ".nut")
  }

  @Test func namesTheFolderAfterTheVideo() throws {
    let workspace = try Workspace()
    _ = try Clip.short.copy(to: workspace.folder, as: "drone.mp4")
    let result = try workspace.vidgit("split", "drone.mp4")
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    #expect(try workspace.entries == ["drone", "drone.mp4"])
    try Repository(path: workspace.file("drone"), workspace: workspace).expectWhole()
  }

  @Test func startsANewShardEveryThousandFrames() throws {
    let repository = try Workspace().split(.long)
    #expect(
      try repository.git("ls-tree", "--name-only", "HEAD", "frames/").split(separator: "\n")
        == ["frames/000000.jsonl", "frames/000001.jsonl"])
    #expect(
      try repository.git("show", "HEAD:frames/000000.jsonl").split(separator: "\n").count == 1000)
    #expect(try repository.lines().count == 1500)
  }

  @Test func keepsTheSizeOfEveryFrame() throws {
    let repository = try Workspace().split(.sizeChange)
    try repository.expectWhole()
    #expect(try repository.hashes() == FrameHash.ofFFmpeg(Clip.sizeChange.orSkip()).hashes)
    let widths = try repository.values("width").map { $0 as? Int }
    #expect(widths == Array(repeating: nil, count: 25) + Array(repeating: 128, count: 25))
  }

  @Test(arguments: [
    ("10..20", 10..<20), ("10..", 10..<50), ("..5", 0..<5), ("0.4s..0.8s", 10..<20),
    ("0:01..0:02", 25..<50),
  ])
  func takesARange(_ range: String, _ expected: Range<Int>) throws {
    let all = try FrameHash.ofFFmpeg(Clip.groups.orSkip()).hashes
    let repository = try Workspace().split(.groups, ["--range", range])
    try repository.expectWhole()
    #expect(try repository.hashes() == Array(all[expected]))
  }

  @Test func takesEveryNthFrame() throws {
    let all = try FrameHash.ofFFmpeg(Clip.vfr.orSkip())
    let repository = try Workspace().split(.vfr, ["--every", "5"])
    try repository.expectWhole()
    #expect(
      try repository.hashes() == stride(from: 0, to: all.lines.count, by: 5).map { all.hashes[$0] })
    // Each frame now lasts until the next one that is kept.
    let ours = try repository.frameHash()
    #expect(
      ours.relativeTimes
        == stride(from: 0, to: all.lines.count, by: 5).map { all.relativeTimes[$0] })
  }

  @Test func takesTheNearestFramesForARate() throws {
    let all = try FrameHash.ofFFmpeg(Clip.vfr.orSkip()).hashes
    let kept = try Workspace().split(.vfr, ["--fps", "5"]).hashes()
    #expect((5...11).contains(kept.count))
    // None invented, none out of order.
    let positions = try kept.map { try #require(all.firstIndex(of: $0)) }
    #expect(positions == positions.sorted())
    #expect(Set(positions).count == positions.count)
  }

  @Test func takesTheStreamThatIsAskedFor() throws {
    let path = try Clip.multiStream.orSkip()
    let repository = try Workspace().split(.multiStream, ["--stream", "1"])
    try repository.expectWhole()
    #expect(try repository.hashes() == FrameHash.ofFFmpeg(path, map: "0:v:1").hashes)
  }

  @Test(arguments: ["png", "jpg", "webp"]) func writesPicturesToo(_ format: String) throws {
    let workspace = try Workspace()
    let result = try workspace.vidgit(
      "split", try Clip.short.orSkip(), "repo", "--images", format, "pictures")
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    let pictures = try workspace.folder.entries("pictures")
    #expect(pictures.count == 8)
    #expect(pictures.allSatisfy { $0.hasSuffix(".\(format)") })
  }

  @Test func copiesTheSourceWhereAsked() throws {
    let workspace = try Workspace()
    let source = try Clip.short.copy(to: workspace.folder)
    let repository = try workspace.split(source, ["--copy"])
    try FileManager.default.removeItem(atPath: source)
    #expect(try repository.vidgit("render", "main", "-o", "out.mkv", "--lossless").status == 0)
  }

  @Test func makesTheSameCommitEveryTime() throws {
    let commits = try (0..<2).map { _ in
      try Workspace().split(.cfr).git("rev-parse", "HEAD^{tree}")
    }
    #expect(commits[0] == commits[1])
  }
}
