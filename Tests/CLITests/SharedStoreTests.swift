import Foundation
import TestSupport
import Testing

/// The work trees of one repository (`git worktree add`) share what vidgit keeps beside it.
@Suite struct SharedStoreTests {
  /// A repository and a linked work tree of it, on the branch "there".
  private func linked(_ clip: Clip = .short) throws -> (main: Repository, linked: Repository) {
    let main = try Workspace().split(clip)
    _ = try main.git("worktree", "add", "-q", "../linked", "-b", "there")
    return (main, Repository(path: main.workspace.file("linked"), workspace: main.workspace))
  }

  private func pass(_ recipe: String, _ branch: String, _ place: Repository) throws -> [Int?] {
    let result = try object(
      place.succeed("filter", recipe, "-b", branch, "--json").output)
    return [result["made"] as? Int, result["reused"] as? Int]
  }

  @Test func shareMediaAndResults() throws {
    let (main, linked) = try linked()
    let count = try main.lines().count
    // The medium is known: the pass decodes it.
    #expect(try pass("noir", "noir", linked) == [count, 0])
    #expect(try pass("noir", "again", main) == [0, count])
    // Results that are stored are found from the other one too.
    #expect(try pass("trails", "trails", main).first == count)
    #expect(try pass("trails", "trails-again", linked).first == 0)
    #expect(try linked.frameHash("trails-again") == main.frameHash("trails"))

    try linked.succeed("switch", "there")
    #expect(try pass("sepia", "sepia", linked) == [count, 0])
    _ = try main.git("worktree", "remove", "../linked")
    try main.succeed("switch", "main")
    #expect(try pass("sepia", "sepia-again", main) == [0, count])
  }

  @Test func oneAtATimeChangesTheRepository() throws {
    let (main, linked) = try linked()
    let lock = try held(main.file(".git/vidgit/lock"))
    let state = try linked.state
    try linked.vidgit("cut", "0").expectError(
      Status.conflict, saying: ["another vidgit is working"])
    #expect(try linked.state == state)
    close(lock)
    try linked.succeed("cut", "0")
  }

  /// Locks as a vidgit at work does.
  private func held(_ path: String) throws -> Int32 {
    let lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    try #require(lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
    return lock
  }

  /// What another work tree shows is not the business of the one that comes first after a crash.
  @Test func recoverTheirOwnCommitsOnly() throws {
    let (main, linked) = try linked()
    let before = try linked.git("rev-parse", "HEAD")
    try linked.succeed("cut", "0")
    let after = try linked.git("rev-parse", "HEAD")
    // As a kill after the ref has moved leaves it.
    _ = try linked.git("reset", "-q", "--hard", before)
    let folder = main.file(".git/worktrees/linked/vidgit")
    let note = "\(folder)/pending.json"
    let text = """
      {"reference": "refs/heads/there", "from": "\(before)", "to": "\(after)",
       "workTree": "\(before)", "head": "there", "request": "x"}
      """
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: note))
    _ = try main.git("update-ref", "refs/heads/there", after)

    try main.succeed("status")
    try main.succeed("cut", "1")
    #expect(FileManager.default.fileExists(atPath: note))
    #expect(try linked.git("status", "--porcelain") != "")
    try linked.succeed("status")
    #expect(!FileManager.default.fileExists(atPath: note))
    #expect(try linked.git("status", "--porcelain") == "")
  }

  /// A commit that is half visible in another work tree needs its objects.
  @Test func gcKeepsWhatANoteOfAnotherOneNames() throws {
    let repository = try Repository.withTrails()
    let before = try repository.objects()
    let other = repository.path + "-other"
    _ = try repository.git("worktree", "add", "-q", "--detach", other, "main")
    let commit = try repository.git("rev-parse", "trails")
    let folder = repository.file(".git/worktrees/\((other as NSString).lastPathComponent)/vidgit")
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    try Data("{\"reference\": \"refs/heads/x\", \"to\": \"\(commit)\"}".utf8).write(
      to: URL(fileURLWithPath: "\(folder)/pending.json"))
    try repository.forgetTrails()
    #expect(try GcReport.count(repository.gc(), "objects") == 0)
    #expect(try repository.objects() == before)
    try FileManager.default.removeItem(atPath: "\(folder)/pending.json")
    #expect(try GcReport.count(repository.gc(), "objects") == before.count)
  }
}
