import Foundation
import TestSupport
import Testing

/// Kills a pass by a service at its disk calls, fills the disk and breaks it: the same command again ends
/// where an undisturbed run ends, and under a key nothing is paid twice.
@Suite(
  .enabled(if: FaultRun.unavailable == nil, "fault injection needs LD_PRELOAD (Linux)"),
  .serialized)
struct ServiceDiskTests {
  private static let step = 37

  @Test(arguments: [
    (Fault.killBefore, false), (.killInWrite, false), (.killAfter, false), (.diskFull, false),
    (.diskFull, true), (.readWriteError, false), (.readWriteError, true),
  ])
  func aBrokenPassCarriesOn(_ fault: Fault, _ sticky: Bool) async throws {
    let service = try TestService(Workspace())
    let recipe = try service.recipe()
    let clip = try Clip.short.orSkip()
    let run = try FaultRun(Tool.vidgit, ["-C", "repo", "filter", recipe, "-b", "made"]) { folder in
      try Tool.vidgit.succeed(["split", clip, "repo"], in: folder)
      try Tool.git.succeed(
        ["-C", "repo", "config", "vidgit.allowHost", "127.0.0.1"], in: folder)
    }
    let check = RepositoryCheck("\(run.folder)/repo")
    let whole = try run.undisturbed()
    #expect(whole.result.status == 0, Comment(rawValue: whole.description))
    let tree = try check.tree(of: "made")
    let step =
      ProcessInfo.processInfo.environment["VIDGIT_FAULT_STEP"].flatMap(Int.init) ?? Self.step
    var runs = 0
    var number = 1
    while true {
      try await service.server.reset()
      let outcome = try run.broken(fault, at: number, sticky: sticky)
      guard outcome.isBroken else { break }
      (runs, number) = (runs + 1, number + step)
      let said = Comment(rawValue: outcome.description)
      if outcome.result.signal == nil {
        #expect([0, Status.system].contains(outcome.result.status), said)
      } else {
        #expect(outcome.result.signal == SIGKILL, said)
      }
      let isDone = (try? check.tree(of: "refs/heads/made")) != nil
      let again = try run.again()
      #expect(
        (isDone ? [0, Status.conflict] : [0]).contains(again.result.status),
        "\(said)\n\(again.description)")
      #expect(try check.tree(of: "made") == tree, said)
      #expect(try check.faults() == [], said)
      let counts = try await service.server.counts()
      #expect(counts.frames == 8, said)
      #expect(counts.paidTwice == 0, said)
    }
    #expect(runs > 2)
  }
}
