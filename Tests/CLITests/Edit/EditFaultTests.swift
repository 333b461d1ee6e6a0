import Foundation
import TestSupport
import Testing

/// Kills an edit at disk calls all over it, and runs the same command again: it is done once, not twice.
@Suite(
  .enabled(if: FaultRun.unavailable == nil, "fault injection needs LD_PRELOAD (Linux)"),
  .serialized)
struct EditFaultTests {
  @Test(arguments: [Fault.killBefore, .killAfter]) func repeatsOnce(_ fault: Fault) throws {
    let clip = try Clip.short.orSkip()
    try expectOnce(fault, ["repeat", "2..4"], step: 3) {
      try Tool.vidgit.succeed(["split", clip, "repo"], in: $0)
    }
  }

  @Test(arguments: [Fault.killBefore]) func splicesOnce(_ fault: Fault) throws {
    let (clip, other) = (try Clip.short.orSkip(), try Clip.vfr.orSkip())
    try expectOnce(fault, ["splice", other, "at", "3"], step: 4) {
      try Tool.vidgit.succeed(["split", clip, "repo"], in: $0)
    }
  }

  private func expectOnce(
    _ fault: Fault, _ arguments: [String], step: Int, prepare: (String) throws -> Void
  ) throws {
    let run = try FaultRun(Tool.vidgit, ["-C", "repo"] + arguments, prepare: prepare)
    let path = "\(run.folder)/repo"
    let check = RepositoryCheck(path)
    let start = try Tool.git.succeed(["rev-parse", "HEAD"], in: path).output
    let whole = try run.undisturbed()
    #expect(whole.result.status == 0, Comment(rawValue: whole.description))
    let expected = try check.tree()
    var moved = 0
    let runs = try run.each(fault, step: step) { outcome in
      let said = Comment(rawValue: outcome.description)
      let isThere = try Tool.git.succeed(["rev-parse", "HEAD"], in: path).output != start
      if isThere { moved += 1 }
      let again = try run.again()
      // A kill after the last step leaves no trace by which the command could be known again.
      let isOver = try Tool.git.succeed(["rev-list", "--count", "HEAD"], in: path).output == "3\n"
      #expect(again.result.status == 0, "\(said)\n\(again.description)")
      if !isOver {
        let tree = try check.tree()
        #expect(tree == expected, said)
      } else {
        let note = outcome.calls.last { $0.path.hasSuffix("pending.json") }
        #expect(note?.operation == "unlink", said)
      }
      let faults = try check.faults()
      #expect(faults == [], said)
    }
    #expect(runs > 5)
    #expect(moved > 0)
  }
}
