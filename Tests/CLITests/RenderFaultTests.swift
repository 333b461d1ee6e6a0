import Foundation
import TestSupport
import Testing

/// What `vidgit render` says of bad input, and that an output file appears whole or not at all.
@Suite struct RenderFaultTests {
  @Test func knowsNoSuchRevision() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    try repository.vidgit("render", "nowhere", "-o", workspace.file("out.mp4")).expectError(
      Status.notFound, saying: ["nowhere"])
    #expect(try workspace.entries == ["repo"])
  }

  @Test func knowsNoSuchContainer() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    try repository.vidgit("render", "-o", workspace.file("out.nothing")).expectError(
      Status.usage, Status.badInput, saying: ["nothing"])
    #expect(try workspace.entries == ["repo"])
  }

  @Test func saysThatTheFolderIsMissing() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    try repository.vidgit("render", "-o", workspace.file("no/such/out.mp4")).expectError(
      Status.notFound, Status.system, saying: ["out.mp4"])
    #expect(try workspace.entries == ["repo"])
  }

  @Test func noticesAFrameThatIsNotWhatItWas() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    let hash = try repository.hashes()[3]
    try repository.edit("frames/000000.jsonl") {
      $0.replacingOccurrences(of: hash, with: String(repeating: "0", count: 64))
    }
    let out = workspace.file("out.mkv")
    try repository.vidgit("render", "main", "-o", out).expectError(
      Status.verification, saying: ["3"])
    #expect(try workspace.entries == ["repo"])
    let unchecked = try repository.vidgit("render", "main", "-o", out, "--no-verify")
    #expect(unchecked.status == 0, Comment(rawValue: unchecked.snapshot))
    #expect(try FrameHash.ofFFmpeg(out).lines.count == 8)
  }

  @Test func saysWhichMediaIsMissing() throws {
    let workspace = try Workspace()
    let source = try Clip.short.copy(to: workspace.folder)
    let repository = try workspace.split(source)
    try FileManager.default.removeItem(atPath: source)
    try repository.vidgit("render", "-o", workspace.file("out.mp4")).expectError(
      Status.notFound, saying: ["short.mp4"])
    #expect(try workspace.entries == ["repo"])
  }

  @Test func keepsTheOldFileWhereItFails() throws {
    let workspace = try Workspace()
    let source = try Clip.short.copy(to: workspace.folder)
    let repository = try workspace.split(source)
    try workspace.folder.write("old", to: "out.mp4")
    try FileManager.default.removeItem(atPath: source)
    let result = try repository.vidgit("render", "-o", workspace.file("out.mp4"))
    #expect(result.status != 0)
    #expect(try workspace.entries == ["out.mp4", "repo"])
    #expect(try String(contentsOfFile: workspace.file("out.mp4"), encoding: .utf8) == "old")
  }

  @Test(arguments: ["9999", "-3", "52"]) func refusesAQualityThatThereIsNot(_ crf: String) throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    try repository.vidgit("render", "--crf=\(crf)", "-o", workspace.file("out.mp4")).expectError(
      Status.usage, saying: ["crf=\(crf)", "0 to 51"])
    #expect(try workspace.entries == ["repo"])
  }

  @Test func saysThatTheFileMayNotBeSoLarge() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.groups)
    let vidgit = try Tool.vidgit.path
    let result = try Tool.require("sh").run(
      ["-c", "trap '' XFSZ; ulimit -f 200; exec \"\(vidgit)\" render --lossless -o ../out.nut"],
      in: repository.path)
    result.expectError(Status.system, saying: ["File too large", "ulimit -f"])
    #expect(try workspace.entries == ["repo"])
  }

  @Test func stopsCleanly() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.long)
    let stopped = try Tool.vidgit.run(
      ["render", "main", "-o", workspace.file("out.mkv"), "--lossless"], in: repository.path,
      interruption: Interruption(
        after: .milliseconds(100), sign: workspace.file(".out.mkv.vidgit-part")))
    #expect(stopped.status == Status.interrupted, Comment(rawValue: stopped.snapshot))
    #expect(try workspace.entries == ["repo"])
    try repository.expectWhole()
  }

  @Test func saysThatPicturesTakeASlash() throws {
    let repository = try Workspace().split(.short)
    try repository.vidgit("render", "-o", "../inv").expectError(
      Status.usage, saying: ["'inv/', with a slash, gets one picture a frame"])
    #expect(try repository.workspace.entries == ["repo"])
  }
}
