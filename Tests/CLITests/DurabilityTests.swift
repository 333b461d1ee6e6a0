import Foundation
import TestSupport
import Testing

/// Kills `split` and a pass at every call that changes the disk, fills the disk and breaks it, and looks at
/// what is left: history whole, and the same command again ends where an undisturbed run ends.
@Suite(
  .enabled(if: FaultRun.unavailable == nil, "fault injection needs LD_PRELOAD (Linux)"),
  .serialized)
struct DurabilityTests {
  /// Every how manieth call is broken; `make test-durability` breaks every one.
  private static let step = 11

  @Test(arguments: [Fault.killBefore, .killInWrite, .killAfter])
  func splitSurvivesAKill(_ fault: Fault) throws {
    let run = try splitRun()
    let expected = try treeOfUndisturbedSplit(run)
    let runs = try run.each(fault, step: Self.step) { outcome in
      let said = Comment(rawValue: outcome.description)
      #expect(outcome.result.signal == SIGKILL, said)
      let faults = try faultsOfHistory("\(run.folder)/repo")
      #expect(faults == [], said)
      try expectRecovery(run, "repo", expected, said)
    }
    #expect(runs > 5)
  }

  @Test(arguments: [Fault.killBefore, .killInWrite, .killAfter])
  func passSurvivesAKill(_ fault: Fault) throws {
    let run = try passRun()
    let main = try commit("main", in: run)
    let whole = try run.undisturbed()
    #expect(whole.result.status == 0, Comment(rawValue: whole.description))
    let expected = try RepositoryCheck("\(run.folder)/repo").tree(of: "noir")
    let runs = try run.each(fault, step: Self.step) { outcome in
      let said = Comment(rawValue: outcome.description)
      let faults = try faultsOfHistory("\(run.folder)/repo")
      #expect(faults == [], said)
      let now = try commit("main", in: run)
      #expect(now == main, said)
      try expectRecovery(run, "repo", expected, said, onlyIfMissing: "noir")
    }
    #expect(runs > 5)
  }

  @Test(arguments: [Fault.diskFull, .readWriteError], [true, false])
  func splitSaysThatTheDiskFails(_ fault: Fault, _ sticky: Bool) throws {
    let run = try splitRun()
    let expected = try treeOfUndisturbedSplit(run)
    try run.each(fault, sticky: sticky, step: Self.step) { outcome in
      let said = Comment(rawValue: outcome.description)
      try expectFailureOrSuccess(outcome, said)
      let faults = try faultsOfHistory("\(run.folder)/repo")
      #expect(faults == [], said)
      try expectRecovery(run, "repo", expected, said)
    }
  }

  @Test(arguments: [Fault.diskFull, .readWriteError], [true, false])
  func passSaysThatTheDiskFails(_ fault: Fault, _ sticky: Bool) throws {
    let run = try passRun()
    let main = try commit("main", in: run)
    let expected = try treeOfUndisturbedPass(run)
    try run.each(fault, sticky: sticky, step: Self.step) { outcome in
      let said = Comment(rawValue: outcome.description)
      try expectFailureOrSuccess(outcome, said)
      let faults = try faultsOfHistory("\(run.folder)/repo")
      #expect(faults == [], said)
      let now = try commit("main", in: run)
      #expect(now == main, said)
      try expectRecovery(run, "repo", expected, said, onlyIfMissing: "noir")
    }
  }

