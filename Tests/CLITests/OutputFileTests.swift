import Foundation
import TestSupport
import Testing

/// One file that two write at once.
@Suite struct OutputFileTests {
  @Test(arguments: [
    ["render", "main", "-o", "../out.mkv"], ["diff", "main", "main", "--video", "../out.mkv"],
    ["export", "manifest", "-o", "../out.mkv"],
  ])
  func isWrittenByOneAtATime(_ command: [String]) throws {
    let repository = try Workspace().split(.short)
    let out = repository.workspace.file("out.mkv")
    let part = repository.workspace.file(".out.mkv.vidgit-part")
    // What a killed run left is longer than what comes.
    try Data(repeating: 7, count: 1 << 22).write(to: URL(fileURLWithPath: part))
    let lock = open(part, O_RDWR | O_CLOEXEC)
    try #require(lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
    let refused = try Tool.vidgit.run(command, in: repository.path)
    refused.expectError(Status.conflict, saying: ["another vidgit is writing"])
    #expect(!FileManager.default.fileExists(atPath: out))
    #expect(FileManager.default.contents(atPath: part)?.count == 1 << 22)
    // A program that another test is just starting may hold a copy of the descriptor.
    flock(lock, LOCK_UN)
    close(lock)
    try Tool.vidgit.succeed(command, in: repository.path)
    #expect(try repository.workspace.entries == ["out.mkv", "repo"])
    let size = try #require(FileManager.default.contents(atPath: out)?.count)
    #expect(size > 0 && size < 1 << 22)
    if command[0] == "render" { #expect(try FrameHash.ofFFmpeg(out).lines.count == 8) }
  }

  /// A stranger's branch may have put it there.
  @Test(arguments: [
    ["render", "main", "-o", "out.mkv"], ["diff", "main", "main", "--video", "out.mkv"],
    ["export", "manifest", "-o", "out.mkv"],
  ])
  func followsNoLinkInItsPlace(_ command: [String]) throws {
    let repository = try Workspace().split(.short)
    let victim = repository.workspace.file("victim")
    try Data("precious".utf8).write(to: URL(fileURLWithPath: victim))
    try FileManager.default.createSymbolicLink(
      atPath: repository.file(".out.mkv.vidgit-part"), withDestinationPath: victim)
    try Tool.vidgit.run(command, in: repository.path).expectError(
      Status.refused, saying: [".out.mkv.vidgit-part", "link"])
    #expect(FileManager.default.contents(atPath: victim) == Data("precious".utf8))
    #expect(!FileManager.default.fileExists(atPath: repository.file("out.mkv")))
  }
}
