import Foundation
import TestSupport
import Testing

/// What stock git and its user do beside vidgit in one repository.
@Suite struct NeighbourTests {
  private func write(_ text: String, _ name: String, _ repository: Repository) throws {
    let path = repository.file(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  @Test func leavesTheLocksOfAGitAtWork() throws {
    let repository = try Workspace().split(.short)
    for name in [".git/index.lock", ".git/refs/heads/other.lock", ".git/config.lock"] {
      try write("", name, repository)
    }
    try repository.vidgit("branch", "other").expectError(Status.conflict, Status.system)
    try repository.vidgit("cut", "0").expectError(Status.conflict, Status.system)
    for name in [".git/index.lock", ".git/refs/heads/other.lock", ".git/config.lock"] {
      #expect(FileManager.default.fileExists(atPath: repository.file(name)), "\(name)")
    }
  }

  @Test func leavesBranchesOfOtherWorkTreesAlone() throws {
    let repository = try Workspace().split(.short)
    _ = try repository.git("worktree", "add", "-q", "../linked", "-b", "there")
    try repository.vidgit("switch", "there").expectError(
      Status.conflict, saying: ["another work tree"])
    try repository.vidgit("branch", "-D", "there").expectError(
      Status.conflict, saying: ["another work tree"])
    try repository.succeed("status")
    #expect(try repository.branch == "main")
    try repository.expectWhole()
  }

  @Test func changesNothingWhereFilesAreInTheWay() throws {
    let repository = try Workspace().split(.short)
    try repository.succeed("filter", "sepia", "-b", "other")
    let recipe = try repository.git("ls-tree", "--name-only", "HEAD", "filters/")
    try repository.succeed("switch", "main")
    try write("mine\n", recipe, repository)
    let state = try repository.state
    for command in [
      ["switch", "other"], ["merge", "other"], ["merge", "other", "--no-ff"], ["filter", "sepia"],
    ] {
      let result = try Tool.vidgit.run(command, in: repository.path)
      result.expectError(Status.conflict, saying: [recipe, "nothing was changed"])
      #expect(try repository.state == state)
      #expect(try String(contentsOfFile: repository.file(recipe), encoding: .utf8) == "mine\n")
    }
    try FileManager.default.removeItem(atPath: repository.file(recipe))
    try repository.succeed("switch", "other")
  }

  /// Different files under one name, taken in on both sides of a merge.
  @Test func mergesSplicesOfOneName() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.groups)
    for (folder, clip) in [("a", Clip.short), ("b", Clip.cfr)] {
      try workspace.folder.folder(folder)
      try FileManager.default.copyItem(
        atPath: clip.orSkip(), toPath: workspace.file("\(folder)/extra.mp4"))
    }
    try repository.succeed("switch", "-c", "other")
    try repository.succeed("splice", "../a/extra.mp4", "at", "40")
    try repository.succeed("switch", "main")
    try repository.succeed("splice", "../b/extra.mp4", "at", "10", "--range", "0..5")
    try repository.succeed("merge", "other")
    try repository.succeed("verify", "--deep")
    #expect(try repository.lines().count == 50 + 8 + 5)
    #expect(
      try repository.git("ls-tree", "--name-only", "HEAD", "media/").split(separator: "\n").count
        == 3)
  }

  @Test func refusesAMergeThatLeavesNothing() throws {
    let repository = try Workspace().split(.short)
    try repository.succeed("switch", "-c", "other")
    try repository.succeed("cut", "0..4")
    try repository.succeed("switch", "main")
    try repository.succeed("cut", "4..")
    try repository.vidgit("merge", "other").expectError(Status.conflict, saying: ["together all"])
  }

  @Test func writesFilesOfShortNames() throws {
    let repository = try Workspace().split(.short)
    for name in ["x", "é"] {
      let result = try repository.vidgit("export", "manifest", "-o", name)
      #expect(result.status == 0, Comment(rawValue: result.snapshot))
      #expect(FileManager.default.fileExists(atPath: repository.file(name)))
    }
    for name in [".", "a/"] {
      try repository.vidgit("export", "manifest", "-o", name).expectError(Status.usage)
    }
  }
}
