import Foundation
import TestSupport
import Testing

/// `vidgit import` of an ffconcat script, and comparisons with a framehash.
@Suite struct ImportTests {
  private func start(
    _ list: String, _ options: [String] = [], clips: [Clip] = [.groups, .vfr]
  ) throws -> Repository {
    let workspace = try Workspace()
    for clip in clips {
      _ = try clip.orSkip()
      _ = try clip.copy(to: workspace.folder)
    }
    try workspace.folder.write(list, to: "list.ffconcat")
    try Tool.vidgit.succeed(
      ["import", "list.ffconcat", "repo"] + options, in: workspace.folder.path)
    return Repository(path: workspace.file("repo"), workspace: workspace)
  }

  /// What ffmpeg decodes of a clip between two times of its own clock, and when each begins.
  private func frames(
    _ clip: Clip, from: Double = 0, to: Double = .infinity
  ) throws -> [(hash: String, time: Double)] {
    let hashes = try FrameHash.ofFFmpeg(clip.path()).hashes
    let base = try #require(FrameHash.ofFFmpeg(clip.path()).timebase)
    let times = try FrameTimes.ofFFprobe(clip.path()).frames.map {
      Double($0.pts ?? 0) * Double(base.0) / Double(base.1)
    }
    #expect(times.count == hashes.count)
    return zip(hashes, times).filter { from - 0.0005 <= $0.1 && $0.1 < to - 0.0005 }.map {
      (hash: $0.0, time: $0.1)
    }
  }

  @Test func putsFilesOneBehindTheOther() throws {
    let repository = try start("ffconcat version 1.0\nfile groups.mp4\nfile 'vfr.mp4'\n")
    try repository.expectWhole()
    let bare = try start("file groups.mp4\nfile 'vfr.mp4'\n")
    #expect(try bare.git("rev-parse", "HEAD^{tree}") == repository.git("rev-parse", "HEAD^{tree}"))
    let groups = try frames(.groups)
    let vfr = try frames(.vfr)
    #expect(try repository.hashes() == (groups + vfr).map(\.hash))
    // Durations are those of the files, exactly, where a split finds them too.
    let seconds = try durations(repository)
    for (clip, part) in [
      (Clip.groups, seconds.prefix(groups.count)), (Clip.vfr, seconds.suffix(vfr.count)),
    ] {
      #expect(try Array(part) == durations(Workspace().split(clip)))
    }
    #expect(Set(try repository.values("uri").map { $0 as? String }).count == 2)
    try repository.succeed("verify", "--deep")
    let audio = try #require(try repository.json("video.json")["audio"] as? [[String: Any]])
    #expect(audio.map { $0["media"] as? String } == ["media/groups.json"])
  }

  /// As fractions in lowest terms.
  private func durations(_ repository: Repository) throws -> [[Int]] {
    let base = try #require(try repository.json("video.json")["timebase"] as? [Int])
    return try repository.values("dur").map { value in
      let ticks = try #require(value as? Int)
      var (a, b) = (ticks * base[0], base[1])
      while b != 0 { (a, b) = (b, a % b) }
      return [ticks * base[0] / a, base[1] / a]
    }
  }

  @Test func takesInAndOutPoints() throws {
    let repository = try start(
      """
      ffconcat version 1.0
      # twice the same file, backwards
      file groups.mp4
      inpoint 1.2
      outpoint 00:00:01.600
      file groups.mp4
      inpoint 0.333333
      outpoint 0.48

      """)
    try repository.expectWhole()
    let expected = try frames(.groups, from: 1.2, to: 1.6) + frames(.groups, from: 0.32, to: 0.48)
    #expect(expected.count == 14)
    #expect(try repository.hashes() == expected.map(\.hash))
    #expect(try repository.git("ls-tree", "--name-only", "HEAD", "media/") == "media/groups.json")
    // The second begins inside a frame, which shows for what is left of it.
    #expect(try durations(repository).prefix(10).allSatisfy { $0 == [1, 25] })
    let whole = try repository.vidgit("export", "manifest").output
    let frames = try #require(object(whole)["frames"] as? [[String: Any]])
    let last = try #require(frames.last?["time"] as? Double)
    #expect(abs(last + 0.04 - (0.4 + 0.48 - 0.333333)) < 0.0002)
    try repository.succeed("verify", "--deep")
  }

