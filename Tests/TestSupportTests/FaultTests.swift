import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: FaultRun.unavailable == nil, "fault injection needs LD_PRELOAD (Linux)"))
struct FaultTests {
  @Test func countsTheCallsOfACopy() throws {
    let run = try FaultRun(Tool.require("cp"), ["a", "b"]) {
      try Data(repeating: 65, count: 100_000).write(to: URL(fileURLWithPath: "\($0)/a"))
    }
    let outcome = try run.undisturbed()
    #expect(outcome.result.status == 0)
    #expect(outcome.calls.first?.operation == "open-create")
    #expect(outcome.calls.first?.path == "\(run.folder)/b")
    #expect(outcome.calls.dropFirst().contains { $0.operation != "open-create" })
    #expect(!outcome.isBroken)
  }

  @Test func killsInTheMiddleOfAWrite() throws {
    let run = try FaultRun(Tool.require("dd"), ["if=a", "of=b", "bs=1000", "status=none"]) {
      try Data(repeating: 65, count: 3000).write(to: URL(fileURLWithPath: "\($0)/a"))
    }
    // Made, then three writes of 1000 bytes.
    for (fault, size) in [(Fault.killBefore, 1000), (.killInWrite, 1500), (.killAfter, 2000)] {
      let outcome = try run.broken(fault, at: 3)
      #expect(outcome.result.signal == SIGKILL)
      #expect(outcome.isBroken)
      #expect(try Data(contentsOf: URL(fileURLWithPath: "\(run.folder)/b")).count == size)
    }
  }

  @Test func fillsTheDisk() throws {
    let run = try FaultRun(
      Tool.require("sh"),
      ["-c", "dd if=/dev/zero of=a bs=10 count=3 status=none; mv a b; dd if=b of=c status=none"])
    // a is made; its first write, and what needs space after it, fails; a rename does not need any.
    let full = try run.broken(.diskFull, at: 2, sticky: true)
    #expect(full.result.errors.contains("No space left on device"))
    #expect(full.calls.filter { $0.operation == "rename" }.map(\.isBroken) == [false])
    #expect(full.calls.filter(\.isBroken).count >= 2)
    // Only once: the later copy succeeds.
    let once = try run.broken(.diskFull, at: 2)
    #expect(once.calls.filter(\.isBroken).count == 1)
    #expect(once.result.status == 0)
    let broken = try run.broken(.readWriteError, at: 2)
    #expect(broken.result.errors.contains("Input/output error"))
  }

  /// The reference: SQLite promises what this project promises, and keeps it.
  @Test(arguments: [Fault.killBefore, .killAfter, .killInWrite])
  func findsThatSQLiteLosesNothing(_ fault: Fault) throws {
    guard let sqlite = Tool.find("sqlite3") else { try skip("sqlite3 is not on PATH") }
    let run = try FaultRun(
      sqlite, ["db", "begin; insert into t values(2); insert into t values(3); commit"]
    ) {
      try sqlite.succeed(["db", "create table t(a); insert into t values(1)"], in: $0)
    }
    var counts: Set<String> = []
    let runs = try run.each(fault) { outcome in
      #expect(outcome.result.signal == SIGKILL, Comment(rawValue: outcome.description))
      let query = "pragma integrity_check; select count(*) from t"
      let lines = try sqlite.succeed(["db", query], in: run.folder).lines
      #expect(lines.first == "ok", Comment(rawValue: outcome.description))
      counts.insert(lines.last ?? "")
    }
    #expect(runs >= 5)
    // All or nothing. Deleting the journal is what commits, and the last call: only after it there are three.
    #expect(counts == (fault == .killAfter ? ["1", "3"] : ["1"]))
  }

  @Test func findsThatGitLosesNothing() throws {
    let git = try Tool.git
    let run = try FaultRun(git, ["commit", "-q", "-a", "-m", "Second"]) {
      try git.succeed(["init", "-q", "-b", "main"], in: $0)
      try Data("one\n".utf8).write(to: URL(fileURLWithPath: "\($0)/file"))
      try git.succeed(["add", "file"], in: $0)
      try git.succeed(["commit", "-q", "-m", "First"], in: $0)
      try Data("two\n".utf8).write(to: URL(fileURLWithPath: "\($0)/file"))
    }
    let runs = try run.each(.killAfter, step: 3) { outcome in
      var check = RepositoryCheck(run.folder)
      check.requiresCleanTree = false
      check.verifies = false
      let faults = try check.faults()
      let log = try git.succeed(["log", "--format=%s"], in: run.folder).lines
      #expect(faults == [], Comment(rawValue: outcome.description))
      #expect(log.last == "First")
    }
    #expect(runs > 3)
  }

  @Test func findsNamesGivenBeforeTheContentIsOnDisk() throws {
    let careless = try FaultRun(
      Tool.require("sh"), ["-c", "dd if=/dev/zero of=a count=1 status=none && mv a b"])
    #expect(try careless.undisturbed().calls.renamedBeforeSync.map(\.operation) == ["rename"])
    let careful = try FaultRun(
      Tool.require("sh"),
      ["-c", "dd if=/dev/zero of=a count=1 conv=fsync status=none && mv a b && sync ."])
    let calls = try careful.undisturbed().calls
    #expect(calls.renamedBeforeSync == [])
    #expect(calls.unsyncedFolders == [])
    #expect(try careless.undisturbed().calls.unsyncedFolders == [careless.folder])
  }
}
