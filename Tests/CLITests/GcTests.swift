import Foundation
import TestSupport
import Testing

/// `vidgit gc` against what stock git does to references.
///
/// "trails" looks at several frames, so that its results are stored: one object for each frame that
/// it changes.
@Suite struct GcTests {
  /// A repository whose branch "trails" has objects; HEAD is on main.
  private func start() throws -> Repository {
    let repository = try Workspace().split(.short)
    try repository.succeed("filter", "trails", "-b", "trails")
    _ = try repository.git("switch", "-q", "main")
    #expect(try objects(repository) != [])
    return repository
  }

  private func objects(_ repository: Repository) throws -> [String] {
    let folder = repository.file(".git/vidgit/objects")
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".nut") }.sorted()
  }

  private func gc(_ repository: Repository, _ options: String...) throws -> [String: Any] {
    let result = try Tool.vidgit.succeed(
      ["gc", "--prune=now", "--json"] + options, in: repository.path)
    return try object(result.output)
  }

  private func count(_ result: [String: Any], _ key: String) throws -> Int {
    let total = try #require(result[key] as? [String: Any])
    return try #require(total["count"] as? Int)
  }

  /// Deletes the branch and everything by which git could bring it back.
  private func forget(_ repository: Repository) throws {
    _ = try repository.git("branch", "-q", "-D", "trails")
    _ = try repository.git("reflog", "expire", "--expire=now", "--all")
  }

  @Test func keepsWhatABranchNeeds() throws {
    let repository = try start()
    let before = try objects(repository)
    let result = try gc(repository)
    #expect(try count(result, "objects") == 0)
    #expect(try objects(repository) == before)
    _ = try repository.git("switch", "-q", "trails")
    try repository.succeed("verify", "--deep")
  }

  @Test func removesWhatNothingNeeds() throws {
    let repository = try start()
    let before = try objects(repository)
    try forget(repository)

    let dry = try gc(repository, "--dry-run")
    #expect(try count(dry, "objects") == before.count)
    #expect(try objects(repository) == before)
    let result = try gc(repository)
    #expect(try count(result, "objects") == before.count)
    #expect(result["results"] as? Int == dry["results"] as? Int)
    #expect((result["results"] as? Int ?? 0) >= before.count)
    #expect(try objects(repository) == [])
    #expect(try count(gc(repository), "objects") == 0)
    // The same pass makes everything anew.
    let again = try repository.succeed("filter", "trails", "-b", "again", "--json")
    #expect(try object(again.output)["reused"] as? Int == 0)
    #expect(try objects(repository) == before)
    try repository.succeed("verify", "--deep")
  }

  /// Files without a name of their own yet, of a process that was killed: no age is asked.
  @Test func clearsWhatAKilledProcessHasLeft() throws {
    let repository = try start()
    let before = try objects(repository)
    let places = [
      "objects/\(try #require(before.first)).tmp-1-2", "media/pictures.tmp-1", "x.json.tmp-1",
    ]
    let files = places.map { repository.file(".git/vidgit/\($0)") }
    func write() throws {
      for file in files {
        let folder = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        try Data("half".utf8).write(to: URL(fileURLWithPath: file))
      }
    }
    func left() -> Int { files.count { FileManager.default.fileExists(atPath: $0) } }
    try write()
    // Somebody is at work there: they may be theirs.
    let user = open(repository.file(".git/vidgit"), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    #expect(flock(user, LOCK_SH) == 0)
    try Tool.vidgit.succeed(["gc", "--prune=now"], in: repository.path)
    #expect(left() == 3)
    close(user)
    let dry = try Tool.vidgit.succeed(["gc", "--dry-run", "--json"], in: repository.path)
    #expect(try count(object(dry.output), "leftovers") == 3)
    #expect(left() == 3)
    let result = try Tool.vidgit.succeed(["gc", "--json"], in: repository.path)
    #expect(try count(object(result.output), "leftovers") == 3)
    #expect(left() == 0)
    #expect(try objects(repository) == before)
  }

  @Test func keepsWhatIsYoung() throws {
    let repository = try start()
    let before = try objects(repository)
    try forget(repository)
    let result = try Tool.vidgit.succeed(["gc"], in: repository.path)
    #expect(result.output.contains("because they are young"))
    #expect(try objects(repository) == before)
    let never = try Tool.vidgit.succeed(["gc", "--prune=never"], in: repository.path)
    #expect(never.output.contains("Removed 0 objects"))
    // Fifteen days later.
    for name in before {
      let path = repository.file(".git/vidgit/objects/\(name)")
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -15 * 86_400)], ofItemAtPath: path)
    }
    try Tool.vidgit.succeed(["gc"], in: repository.path)
    #expect(try objects(repository) == [])
  }

  @Test func aDeletedBranchLivesAsLongAsItsReflog() throws {
    let repository = try start()
    let before = try objects(repository)
    _ = try repository.git("branch", "-q", "-D", "trails")
    // HEAD's reflog remembers the commit.
    #expect(try count(gc(repository), "objects") == 0)
    #expect(try objects(repository) == before)
    _ = try repository.git("config", "gc.reflogExpire", "1.second.ago")
    #expect(try count(gc(repository), "objects") == 0, "the other setting is longer")
    _ = try repository.git("config", "gc.reflogExpireUnreachable", "now")
    // Whatever the dates in the reflog are, they are over a second old by now.
    Thread.sleep(forTimeInterval: 2.1)
    #expect(try count(gc(repository), "objects") == before.count)
  }

  @Test(arguments: [
    "tag", "annotated", "stash", "remote", "note", "worktree", "index", "file", "detached",
    "unfinished",
  ])
  func keepsWhatGitHoldsOnTo(_ holder: String) throws {
    let repository = try start()
    let before = try objects(repository)
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
    #expect(try count(gc(repository), "objects") == 0)
    #expect(try objects(repository) == before)

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
    #expect(try count(gc(repository), "objects") == before.count)
    try repository.expectWhole()
  }

  @Test func keepsWhatAMergeInProgressNeeds() throws {
    let repository = try start()
    let before = try objects(repository)
    _ = try repository.git("merge", "-q", "--no-ff", "--no-commit", "trails")
    try FileManager.default.removeItem(atPath: repository.file(".git/index"))
    _ = try repository.git("checkout", "-q", "HEAD", "--", ".")
    try forget(repository)
    #expect(FileManager.default.fileExists(atPath: repository.file(".git/MERGE_HEAD")))
    #expect(try count(gc(repository), "objects") == 0)
    #expect(try objects(repository) == before)
  }

  @Test func removesMediaThatNoRevisionNames() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short, ["--copy"])
    let media = repository.file(".git/vidgit/media")
    #expect(try FileManager.default.contentsOfDirectory(atPath: media).count == 1)
    let stranger = String(repeating: "a", count: 64)
    try Data("old".utf8).write(to: URL(fileURLWithPath: "\(media)/\(stranger)"))
    try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(media)/README"))
    #expect(try count(gc(repository, "--keep-media"), "media") == 0)
    #expect(try count(gc(repository), "media") == 1)
    let left = try FileManager.default.contentsOfDirectory(atPath: media)
    #expect(!left.contains(stranger) && left.contains("README") && left.count == 2)
    try repository.succeed("verify", "--deep")
  }

  @Test func removesNothingWhereARevisionCannotBeRead() throws {
    let repository = try start()
    try repository.edit("frames/000000.jsonl") { "not a line\n" + $0 }
    let broken = try repository.git("rev-parse", "--short=10", "HEAD")
    _ = try repository.git("reset", "-q", "--hard", "HEAD^")
    _ = try repository.git("branch", "-q", "-D", "trails")
    let before = try objects(repository)
    let result = try repository.vidgit("gc", "--prune=now")
    result.expectError(Status.badInput, saying: [broken, "cannot be read", "frames/000000.jsonl"])
    #expect(try objects(repository) == before)
    // A branch that leads nowhere.
    let nowhere = repository.file(".git/refs/heads/nowhere")
    try Data("\(String(repeating: "12", count: 20))\n".utf8).write(
      to: URL(fileURLWithPath: nowhere))
    try repository.vidgit("gc", "--prune=now").expectError(
      Status.badInput, saying: ["cannot be read"])
    try FileManager.default.removeItem(atPath: nowhere)
    // A shard that Git has lost.
    let blob = try repository.git("rev-parse", "HEAD:frames/000000.jsonl")
    _ = try repository.git("update-ref", "-d", "ORIG_HEAD")
    _ = try repository.git("reflog", "expire", "--expire=now", "--all")
    for pack in try FileManager.default.contentsOfDirectory(
      atPath: repository.file(".git/objects/pack")) where pack.hasSuffix(".pack")
    {
      let path = repository.file(".git/objects/pack/\(pack)")
      try FileManager.default.moveItem(atPath: path, toPath: repository.file(".git/moved"))
      try Tool.git.succeed(
        ["unpack-objects", "-q"], in: repository.path,
        input: Data(contentsOf: URL(fileURLWithPath: repository.file(".git/moved"))))
      try FileManager.default.removeItem(atPath: repository.file(".git/moved"))
      let index = String(path.dropLast(5)) + ".idx"
      try FileManager.default.removeItem(atPath: index)
    }
    try FileManager.default.removeItem(
      atPath: repository.file(".git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))"))
    let lost = try repository.vidgit("gc", "--prune=now")
    lost.expectError(Status.badInput, saying: ["cannot be read", "frames/000000.jsonl"])
    #expect(try objects(repository) == before)
  }

  /// Branches and files that have nothing to do with video are in nobody's way.
  @Test func passesOverWhatIsNoVideo() throws {
    let repository = try start()
    try forget(repository)
    _ = try repository.git("switch", "-q", "--orphan", "pages")
    let folder = repository.file("media")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("no JSON".utf8).write(to: URL(fileURLWithPath: "\(folder)/a.css"))
    try Data(count: 33 << 20).write(to: URL(fileURLWithPath: "\(folder)/big.mp4"))
    _ = try repository.git("add", "media")
    _ = try repository.git("commit", "-q", "-m", "pages")
    try Data(count: 34 << 20).write(to: URL(fileURLWithPath: "\(folder)/bigger.mp4"))
    #expect(try count(gc(repository), "objects") > 0)
    #expect(try objects(repository) == [])
  }

  @Test func doesNothingWhileAnotherCommandWorks() throws {
    let repository = try start()
    try forget(repository)
    let before = try objects(repository)
    let lock = repository.file(".git/vidgit/lock")
    let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    try repository.vidgit("gc", "--prune=now").expectError(Status.conflict)
    #expect(try objects(repository) == before)
    // A program that another test is just starting may hold a copy of the descriptor.
    flock(descriptor, LOCK_UN)
    close(descriptor)
    #expect(try count(gc(repository), "objects") == before.count)
  }

  @Test func refusesAnAgeThatIsNone() throws {
    let repository = try Workspace().split(.short)
    try repository.vidgit("gc", "--prune=yesterday-ish").expectError(
      Status.usage, saying: ["yesterday-ish"])
  }

  @Test(.enabled(if: FaultRun.unavailable == nil, Comment(rawValue: FaultRun.unavailable ?? "")))
  func aKilledRunLosesNothing() throws {
    let run = try FaultRun(Tool.vidgit, ["-C", "repo", "gc", "--prune=now"]) { folder in
      let clip = try Clip.short.orSkip()
      try Tool.vidgit.succeed(["split", clip, "repo"], in: folder)
      let repo = folder + "/repo"
      try Tool.vidgit.succeed(["filter", "trails", "-b", "a", "--range", "..4"], in: repo)
      try Tool.git.succeed(["switch", "-q", "main"], in: repo)
      try Tool.vidgit.succeed(["filter", "trails", "-b", "b", "--range", "4.."], in: repo)
      try Tool.git.succeed(["branch", "-q", "-D", "a"], in: repo)
      try Tool.git.succeed(["reflog", "expire", "--expire=now", "--all"], in: repo)
    }
    let broken = try run.each(.killBefore, step: 7) { outcome in
      let repo = run.folder + "/repo"
      // What is left of it makes the same frames again, and "b" is whole.
      #expect(try RepositoryCheck(repo).faults() == [], "\(outcome.description)")
      try Tool.git.succeed(["switch", "-q", "main"], in: repo)
      try Tool.vidgit.succeed(["filter", "trails", "-b", "a", "--range", "..4"], in: repo)
      let verify = try Tool.vidgit.run(["verify", "--deep"], in: repo)
      #expect(verify.status == 0, "\(verify.snapshot)\n\(outcome.description)")
    }
    #expect(broken > 0)
  }
}
