import Foundation
import TestSupport
import Testing

/// `vidgit gc` against what stock git does to references.
@Suite struct GcRootTests {
  @Test func aDeletedBranchLivesAsLongAsItsReflog() throws {
    let repository = try Repository.withTrails()
    let before = try repository.objects()
    _ = try repository.git("branch", "-q", "-D", "trails")
    // HEAD's reflog remembers the commit.
    #expect(try GcReport.count(repository.gc(), "objects") == 0)
    #expect(try repository.objects() == before)
    _ = try repository.git("config", "gc.reflogExpire", "1.second.ago")
    #expect(try GcReport.count(repository.gc(), "objects") == 0, "the other setting is longer")
    _ = try repository.git("config", "gc.reflogExpireUnreachable", "now")
    // Whatever the dates in the reflog are, they are over a second old by now.
    Thread.sleep(forTimeInterval: 2.1)
    #expect(try GcReport.count(repository.gc(), "objects") == before.count)
  }

  @Test(arguments: [
    "tag", "annotated", "stash", "remote", "note", "worktree", "index", "file", "detached",
    "unfinished",
  ])
  func keepsWhatGitHoldsOnTo(_ holder: String) throws {
    let repository = try Repository.withTrails()
    let before = try repository.objects()
    let git = { (arguments: [String]) in
      _ = try Tool.git.succeed(arguments, in: repository.path)
    }
    let other = repository.path + "-other"
    let pending = repository.file(".git/vidgit/pending.json")
    switch holder {
    case "tag": try git(["tag", "kept", "trails"])
    case "annotated": try git(["tag", "-a", "-m", "kept", "kept", "trails"])
    case "remote": try git(["update-ref", "refs/remotes/origin/trails", "trails"])
    case "note": try git(["update-ref", "refs/notes/kept", "trails"])
    case "worktree": try git(["worktree", "add", "-q", "--detach", other, "trails"])
    case "detached": try git(["switch", "-q", "--detach", "trails"])
    case "unfinished":
      let commit = try repository.git("rev-parse", "trails")
      let note = "{\"reference\": \"refs/heads/x\", \"to\": \"\(commit)\"}"
      try Data(note.utf8).write(to: URL(fileURLWithPath: pending))
    case "stash", "index", "file":
      try git(["checkout", "-q", "trails", "--", "frames", "filters"])
      if holder == "stash" {
        // The second of two stashes stands in the reflog of refs/stash alone.
        try git(["stash"])
        try Data("{}\n".utf8).write(to: URL(fileURLWithPath: repository.file("other.json")))
        try git(["stash", "-u"])
      }
      if holder == "file" { try git(["reset", "-q"]) }
    default: Issue.record("no such holder")
    }
    _ = try repository.git("branch", "-q", "-D", "trails")
    for name in ["HEAD", "refs/heads/main"] {
      try git(["reflog", "expire", "--expire=now", "--expire-unreachable=now", name])
    }
    if holder == "worktree" {
      try git(["-C", other, "reflog", "expire", "--expire=now", "HEAD"])
    }
    #expect(try GcReport.count(repository.gc(), "objects") == 0)
    #expect(try repository.objects() == before)

    switch holder {
    case "tag", "annotated": try git(["tag", "-d", "kept"])
    case "remote": try git(["update-ref", "-d", "refs/remotes/origin/trails"])
    case "note": try git(["update-ref", "-d", "refs/notes/kept"])
    case "worktree": try git(["worktree", "remove", "--force", other])
    case "stash": try git(["stash", "clear"])
    case "unfinished": try FileManager.default.removeItem(atPath: pending)
    case "detached":
      try git(["switch", "-q", "main"])
      try git(["reflog", "expire", "--expire=now", "HEAD"])
    default:
      try git(["reset", "-q", "--hard"])
      try git(["clean", "-q", "-f", "-d"])
    }
    // `reset --hard` notes what was there in ORIG_HEAD, which is main here.
    #expect(try GcReport.count(repository.gc(), "objects") == before.count)
    try repository.expectWhole()
  }

  @Test func keepsWhatAMergeInProgressNeeds() throws {
    let repository = try Repository.withTrails()
    let before = try repository.objects()
    _ = try repository.git("merge", "-q", "--no-ff", "--no-commit", "trails")
    try FileManager.default.removeItem(atPath: repository.file(".git/index"))
    _ = try repository.git("checkout", "-q", "HEAD", "--", ".")
    try repository.forgetTrails()
    #expect(FileManager.default.fileExists(atPath: repository.file(".git/MERGE_HEAD")))
    #expect(try GcReport.count(repository.gc(), "objects") == 0)
    #expect(try repository.objects() == before)
  }
}
