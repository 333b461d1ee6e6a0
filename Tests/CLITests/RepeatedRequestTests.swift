import Foundation
import TestSupport
import Testing

/// A command that was killed when its commit was made already, and is run again.
@Suite(.enabled(if: FaultRun.unavailable == nil, "fault injection needs LD_PRELOAD (Linux)"))
struct RepeatedRequestTests {
  /// Kills the command right after the ref of the current branch has moved.
  private func kill(_ run: FaultRun) throws {
    let whole = try run.undisturbed()
    #expect(whole.result.status == 0, Comment(rawValue: whole.description))
    let move = try #require(
      whole.calls.last {
        $0.operation == "rename" && $0.newPath?.contains(".git/refs/heads/") == true
      })
    let outcome = try run.broken(.killAfter, at: move.number)
    #expect(outcome.result.signal == SIGKILL, Comment(rawValue: outcome.description))
  }

  private func run(_ command: String...) throws -> FaultRun {
    let clip = try Clip.short.orSkip()
    return try FaultRun(Tool.vidgit, ["-C", "repo"] + command) {
      try Tool.vidgit.succeed(["split", clip, "repo"], in: $0)
      try look("noir", $0)
    }
  }

  private func look(_ name: String, _ folder: String) throws {
    let recipe = try Tool.vidgit.succeed(["palette", "show", name]).standardOutput
    try recipe.write(to: URL(fileURLWithPath: "\(folder)/mine.json"))
  }

  private func tip(_ run: FaultRun) throws -> String {
    try Tool.git.succeed(["rev-parse", "HEAD"], in: "\(run.folder)/repo").output
  }

  @Test(arguments: [false, true]) func isNotDoneTwice(_ looksFirst: Bool) throws {
    let run = try run("cut", "0")
    try kill(run)
    if looksFirst {
      try Tool.vidgit.succeed(["-C", "repo", "status"], in: run.folder)
      try Tool.vidgit.succeed(["-C", "repo", "log"], in: run.folder)
    }
    let made = try tip(run)
    #expect(try run.again().result.status == 0)
    #expect(try tip(run) == made)
    // Who asks once more means it.
    #expect(try run.again().result.status == 0)
    #expect(try tip(run) != made)
  }

  @Test func isForgottenWithTheNextCommit() throws {
    let run = try run("cut", "0")
    try kill(run)
    try Tool.vidgit.succeed(["-C", "repo", "cut", "1"], in: run.folder)
    try Tool.git.succeed(["-C", "repo", "reset", "-q", "--hard", "HEAD^"], in: run.folder)
    let before = try tip(run)
    #expect(try run.again().result.status == 0)
    #expect(try tip(run) != before)
  }

  @Test func isAnotherWhereTheRecipeFileHasChanged() throws {
    let run = try run("filter", "../mine.json")
    try kill(run)
    let made = try tip(run)
    try look("sepia", run.folder)
    #expect(try run.again().result.status == 0)
    #expect(try tip(run) != made)
  }
}
