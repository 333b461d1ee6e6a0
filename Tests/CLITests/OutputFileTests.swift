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
    close(lock)
    try Tool.vidgit.succeed(command, in: repository.path)
    #expect(try repository.workspace.entries == ["out.mkv", "repo"])
    let size = try #require(FileManager.default.contents(atPath: out)?.count)
    #expect(size > 0 && size < 1 << 22)
    if command[0] == "render" { #expect(try FrameHash.ofFFmpeg(out).lines.count == 8) }
  }
}
