import Foundation
import TestSupport
import Testing

/// Kills push and pull at their disk calls, and fills the disk: what is there is right, and the same
/// command again ends where an undisturbed run ends.
@Suite(
  .enabled(if: FaultRun.unavailable == nil, "fault injection needs LD_PRELOAD (Linux)"),
  .serialized)
struct TransferFaultTests {
  private static let step = 9

  /// The folder holds "repo", its clone "clone" and "store", which the run's own folder is the path of.
  private func run(_ words: [String], pushed: Bool) throws -> FaultRun {
    let clip = try Clip.short.orSkip()
    return try FaultRun(Tool.vidgit, words) { folder in
      try Tool.vidgit.succeed(["split", clip, "repo"], in: folder)
      let (repo, clone) = ("\(folder)/repo", "\(folder)/clone")
      try Tool.vidgit.succeed(["filter", Studio.recipe, "-b", "mix"], in: repo)
      try Tool.git.succeed(["clone", "-q", "-b", "mix", repo, "clone"], in: folder)
      try FileManager.default.createDirectory(
        atPath: "\(folder)/store", withIntermediateDirectories: false)
      for place in [repo, clone] {
        try Tool.vidgit.succeed(["store", "add", "nas", "file:\(folder)/store"], in: place)
      }
      if pushed { try Tool.vidgit.succeed(["push"], in: repo) }
    }
  }

  /// What a run that was killed has left.
  private func leftovers(_ folder: String) throws -> [String] {
    let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return all.filter { $0.contains(".tmp-") }
  }

  /// Names and contents, without what only a killed run leaves.
  private func contents(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for entry in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? []
    where !entry.contains(".tmp-") {
      if let data = FileManager.default.contents(atPath: "\(folder)/\(entry)") {
        files[entry] = data
      }
    }
    return files
  }

  @Test(arguments: [
    (Fault.killBefore, false), (.killInWrite, false), (.killAfter, false), (.diskFull, true),
  ])
  func aBrokenPushCarriesOn(_ fault: Fault, _ sticky: Bool) throws {
    let run = try run(["-C", "repo", "push"], pushed: false)
    let store = "\(run.folder)/store"
    let whole = try run.undisturbed()
    #expect(whole.calls.renamedBeforeSync.isEmpty)
    let expected = try contents(store)
    #expect(expected.count == 4)
    let runs = try run.each(fault, sticky: sticky, step: Self.step) { outcome in
      let said = Comment(rawValue: outcome.description)
      #expect(
        outcome.result.signal == SIGKILL || [0, Status.system].contains(outcome.result.status),
        said)
      // What has its name is whole.
      for (name, data) in try contents(store) { #expect(expected[name] == data, said) }
      let again = try run.again()
      #expect(again.result.status == 0, "\(said)\n\(again.description)")
      #expect(try contents(store) == expected, said)
    }
    #expect(runs > 2)
  }

  @Test func aFullStoreIsNamed() throws {
    let run = try run(["-C", "repo", "push"], pushed: false)
    let store = "\(run.folder)/store"
    let call = try #require(
      run.undisturbed().calls.first { $0.operation == "write" && $0.path.hasPrefix(store) })
    let outcome = try run.broken(.diskFull, at: call.number, sticky: true)
    let said = Comment(rawValue: outcome.description)
    #expect(outcome.result.status == Status.system, said)
    for part in ["in the store 'nas'", "is full", "vidgit push NAME"] {
      #expect(outcome.result.errors.contains(part), said)
    }
    #expect(try leftovers(store) == [], said)
  }

  @Test(arguments: [
    (Fault.killBefore, false), (.killInWrite, false), (.killAfter, false), (.diskFull, true),
  ])
  func aBrokenPullCarriesOn(_ fault: Fault, _ sticky: Bool) throws {
    let run = try run(["-C", "clone", "pull"], pushed: true)
    let objects = "\(run.folder)/clone/.git/vidgit/objects"
    let whole = try run.undisturbed()
    #expect(whole.calls.renamedBeforeSync.isEmpty)
    let expected = try contents(objects)
    #expect(expected.count > 5)
    let runs = try run.each(fault, sticky: sticky, step: Self.step) { outcome in
      let said = Comment(rawValue: outcome.description)
      #expect(
        outcome.result.signal == SIGKILL || [0, Status.system].contains(outcome.result.status),
        said)
      for (name, data) in try contents(objects) { #expect(expected[name] == data, said) }
      let again = try run.again()
      #expect(again.result.status == 0, "\(said)\n\(again.description)")
      #expect(try contents(objects) == expected, said)
      #expect(try leftovers("\(run.folder)/clone/.git/vidgit") == [], said)
      #expect(
        try Tool.vidgit.run(["verify", "--deep"], in: "\(run.folder)/clone").status == 0, said)
    }
    #expect(runs > 3)
  }
}
