import Foundation
import TestSupport
import Testing

@Suite struct ExportTests {
  @Test func writesAFramehashThatTheProgramWrites() throws {
    let path = try Clip.cfr.orSkip()
    let repository = try Workspace().split(path)
    let ours = try repository.succeed("export", "framehash").output
    let theirs = try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", path, "-map", "0:v", "-fps_mode", "passthrough",
      "-enc_time_base", "-1", "-f", "framehash", "-hash", "sha256", "-",
    ]).output
    // Byte for byte, but for the name of the software.
    let lines = [ours, theirs].map {
      $0.split(separator: "\n").filter { !$0.hasPrefix("#software") }
    }
    #expect(lines[0] == lines[1])
  }

  @Test func writesTheManifestAsOneDocument() throws {
    let repository = try Workspace().split(.vfr)
    let manifest = try object(repository.succeed("export", "manifest").output)
    let frames = try #require(manifest["frames"] as? [[String: Any]])
    #expect(frames.count == 34)
    #expect(
      frames.compactMap { $0["hash"] as? String }.map { String($0.dropFirst(7)) }
        == (try repository.hashes()))
  }

  @Test func writesTimecodes() throws {
    let repository = try Workspace().split(.vfr)
    let result = try repository.succeed("export", "timecodes")
    #expect(result.lines.first == "# timecode format v2")
    let times = try repository.frameHash().relativeTimes.map {
      Double($0[0]) * 1000 / Double($0[1])
    }
    let written = result.lines.dropFirst().compactMap(Double.init)
    #expect(written.count == times.count)
    for (a, b) in zip(written, times) { #expect(abs(a - b) < 0.001) }
  }

  @Test func writesImagesWithoutAnIndexInTime() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.vfr)
    try repository.succeed("export", "images", "-o", workspace.file("pictures"))
    #expect(try workspace.folder.entries("pictures").count == 34)
  }

  @Test(arguments: ["export", "render", "split"])
  func aFolderOfPicturesIsWholeOrNotThere(_ command: String) throws {
    let workspace = try Workspace()
    let clip = try Clip.long.orSkip()
    let repository = try workspace.split(clip)
    func run(_ range: String, _ interruption: Interruption? = nil) throws -> ToolResult {
      let arguments = [
        "export": ["export", "images", "-C", "repo", "-o", "../out"],
        "render": ["render", "-C", "repo", "--codec", "png", "-o", "../out/"],
        "split": ["split", clip, "other", "--images", "png", "out"],
      ][command]!
      return try Tool.vidgit.run(
        arguments + ["--range", range], in: workspace.folder.path, interruption: interruption)
    }
    let sign = workspace.file(".out.vidgit-part")
    let stopped = try run("0..", Interruption(SIGINT, after: .milliseconds(300), sign: sign))
    #expect(stopped.status == Status.interrupted, Comment(rawValue: stopped.snapshot))
    #expect(try workspace.entries == ["repo"])

    let killed = try run("0..", Interruption(SIGKILL, after: .milliseconds(300), sign: sign))
    #expect(killed.signal == SIGKILL, Comment(rawValue: killed.snapshot))
    #expect(try !workspace.entries.contains("out"))
    // The rest of it goes with the next run, which is not refused.
    let again = try run("0..5")
    #expect(again.status == 0, Comment(rawValue: again.snapshot))
    #expect(try workspace.folder.entries("out").count == 5)
    #expect(
      try workspace.entries == (command == "split" ? ["other", "out", "repo"] : ["out", "repo"]))
    #expect(try run("0..5").status == Status.conflict)
    try repository.expectWhole()
  }

  /// A rename would put a file in the place of a device.
  @Test(arguments: [
    ["export", "manifest", "-o"], ["render", "-o"], ["diff", "main", "main", "--contact-sheet"],
  ]) func leavesDevicesAlone(_ command: [String]) throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    // A pipe stands for a device, which only root can make.
    for name in ["pipe.nut", "pipe.png"] { #expect(mkfifo(workspace.file(name), 0o600) == 0) }
    let isPicture = command.last == "--contact-sheet"
    if isPicture { try repository.succeed("filter", "sepia") }
    let path = workspace.file(isPicture ? "pipe.png" : "pipe.nut")
    let changed = command.map { $0 == "main" && isPicture ? "main~1" : $0 }
    let arguments = isPicture ? [changed[0], changed[1], "main", command.last!] : command
    let result = try Tool.vidgit.run(arguments + [path], in: repository.path)
    result.expectError(Status.refused, saying: ["not a file"])
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    #expect(try workspace.entries == ["pipe.nut", "pipe.png", "repo"])
  }

  @Test func writesAFileWholeOrNotAtAll() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    let text = try repository.succeed("export", "framehash").output
    try repository.succeed("export", "framehash", "-o", workspace.file("hashes.txt"))
    #expect(try String(contentsOfFile: workspace.file("hashes.txt"), encoding: .utf8) == text)
    try repository.vidgit("export", "framehash", "nowhere", "-o", workspace.file("none.txt"))
      .expectError(Status.notFound, saying: ["nowhere"])
    #expect(try workspace.entries == ["hashes.txt", "repo"])
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"),
    arguments: [
      "export manifest", "log", "status --json", "show", "verify", "palette list", "--version",
      "help filter",
    ])
  func saysThatItsWordsAreLost(_ command: String) throws {
    let repository = try Workspace().split(.short)
    let vidgit = try Tool.vidgit.path
    let full = try Tool.require("sh").run(
      ["-c", "\"\(vidgit)\" \(command) > /dev/full"], in: repository.path)
    let words = ["cannot write standard output", "No space left on device"]
    if command.hasSuffix("--json") {
      #expect(full.status == Status.system, Comment(rawValue: full.snapshot))
      #expect(words.allSatisfy(full.errors.contains), Comment(rawValue: full.snapshot))
    } else {
      full.expectError(Status.system, saying: words)
    }
    // A reader that has gone is not told of.
    let gone = try Tool.require("bash").run(
      ["-c", "{ sleep 1; \"\(vidgit)\" \(command); } | true; echo ${PIPESTATUS[0]}"],
      in: repository.path)
    #expect(gone.lines == ["141"], Comment(rawValue: gone.snapshot))
    #expect(gone.errors == "", Comment(rawValue: gone.snapshot))
  }

  @Test func goesOnWithoutAReader() throws {
    let repository = try Workspace().split(.long)
    let vidgit = try Tool.vidgit.path
    let result = try Tool.require("sh").run(
      ["-c", "\"\(vidgit)\" export framehash | head -n 1"], in: repository.path)
    #expect(result.lines.count == 1)
    #expect(result.errors == "", Comment(rawValue: result.snapshot))
  }
}