  @Test func holdsPicturesForTheirDuration() throws {
    let workspace = try Workspace()
    for name in ["a", "b"] {
      try Tool.ffmpeg.succeed([
        "-v", "error", "-f", "lavfi", "-i", "color=\(name == "a" ? "red" : "blue"):size=64x48",
        "-frames:v", "1", workspace.file("\(name).png"),
      ])
    }
    try workspace.folder.write(
      "ffconcat version 1.0\nfile a.png\nduration 2.5\nfile b.png\nduration 1.04\n",
      to: "slides.txt")
    try Tool.vidgit.succeed(["import", "slides.txt"], in: workspace.folder.path)
    let repository = Repository(path: workspace.file("slides"), workspace: workspace)
    #expect(try durations(repository) == [[5, 2], [26, 25]])
    try repository.succeed("verify", "--deep")
  }

  /// More media than are kept open at once, each coming back.
  @Test func readsManyMediaInTurn() throws {
    let workspace = try Workspace()
    let names = (0..<12).map { "part\($0).mkv" }
    for (number, name) in names.enumerated() {
      try Tool.ffmpeg.succeed([
        "-v", "error", "-f", "lavfi", "-i",
        "testsrc2=size=32x32:rate=5:duration=4,select=gt(n\\,\(number))", "-frames:v", "2",
        "-c:v", "ffv1", workspace.file(name),
      ])
    }
    let list = (names + names).map { "file \($0)\n" }.joined()
    try workspace.folder.write("ffconcat version 1.0\n" + list, to: "list.txt")
    try Tool.vidgit.succeed(["import", "list.txt", "repo"], in: workspace.folder.path)
    let repository = Repository(path: workspace.file("repo"), workspace: workspace)
    let hashes = try names.flatMap { try FrameHash.ofFFmpeg(workspace.file($0)).hashes }
    #expect(Set(hashes).count == 13)
    #expect(try repository.hashes() == hashes + hashes)
    try repository.succeed("verify", "--deep")
    try repository.succeed("filter", "graph:negate")
    try repository.succeed("verify", "--deep")
  }

  @Test func findsFarFramesInALongFile() throws {
    let repository = try start(
      "ffconcat version 1.0\nfile long.mp4\ninpoint 30\noutpoint 30.2\n", clips: [.long])
    #expect(try repository.hashes() == frames(.long, from: 30, to: 30.2).map(\.hash))
    try repository.succeed("verify", "--deep")
  }

  @Test(arguments: [
    ("file missing.mp4", Status.notFound, ["list.ffconcat:2", "missing.mp4"]),
    ("file https://example.org/a.mp4", Status.badInput, ["list.ffconcat:2", "address"]),
    ("file pipe:0", Status.badInput, ["address"]),
    ("file 'short.mp4", Status.badInput, ["quote"]),
    ("file short.mp4\noption safe 0", Status.badInput, ["list.ffconcat:3", "option"]),
    ("inpoint 1", Status.badInput, ["before any file"]),
    ("file short.mp4\noutpoint soon", Status.badInput, ["time"]),
    ("file short.mp4\ninpoint 2\noutpoint 1", Status.badInput, ["not behind"]),
    ("file short.mp4\ninpoint 100", Status.badInput, ["is over before 100"]),
    ("file short.mp4\nduration 0.1", Status.badInput, ["duration", "out point"]),
    ("file list.ffconcat", Status.badInput, ["list.ffconcat"]),
    ("", Status.badInput, ["names no file"]),
  ]) func saysWhatIsWrongInAScript(_ lines: String, _ status: Int32, _ parts: [String]) throws {
    let workspace = try Workspace()
    _ = try Clip.short.orSkip()
    _ = try Clip.short.copy(to: workspace.folder)
    try workspace.folder.write("ffconcat version 1.0\n\(lines)\n", to: "list.ffconcat")
    let before = try workspace.entries
    try workspace.vidgit("import", "list.ffconcat", "repo").expectError(status, saying: parts)
    #expect(try workspace.entries == before)
  }