  @Test(arguments: [true, false]) func renderLeavesNoHalfFile(_ sticky: Bool) throws {
    let clip = try Clip.short.orSkip()
    let run = try FaultRun(Tool.vidgit, ["-C", "repo", "render", "main", "-o", "../out.mkv"]) {
      try Tool.vidgit.succeed(["split", clip, "repo"], in: $0)
    }
    for fault in [Fault.diskFull, .readWriteError] {
      try run.each(fault, sticky: sticky, step: 2) { outcome in
        let said = Comment(rawValue: outcome.description)
        let names = try FileManager.default.contentsOfDirectory(atPath: run.folder).sorted()
        if outcome.result.status == 0 {
          #expect(names == ["out.mkv", "repo"], said)
          let frames = try FrameHash.ofFFmpeg("\(run.folder)/out.mkv").lines.count
          #expect(frames == 8, said)
        } else {
          #expect(outcome.result.status == Status.system, said)
          // A disk that has broken for good lets nothing be removed: what stays is hidden, and goes with the
          // next run.
          let mayStay = sticky && fault == .readWriteError
          // Where the folder does not get onto the disk the file has its name, and is whole.
          let isNamed = outcome.result.errors.contains("cannot write '../'")
          #expect(
            names.filter { !mayStay || $0 != ".out.mkv.vidgit-part" }
              == (isNamed ? ["out.mkv", "repo"] : ["repo"]), said)
          if isNamed {
            let frames = try FrameHash.ofFFmpeg("\(run.folder)/out.mkv").lines.count
            #expect(frames == 8, said)
          }
          let again = try run.again()
          #expect(again.result.status == 0, "\(said)\n\(again.description)")
          let then = try FileManager.default.contentsOfDirectory(atPath: run.folder).sorted()
          #expect(then == ["out.mkv", "repo"], said)
        }
      }
    }
  }

  @Test func picturesLeaveNoHalfFolder() throws {
    let clip = try Clip.short.orSkip()
    let run = try FaultRun(Tool.vidgit, ["-C", "repo", "export", "images", "-o", "../out"]) {
      try Tool.vidgit.succeed(["split", clip, "repo"], in: $0)
    }
    try run.each(.diskFull, sticky: true, step: 5) { outcome in
      let said = Comment(rawValue: outcome.description)
      let names = try FileManager.default.contentsOfDirectory(atPath: run.folder).sorted()
      guard outcome.result.status != 0 else { return }
      #expect(outcome.result.status == Status.system, said)
      #expect(names == ["repo"], said)
      let again = try run.again()
      #expect(again.result.status == 0, "\(said)\n\(again.description)")
    }
  }

  /// What a kill does not show and a loss of power does.
  @Test func everythingIsOnDiskBeforeItHasItsName() throws {
    for run in [try splitRun(), try passRun()] {
      let outcome = try run.undisturbed()
      #expect(outcome.result.status == 0, Comment(rawValue: outcome.description))
      let watched = outcome.calls.filter { call in
        [".git/objects/", ".git/refs/", ".git/vidgit/objects/"].contains {
          (call.newPath ?? call.path).contains($0)
        }
      }
      #expect(watched.contains { $0.operation == "rename" || $0.operation == "link" })
      #expect(watched.renamedBeforeSync == [])
      // The ref comes last: every object was named before it.
      let ref = watched.lastIndex { $0.newPath?.contains(".git/refs/heads/") == true }
      let object = watched.lastIndex { $0.newPath?.contains(".git/objects/") == true }
      #expect(try #require(object) < #require(ref))
    }
  }

  // MARK: the runs

  private func splitRun() throws -> FaultRun {
    let clip = try Clip.short.orSkip()
    return try FaultRun(Tool.vidgit, ["split", clip, "repo"])
  }

  private func passRun() throws -> FaultRun {
    let clip = try Clip.short.orSkip()
    return try FaultRun(Tool.vidgit, ["-C", "repo", "filter", "noir", "-b", "noir"]) {
      try Tool.vidgit.succeed(["split", clip, "repo"], in: $0)
    }
  }

  private func treeOfUndisturbedSplit(_ run: FaultRun) throws -> String {
    let whole = try run.undisturbed()
    #expect(whole.result.status == 0, Comment(rawValue: whole.description))
    return try RepositoryCheck("\(run.folder)/repo").tree(of: "main")
  }

  private func treeOfUndisturbedPass(_ run: FaultRun) throws -> String {
    let whole = try run.undisturbed()
    #expect(whole.result.status == 0, Comment(rawValue: whole.description))
    return try RepositoryCheck("\(run.folder)/repo").tree(of: "noir")
  }

  private func commit(_ revision: String, in run: FaultRun) throws -> String {
    try Tool.git.succeed(["rev-parse", revision], in: "\(run.folder)/repo").output
  }

  // MARK: what must hold

  /// Whatever refs there are, all that they reach is there. A repository that has no commit yet has no history.
  private func faultsOfHistory(_ path: String) throws -> [String] {
    var check = RepositoryCheck(path)
    check.requiresCleanTree = false
    guard FileManager.default.fileExists(atPath: "\(path)/.git"),
      let refs = try? check.refs(), !refs.isEmpty
    else { return [] }
    return try check.faults()
  }

  /// A run with a failing disk says so, or did without what failed.
  private func expectFailureOrSuccess(_ outcome: FaultRun.Outcome, _ said: Comment) throws {
    #expect(outcome.result.signal == nil, said)
    guard outcome.result.status != 0 else { return }
    #expect(outcome.result.status == Status.system, said)
    #expect(outcome.result.errors.contains("error: "), said)
  }

  /// The same command again ends in the same tree, or says that all is done already.
  private func expectRecovery(
    _ run: FaultRun, _ name: String, _ tree: String, _ said: Comment,
    onlyIfMissing branch: String = "main"
  ) throws {
    let path = "\(run.folder)/\(name)"
    let check = RepositoryCheck(path)
    let isDone =
      FileManager.default.fileExists(atPath: "\(path)/.git")
      && (try? check.tree(of: "refs/heads/\(branch)")) != nil
    let again = try run.again()
    if isDone {
      // The ref had moved before the end: what is asked for exists.
      #expect([0, Status.conflict].contains(again.result.status), "\(said)\n\(again.description)")
    } else {
      #expect(again.result.status == 0, "\(said)\n\(again.description)")
    }
    let now = try? check.tree(of: branch)
    #expect(now == tree, said)
    let faults = try check.faults()
    #expect(faults == [], said)
  }
}
