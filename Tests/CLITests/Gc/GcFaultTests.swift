import Foundation
import TestSupport
import Testing

/// `vidgit gc` where something is broken, busy, or killed.
@Suite struct GcFaultTests {
  @Test func removesNothingWhereARevisionCannotBeRead() throws {
    let repository = try Repository.withTrails()
    try repository.edit("frames/000000.jsonl") { "not a line\n" + $0 }
    let broken = try repository.git("rev-parse", "--short=10", "HEAD")
    _ = try repository.git("reset", "-q", "--hard", "HEAD^")
    _ = try repository.git("branch", "-q", "-D", "trails")
    let before = try repository.objects()
    let result = try repository.vidgit("gc", "--prune=now")
    result.expectError(Status.badInput, saying: [broken, "cannot be read", "frames/000000.jsonl"])
    #expect(try repository.objects() == before)
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
    #expect(try repository.objects() == before)
  }

  @Test func doesNothingWhileAnotherCommandWorks() throws {
    let repository = try Repository.withTrails()
    try repository.forgetTrails()
    let before = try repository.objects()
    let lock = repository.file(".git/vidgit/lock")
    let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    try repository.vidgit("gc", "--prune=now").expectError(Status.conflict)
    #expect(try repository.objects() == before)
    // A program that another test is just starting may hold a copy of the descriptor.
    flock(descriptor, LOCK_UN)
    close(descriptor)
    #expect(try GcReport.count(repository.gc(), "objects") == before.count)
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
