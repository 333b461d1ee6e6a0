import Foundation
import TestSupport
import Testing

/// Kills a pass by a program at its disk calls, fills the disk and breaks it: the same command again ends
/// where an undisturbed run ends.
@Suite(
  .enabled(if: FaultRun.unavailable == nil, "fault injection needs LD_PRELOAD (Linux)"),
  .serialized)
struct CommandDurabilityTests {
  private static let step = 13

  private func run() throws -> FaultRun {
    let clip = try Clip.short.orSkip()
    let words = ["-C", "repo", "filter", "command:cp $INPUT $OUTPUT", "-b", "made"]
    return try FaultRun(Tool.vidgit, words) {
      try Tool.vidgit.succeed(["split", clip, "repo"], in: $0)
    }
  }

  @Test(arguments: [
    (Fault.killBefore, false), (.killInWrite, false), (.killAfter, false), (.diskFull, false),
    (.diskFull, true), (.readWriteError, false), (.readWriteError, true),
  ])
  func aBrokenPassCarriesOn(_ fault: Fault, _ sticky: Bool) throws {
    let run = try run()
    let check = RepositoryCheck("\(run.folder)/repo")
    let whole = try run.undisturbed()
    #expect(whole.result.status == 0, Comment(rawValue: whole.description))
    let tree = try check.tree(of: "made")
    let runs = try run.each(fault, sticky: sticky, step: Self.step) { outcome in
      let said = Comment(rawValue: outcome.description)
      let result = outcome.result
      if result.signal == nil {
        #expect(result.status == 0 || result.status == Status.system, said)
      } else {
        #expect(result.signal == SIGKILL, said)
      }
      let isDone = (try? check.tree(of: "refs/heads/made")) != nil
      let again = try run.again()
      #expect(
        (isDone ? [0, Status.conflict] : [0]).contains(again.result.status),
        "\(said)\n\(again.description)")
      #expect(try check.tree(of: "made") == tree, said)
      #expect(try check.faults() == [], said)
    }
    #expect(runs > 5)
  }
}
