import Foundation
import TestSupport
import Testing

/// A repository that may not be written: whoever only looks can do so.
@Suite struct ReadOnlyTests {
  private static let looks = [
    ["status"], ["log"], ["show"], ["cost"], ["verify"], ["store", "list"], ["media", "list"],
    ["export", "framehash"], ["diff", "main", "HEAD"],
  ]

  /// Runs vidgit as somebody who may read all and write nothing.
  private func run(_ arguments: [String], _ repository: Repository) throws -> ToolResult {
    guard getuid() == 0 else { return try Tool.vidgit.run(arguments, in: repository.path) }
    let config = repository.workspace.file("global")
    // Where it was built may be root's alone.
    let program = repository.workspace.file("vidgit")
    if !FileManager.default.fileExists(atPath: program) {
      try Tool.require("cp").succeed([Tool.vidgit.path, program])
      try chmod("a+rx", program)
    }
    try Data("[safe]\n\tdirectory = *\n".utf8).write(to: URL(fileURLWithPath: config))
    return try Tool.require("setpriv").run(
      ["--reuid=65534", "--regid=65534", "--clear-groups", program] + arguments,
      in: repository.path,
      environment: ["GIT_CONFIG_GLOBAL": config, "HOME": repository.workspace.folder.path])
  }

  private func chmod(_ mode: String, _ path: String) throws {
    try Tool.require("chmod").succeed(["-R", mode, path])
  }

  @Test func canBeLookedAt() throws {
    let workspace = try Workspace()
    let clip = try Clip.short.copy(to: workspace.folder, as: "clip.mp4")
    let repository = try workspace.split(clip)
    try repository.succeed("filter", Studio.recipe, "-b", "mix")
    try workspace.folder.folder("store")
    try repository.succeed("store", "add", "nas", "file:\(workspace.file("store"))")
    let expected = try Self.looks.map { try Tool.vidgit.run($0, in: repository.path).output }
    // Tests of root's run in a folder that is root's alone.
    try chmod("a+rX,u-w", workspace.folder.path)
    defer { try? chmod("u+w", workspace.folder.path) }
    for (command, output) in zip(Self.looks, expected) {
      let result = try run(command, repository)
      let said = Comment(rawValue: "\(command)\n\(result.snapshot)")
      #expect(result.status == 0 && result.output == output, said)
      #expect(!result.errors.contains("database"), said)
    }
    for command in [
      ["filter", "noir", "-b", "x"], ["branch", "x"], ["media", "locate", "x.mp4"],
    ] {
      let result = try run(command, repository)
      #expect(result.status != 0, Comment(rawValue: result.snapshot))
      #expect(!result.errors.contains("readonly database"), Comment(rawValue: result.snapshot))
    }
  }

  /// As after a clone by git, and where what is there is somebody else's alone.
  @Test(arguments: [true, false]) func canBeLookedAtWithoutADatabase(_ isThere: Bool) throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    if !isThere {
      try FileManager.default.removeItem(atPath: repository.file(".git/vidgit"))
    }
    try chmod("a+rX,u-w", workspace.folder.path)
    defer { try? chmod("u+w", workspace.folder.path) }
    if isThere { try chmod("go-rwx,u-w", repository.file(".git/vidgit")) }
    for command in [["status"], ["log"], ["show"], ["cost"], ["store", "list"]] {
      let result = try run(command, repository)
      #expect(result.status == 0, Comment(rawValue: "\(command)\n\(result.snapshot)"))
    }
  }

  /// Keys never come there, but addresses of results do.
  @Test func whatIsKeptIsTheOwnersAlone() throws {
    let repository = try Workspace().split(.short)
    func mode(_ name: String) throws -> Int {
      let attributes = try FileManager.default.attributesOfItem(atPath: repository.file(name))
      return try #require(attributes[.posixPermissions] as? Int)
    }
    #expect(try mode(".git/vidgit") == 0o700)
    #expect(try mode(".git/vidgit/local.sqlite") == 0o600)
    // One of an earlier version.
    try Tool.require("chmod").succeed(["644", repository.file(".git/vidgit/local.sqlite")])
    try repository.succeed("status")
    #expect(try mode(".git/vidgit/local.sqlite") == 0o600)
  }
}
