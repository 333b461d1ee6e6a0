import Foundation
import TestSupport
import Testing

/// Filters that are programs: what comes back is what is kept, and nothing is asked twice.
@Suite struct CommandTests {
  /// The pixels of the negative of every frame, as `ffmpeg` makes them.
  private func negatives(_ clip: Clip) throws -> [String] {
    try FrameHash.ofFFmpeg(
      clip.orSkip(),
      graph: "scale=flags=bicubic+accurate_rnd+bitexact+full_chroma_int,format=rgb24,negate"
    ).hashes
  }

  @Test(arguments: ["files", "png-stream"])
  func keepsWhatTheProgramGivesBack(_ wire: String) throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    let made = try program.succeed(
      repository, "filter", program.recipe("plain", protocol: wire), "-b", "made")
    #expect(made["made"] as? Int == 8)
    #expect(try repository.hashes() == negatives(.short))
    #expect(try repository.values("format").allSatisfy { $0 as? String == "rgb24" })
    #expect(program.calls == 8)
    try program.expectNothingRuns()
    // They are objects: nothing runs for a render or a verification.
    try repository.succeed("verify", "--deep")
    try repository.succeed("render", "-o", repository.workspace.file("made.mkv"))
    #expect(program.calls == 8)
    #expect(try repository.git("log", "-1", "--format=%(trailers)").contains("Engine: command"))
    let temporary = try FileManager.default.contentsOfDirectory(
      atPath: repository.file(".git/vidgit/tmp"))
    #expect(temporary == [])
  }

  @Test(arguments: [Clip.short, Clip.tenBit, Clip.fullRange])
  func keepsPlanesOfYUVAsTheyAre(_ clip: Clip) throws {
    let workspace = try Workspace()
    let repository = try workspace.split(clip)
    let program = try TestProgram(workspace)
    let recipe = try program.recipe("plain", protocol: "y4m")
    _ = try program.succeed(repository, "filter", recipe, "-b", "made")
    let raw = workspace.file("raw")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-i", clip.orSkip(), "-frames:v", "1", "-f", "rawvideo", raw,
    ])
    let frame = try Data(contentsOf: URL(fileURLWithPath: raw))
    try Data(frame.map { 255 - $0 }).write(to: URL(fileURLWithPath: raw))
    let sum = try Tool.require("sha256sum").succeed([raw]).output.prefix(64)
    #expect(try repository.hashes()[0] == sum)
    #expect(try repository.values("format").allSatisfy { $0 == nil })
  }

  @Test func keepsAnotherSize() throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    _ = try program.succeed(repository, "filter", program.recipe("small"), "-b", "small")
    #expect(try repository.values("width").allSatisfy { $0 as? Int == 16 })
    #expect(try repository.values("height").allSatisfy { $0 as? Int == 8 })
    let half = try program.recipe("half", protocol: "y4m", file: "half.json")
    _ = try repository.git("switch", "-q", "main")
    _ = try program.succeed(repository, "filter", half, "-b", "half")
    let width = try #require(repository.json("video.json")["width"] as? Int)
    #expect(try repository.values("width").allSatisfy { $0 as? Int == width / 2 })
  }

  @Test func findsResultsAgain() throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    _ = try program.succeed(
      repository, "filter", program.recipe("plain"), "-b", "one", "--range", "0..4")
    _ = try repository.git("switch", "-q", "main")
    // By the recipe's name: it is known, and was trusted by the first run.
    let two = try program.succeed(repository, "filter", "made", "-b", "two")
    #expect(two["reused"] as? Int == 4)
    #expect(two["made"] as? Int == 4)
    #expect(program.calls == 8)
  }

  /// Frames that are alike are given to the program once, and so is a frame whose pixels are gone.
  @Test func asksOnceForEqualFrames() throws {
    let repository = try Workspace().split(.short)
    try repository.succeed("repeat", "2..4", "--times", "3")
    let program = try TestProgram(repository.workspace)
    let distinct = try Set(repository.hashes()).count
    #expect(try repository.hashes().count == distinct + 6)
    let recipe = try program.recipe("plain", protocol: "png-stream")
    let made = try program.succeed(repository, "filter", recipe, "-b", "made")
    #expect(made["made"] as? Int == distinct)
    #expect(program.calls == distinct)
    let objects = repository.file(".git/vidgit/objects")
    let lost = try #require(
      FileManager.default.enumerator(atPath: objects)?.compactMap { $0 as? String }
        .first { $0.hasSuffix(".nut") })
    try FileManager.default.removeItem(atPath: "\(objects)/\(lost)")
    try repository.vidgit("render", "-o", repository.workspace.file("x.mkv")).expectError(
      Status.notFound, saying: ["made-", "vidgit filter made-"])
    _ = try repository.git("switch", "-q", "main")
    _ = try program.succeed(repository, "filter", recipe, "-b", "again")
    #expect(program.calls == distinct + 1)
    #expect(
      try repository.git("rev-parse", "made^{tree}") == repository.git("rev-parse", "again^{tree}"))
  }

  @Test func goesTogetherWithGraphs() throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    _ = try program.succeed(
      repository, "filter", "graph:hflip", program.recipe("plain"), "graph:vflip", "-b", "made")
    let theirs = try FrameHash.ofFFmpeg(
      Clip.short.orSkip(),
      graph: "hflip,scale=flags=bicubic+accurate_rnd+bitexact+full_chroma_int,format=rgb24,"
        + "negate,vflip")
    #expect(try repository.hashes() == theirs.hashes)
    #expect(program.calls == 8)
    // Only the last step is new, so the program has nothing to do.
    _ = try repository.git("switch", "-q", "main")
    _ = try program.succeed(
      repository, "filter", "graph:hflip", program.recipe("plain"), "graph:negate", "-b", "other")
    #expect(program.calls == 8)
    try program.run(repository, "filter", "made", "trails", "-b", "x").expectError(
      Status.usage, saying: ["made-"])
  }

  @Test func takesACommandInOneLine() throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    let script = "\(program.folder)/program.py"
    // LOG is not named by the recipe, so the program does not get it.
    try program.run(
      repository, "filter", "command:python3 \(script) files plain $INPUT $OUTPUT", "--frames", "0"
    ).expectError(Status.badInput, saying: ["KeyError: 'LOG'"])
    let copy = try program.run(repository, "filter", "command:cp $INPUT $OUTPUT", "-b", "copy")
    #expect(copy.status == 0, Comment(rawValue: copy.snapshot))
    try program.run(repository, "filter", "command:cp $INPUT $OUTPUT; rm x").expectError(
      Status.usage, saying: [";", "no shell"])
    try program.run(repository, "filter", "command:no-such-program $INPUT $OUTPUT").expectError(
      Status.notFound, saying: ["no-such-program"])
  }

  /// The program gets what it is said to get, and nothing else.
  @Test func givesTheEnvironmentThatIsNamed() throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    let text = """
      {"name": "env", "engine": "command", "scope": "frame", "environment": ["LOG", "UNSET"],
       "argv": ["sh", "-c", "env > \\"$LOG\\"; ls -l /proc/self/fd >> \\"$LOG\\"; cp $0 $1", "$INPUT", "$OUTPUT"]}
      """
    let recipe = "\(program.folder)/env.json"
    try Data(text.utf8).write(to: URL(fileURLWithPath: recipe))
    let result = try program.run(
      repository, "filter", recipe, "--frames", "0", "-b", "x", variables: ["SECRET": "hidden"])
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    let seen = try String(contentsOfFile: program.log, encoding: .utf8).split(separator: "\n")
    let names = Set(seen.filter { $0.contains("=") }.map { $0.prefix { $0 != "=" } })
    // The shell adds the last two.
    #expect(
      names.isSubset(of: ["PATH", "HOME", "TMPDIR", "LANG", "LOG", "PWD", "SHLVL", "_", "OLDPWD"]))
    #expect(names.isSuperset(of: ["PATH", "HOME", "LOG"]))
    // Standard input, output and errors, and what `ls` opens itself.
    let open = seen.filter { $0.contains(" -> ") }
    #expect(open.count <= 4, "\(open)")
    #expect(open.contains { $0.hasSuffix("/dev/null") })
  }

  @Test(arguments: ["sketch.json", "poster-worker.json"])
  func theExamplesWork(_ name: String) throws {
    let repository = try Workspace().split(.short)
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let recipe = root.appending(path: "examples/filters/\(name)").path
    try repository.succeed("filter", recipe, "-b", "made")
    #expect(try Set(repository.hashes()).count == 8)
    try repository.succeed("verify", "--deep")
  }
}
