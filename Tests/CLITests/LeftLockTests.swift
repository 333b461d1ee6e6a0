import Foundation
import TestSupport
import Testing

/// The lock files that a vidgit leaves which was killed, and those of a git that is at work meanwhile.
@Suite struct LeftLockTests {
  private let hasDied = "held\n"

  private func write(_ text: String, _ name: String, _ repository: Repository) throws {
    let path = repository.file(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private func exists(_ name: String, _ repository: Repository) -> Bool {
    FileManager.default.fileExists(atPath: repository.file(name))
  }

  @Test func aGitAtWorkKeepsItsLocksAfterAKill() throws {
    let repository = try Workspace().split(.short)
    let names = [
      ".git/index.lock", ".git/HEAD.lock", ".git/config.lock", ".git/packed-refs.lock",
      ".git/refs/heads/other.lock", ".git/refs/remotes/origin/x.lock",
      ".git/objects/pack/multi-pack-index.lock",
    ]
    for name in names { try write("", name, repository) }
    try write(hasDied, ".git/vidgit/lock", repository)
    try repository.vidgit("branch", "other").expectError(Status.conflict, Status.system)
    // Even where the one that was killed would have liked to have it.
    try write(hasDied + "refs/heads/other.lock\0", ".git/vidgit/lock", repository)
    let later = Date(timeIntervalSinceNow: 600)
    let lock = repository.file(".git/refs/heads/other.lock")
    try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: lock)
    try repository.vidgit("branch", "other").expectError(Status.conflict, Status.system)
    for name in names { #expect(exists(name, repository), "\(name)") }
    // What nobody touches for an hour is left by somebody.
    for name in names {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -4000)],
        ofItemAtPath: repository.file(name))
    }
    try repository.succeed("branch", "other")
    for name in names { #expect(!exists(name, repository), "\(name)") }
  }

  @Test func aFetchAtWorkKeepsItsPackAfterAKill() throws {
    let repository = try Workspace().split(.short)
    let pack = ".git/objects/pack/pack_git2_AbCdEf"
    try write("", pack, repository)
    let use = open(repository.file(".git/vidgit"), O_RDONLY | O_CLOEXEC)
    try #require(use >= 0 && flock(use, LOCK_SH) == 0)
    try write(hasDied, ".git/vidgit/lock", repository)
    try repository.succeed("branch", "one")
    #expect(exists(pack, repository))
    close(use)
    try write(hasDied, ".git/vidgit/lock", repository)
    try repository.succeed("branch", "two")
    #expect(!exists(pack, repository))
  }

  /// Killed right after it made a lock file, a vidgit is in nobody's way.
  @Test(
    .enabled(if: FaultRun.unavailable == nil, "fault injection needs LD_PRELOAD (Linux)"),
    arguments: [["cut", "0"], ["switch", "-c", "new"], ["branch", "-D", "old"]])
  func aKilledOneLeavesNoLocks(_ command: [String]) throws {
    let clip = try Clip.short.orSkip()
    let run = try FaultRun(Tool.vidgit, ["-C", "linked"] + command) {
      try Tool.vidgit.succeed(["split", clip, "repo"], in: $0)
      try Tool.git.succeed(["-C", "repo", "branch", "old"], in: $0)
      try Tool.git.succeed(["-C", "repo", "pack-refs", "--all"], in: $0)
      try Tool.git.succeed(
        ["-C", "repo", "worktree", "add", "-q", "../linked", "-b", "there"], in: $0)
      try Tool.git.succeed(["-C", "repo", "config", "branch.old.remote", "origin"], in: $0)
    }
    let whole = try run.undisturbed()
    #expect(whole.result.status == 0, Comment(rawValue: whole.description))
    let made = whole.calls.filter {
      $0.operation == "open-create" && $0.path.hasSuffix(".lock")
        && !$0.path.contains("/objects/")
    }
    #expect(made.count >= 2)
    for call in made {
      let outcome = try run.broken(.killAfter, at: call.number)
      let said = Comment(rawValue: outcome.description)
      #expect(FileManager.default.fileExists(atPath: call.path), said)
      // The next one may come in another work tree.
      try Tool.vidgit.succeed(["-C", "repo", "branch", "next"], in: run.folder)
      #expect(!FileManager.default.fileExists(atPath: call.path), said)
      try Tool.vidgit.succeed(["-C", "linked", "status"], in: run.folder)
      let faults = try RepositoryCheck("\(run.folder)/linked").faults()
      #expect(faults == [], said)
    }
  }
}
