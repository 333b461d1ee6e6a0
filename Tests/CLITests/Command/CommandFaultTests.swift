import Foundation
import TestSupport
import Testing

/// Programs that do anything but what they should: an error in words, and nothing lost or left.
@Suite struct CommandFaultTests {
  @Test(arguments: [
    ("files", "crash:1", ["status 1", "this frame is beyond me | really"]),
    ("files", "die", ["signal 11"]),
    ("files", "nothing", ["did not write $OUTPUT"]),
    ("files", "folder", ["something else than a file"]),
    ("files", "link", ["did not write $OUTPUT"]),
    ("files", "garbage", ["no PNG"]),
    ("files", "half", ["a part of a PNG image"]),
    ("files", "large", ["9000x16", "8192x8192"]),
    ("files", "bomb", ["more bytes than its size can need"]),
    ("files", "rows", ["rows of it are missing"]),
    ("png-stream", "die", ["signal 11", "2 times"]),
    ("png-stream", "never", ["status 1", "no frame is good enough"]),
    ("png-stream", "mute", ["2 times on the same frame"]),
    ("png-stream", "garbage", ["no PNG"]),
    ("png-stream", "large", ["9000x16", "8192x8192"]),
    ("png-stream", "bomb", ["more bytes than its size can need"]),
    ("png-stream", "rows", ["rows of it are missing"]),
    ("y4m", "unknown", ["YUV4MPEG2"]),
    ("y4m", "half", [""]),
  ])
  func saysWhatIsWrong(_ wire: String, _ mode: String, _ words: [String]) throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    let before = try repository.state
    let result = try program.run(
      repository, "filter", program.recipe(mode, protocol: wire), "--frames", "3", "-b", "made")
    if wire == "y4m", mode == "half" {
      #expect(result.status == 0, Comment(rawValue: result.snapshot))
      return
    }
    result.expectError(Status.badInput, saying: words + ["1 of 1 frames", "(frame 3)"])
    #expect(try repository.state == before)
    try repository.expectWhole()
    try program.expectNothingRuns()
  }

  @Test(arguments: [
    ("files", "hang", ["took more than 2 s"]), ("files", "sleep:60", ["took more than 2 s"]),
    ("png-stream", "hang", ["no whole picture in 2 s"]),
    ("png-stream", "half", ["no whole picture in 2 s"]),
    ("png-stream", "deaf", ["in 2 s"]), ("png-stream", "closed", ["in 2 s"]),
  ])
  func endsWhatTakesTooLong(_ wire: String, _ mode: String, _ words: [String]) throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    let start = ContinuousClock.now
    let recipe = try program.recipe(mode, protocol: wire, timeout: 2)
    let result = try program.run(repository, "filter", recipe, "--frames", "3", "-b", "made")
    result.expectError(Status.badInput, saying: words)
    #expect(ContinuousClock.now - start < .seconds(30))
    try program.expectNothingRuns()
    if mode == "hang" {
      // It had started one more, which has the same environment and so is gone as well.
      #expect(FileManager.default.fileExists(atPath: program.child))
    }
  }

  /// A flood of words neither blocks nor fills the memory.
  @Test(arguments: ["files", "png-stream"]) func readsOnThroughAFlood(_ wire: String) throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    _ = try program.succeed(
      repository, "filter", program.recipe("flood", protocol: wire), "-b", "made")
    #expect(program.calls == 8)
  }

  /// A process that ends between frames, or in the middle of one, is started again.
  @Test func startsAgainAfterACrash() throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    let mortal = try program.recipe("mortal:3", protocol: "png-stream")
    _ = try program.succeed(repository, "filter", mortal, "-b", "mortal", "--jobs", "1")
    #expect(program.calls == 8)
    let processes = try Set(
      String(contentsOfFile: program.log, encoding: .utf8).split(separator: "\n"))
    #expect(processes.count == 3)
    try FileManager.default.removeItem(atPath: program.log)
    _ = try repository.git("switch", "-q", "main")
    let crash = try program.recipe("crash:5", protocol: "png-stream", file: "crash.json")
    let made = try program.succeed(repository, "filter", crash, "-b", "crash", "--jobs", "1")
    #expect(made["made"] as? Int == 8)
    #expect(program.calls == 9)
    #expect(try repository.hashes("mortal") == repository.hashes("crash"))
  }

  /// One frame that fails: it is named, there is no commit, and the others are not made again.
  @Test(arguments: ["files", "png-stream"]) func keepsTheOthers(_ wire: String) throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    let recipe = try program.recipe("cursed:4", protocol: wire)
    let before = try repository.state
    let again = wire == "files" ? 1 : 2
    let first = try program.run(repository, "filter", recipe, "-b", "made", "--jobs", "1")
    first.expectError(
      Status.badInput,
      saying: ["1 of 8 frames could not be made (frame 3)", "this frame is cursed", "7 frames"])
    #expect(program.calls == 7 + again)
    #expect(try repository.state == before)
    // The same again asks for that frame only.
    let second = try program.run(repository, "filter", recipe, "-b", "made", "--jobs", "1")
    second.expectError(Status.badInput, saying: ["(frame 3)"])
    #expect(program.calls == 7 + 2 * again)
    try Data().write(to: URL(fileURLWithPath: "\(program.folder)/cursed-blessed"))
    let third = try program.succeed(repository, "filter", recipe, "-b", "made", "--jobs", "1")
    #expect(program.calls == 7 + 2 * again + 1)
    #expect(third["made"] as? Int == 1)
    #expect(third["reused"] as? Int == 7)
  }

  /// A program that fails on everything is not asked for ever.
  @Test func givesUpAfterManyInARow() throws {
    let repository = try Workspace().split(.groups)
    let program = try TestProgram(repository.workspace)
    let recipe = try program.recipe("never")
    let result = try program.run(repository, "filter", recipe, "-b", "made", "--jobs", "2")
    result.expectError(
      Status.badInput, saying: ["given up after 20 frames in a row", "(frame 0, 1, 2,", "9, ...)"])
    #expect(program.calls >= 20 && program.calls < 25)
    #expect(try repository.git("branch", "--list", "made") == "")
  }

  /// More pictures than were asked for: which belongs to which frame is not known.
  @Test(arguments: ["later", "twice"]) func forgetsWhatCannotBeTrusted(_ mode: String) throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    let recipe = try program.recipe(mode, protocol: "png-stream")
    let before = try repository.state
    for round in 1...2 {
      let result = try program.run(repository, "filter", recipe, "-b", "made", "--jobs", "1")
      result.expectError(
        Status.badInput, saying: ["wrote more", "all results of this recipe were forgotten"])
      #expect(try repository.state == before)
      // Nothing is taken from the first run.
      #expect(program.calls >= round)
    }
    try program.expectNothingRuns()
  }

  /// However it is stopped: nothing that was finished is asked for again, and nothing keeps running.
  @Test(arguments: [SIGINT, SIGTERM, SIGKILL], ["files", "png-stream"])
  func carriesOnAfterASignal(_ signal: Int32, _ wire: String) throws {
    let repository = try Workspace().split(.groups)
    let program = try TestProgram(repository.workspace)
    let recipe = try program.recipe("sleep:0.3", protocol: wire)
    let stopped = try program.run(
      repository, "filter", recipe, "-b", "made", "--jobs", "2",
      interruption: Interruption(signal, after: .seconds(4)))
    let said = Comment(rawValue: stopped.snapshot)
    if signal == SIGKILL {
      #expect(stopped.signal == SIGKILL, said)
    } else {
      #expect(stopped.status == Status.interrupted, said)
    }
    try program.expectNothingRuns()
    let before = program.calls
    #expect(before > 2 && before < 50, "\(before) calls")
    let made = try program.succeed(repository, "filter", recipe, "-b", "made", "--jobs", "2")
    #expect(program.calls - 50 <= 2, "\(program.calls) calls for 50 frames")
    #expect(made["reused"] as? Int ?? 0 >= before - 2)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: repository.file(".git/vidgit/tmp")) == [])
  }
}