  @Test func comparesWithAFramehash() throws {
    let workspace = try Workspace()
    let clip = try Clip.groups.orSkip()
    func ffmpeg(_ hash: String, _ output: String) throws {
      try Tool.ffmpeg.succeed([
        "-v", "error", "-nostdin", "-i", clip, "-fps_mode", "passthrough", "-f", "framehash",
        "-hash", hash, workspace.file(output),
      ])
    }
    // With sound: its lines are passed over.
    _ = try ffmpeg("sha256", "good.txt")
    _ = try ffmpeg("md5", "md5.txt")
    try workspace.folder.write("ffconcat version 1.0\nfile \(clip)\n", to: "list.txt")
    let good = try workspace.vidgit("import", "list.txt", "repo", "--check", "good.txt")
    #expect(good.status == 0 && good.output.contains("All 50 frames are those of the list"))
    let repository = Repository(path: workspace.file("repo"), workspace: workspace)
    #expect(try repository.vidgit("verify", "--framehash", "../good.txt").status == 0)
    try repository.vidgit("verify", "--framehash", "../md5.txt").expectError(
      Status.badInput, saying: ["MD5"])
    try repository.vidgit("verify", "--framehash", "../none.txt").expectError(Status.notFound)

    try repository.succeed("filter", "graph:negate", "-b", "x", "--range", "7..9")
    let differs = try repository.vidgit("verify", "--framehash", "../good.txt")
    #expect(differs.status == Status.fault)
    let hashes = try (repository.hashes(), repository.hashes("main"))
    #expect(differs.output.contains("frame 7: is \(hashes.0[7]), and not \(hashes.1[7])"))
    #expect(differs.output.contains("2 of 50 frames differ"))
    try repository.succeed("cut", "40..")
    let shorter = try repository.vidgit("verify", "--framehash", "../good.txt", "--json")
    #expect(shorter.status == Status.fault)
    let result = try #require(object(shorter.output)["framehash"] as? [String: Any])
    #expect(result["differenceCount"] as? Int == 12 && result["compared"] as? Int == 50)
    #expect((result["differences"] as? [Any])?.count == 10)
    let again = try workspace.vidgit("import", "list.txt", "other", "--check", "md5.txt")
    again.expectError(Status.badInput)
    #expect(try !workspace.entries.contains("other"))
  }

  @Test func saysThatAVideoIsSplit() throws {
    let workspace = try Workspace()
    try workspace.vidgit("import", Clip.short.orSkip(), "repo").expectError(
      Status.badInput, saying: ["vidgit split"])
    let folder = try workspace.folder.folder("used")
    try workspace.folder.write("x", to: "used/x")
    try workspace.folder.write(
      "ffconcat version 1.0\nfile \(Clip.short.orSkip())\n", to: "list.txt")
    try workspace.vidgit("import", "list.txt", folder).expectError(
      Status.conflict, saying: ["vidgit import SOURCE DIR"])
  }

  @Test(.enabled(if: FaultRun.unavailable == nil, Comment(rawValue: FaultRun.unavailable ?? "")))
  func aKilledImportLeavesNothingHalfMade() throws {
    let run = try FaultRun(Tool.vidgit, ["import", "pictures", "repo", "--fps", "5"]) { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/pictures", withIntermediateDirectories: false)
      try Tool.ffmpeg.succeed([
        "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=32x32:rate=5:duration=1",
        "\(folder)/pictures/%d.png",
      ])
    }
    for fault in [Fault.killBefore, .diskFull] {
      let broken = try run.each(fault, step: 23) { outcome in
        let repo = run.folder + "/repo"
        if FileManager.default.fileExists(atPath: repo) {
          #expect(try RepositoryCheck(repo).faults() == [], "\(outcome.description)")
          return
        }
        let again = try run.again()
        #expect(again.result.status == 0, "\(outcome.description)\n\(again.result.snapshot)")
        #expect(try RepositoryCheck(repo).faults() == [], "\(outcome.description)")
        #expect(
          try FileManager.default.contentsOfDirectory(atPath: run.folder).sorted()
            == ["pictures", "repo"])
      }
      #expect(broken > 0)
    }
  }
}
