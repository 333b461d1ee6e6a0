import Foundation
import TestSupport
import Testing

/// Kills passes by services again and again, until they are through: nothing that was finished is
/// asked for again, and the end is that of an undisturbed run.
@Suite(.serialized) struct ServiceDurabilityTests {
  static let frames = 500

  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    /// SplitMix64.
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  private static let clip = Clip("five-hundred.mkv", encoders: ["ffv1"]) {
    // Noise, so that no frame is like another.
    try $0.generate(
      source: "testsrc2=size=64x48:rate=25:duration=20,noise=alls=30:allf=t:all_seed=7",
      ["-c:v", "ffv1", "-pix_fmt", "yuv420p"])
  }

  /// How a run with kills ended.
  private struct Outcome {
    var kills = 0
    /// Calls that the journal held as sent and not answered, after each kill, in all.
    var inFlight = 0
    /// The most of them at one kill.
    var mostInFlight = 0
    var counts: FilterServer.Counts
    var timesPaid: [Int]
  }

  /// - Parameter recipe: makes the recipe for the server.
  private func kill(
    seed: UInt64, kills: Int, recipe make: (TestService) throws -> String
  ) async throws -> Outcome {
    let workspace = try Workspace()
    let sign = workspace.file("sign")
    let service = try TestService(workspace, ["--work", "0.02", "--sign", sign])
    let repository = try service.split(Self.clip)
    #expect(try Set(repository.hashes()).count == Self.frames)
    let recipe = try make(service)
    let before = try repository.state

    // Undisturbed, in a copy: its tree, and how long it takes.
    let copy = Repository(
      path: repository.workspace.file("copy"), workspace: repository.workspace)
    try Tool.require("cp").succeed(["-a", repository.path, copy.path])
    let whole = try service.run(copy, "filter", recipe, "-b", "made")
    #expect(whole.status == 0, Comment(rawValue: whole.snapshot))
    let undisturbed = try await service.server.counts()
    #expect(undisturbed.paid == Self.frames && undisturbed.paidTwice == 0)
    try await service.server.reset()

    // Each run is killed a random moment after the service was paid for a random frame: all along the
    // pass, however fast the machine is.
    var generator = Generator(state: seed)
    let last = Self.frames - 80
    var targets = Set<Int>()
    while targets.count < kills { targets.insert(Int.random(in: 1...last, using: &generator)) }
    var outcome = Outcome(counts: undisturbed, timesPaid: [])
    for target in targets.sorted() {
      try await service.server.sign(atFrames: target)
      let result = try service.run(
        repository, "filter", recipe, "-b", "made",
        interruption: Interruption(
          SIGKILL, after: .milliseconds(Int.random(in: 0...15, using: &generator)), sign: sign))
      try #require(result.signal == SIGKILL, Comment(rawValue: result.snapshot))
      outcome.kills += 1
      let open = try self.sent(in: repository)
      outcome.inFlight += open
      outcome.mostInFlight = max(outcome.mostInFlight, open)
    }
    #expect(try repository.state == before)
    let rest = try service.run(repository, "filter", recipe, "-b", "made")
    #expect(rest.status == 0, Comment(rawValue: rest.snapshot))
    #expect(
      try RepositoryCheck(repository.path).tree(of: "made") == RepositoryCheck(copy.path).tree())
    try repository.expectWhole()
    try repository.succeed("verify", "--deep")
    outcome.counts = try await service.server.counts()
    outcome.timesPaid = try await Array(service.server.timesPaid().values)
    #expect(outcome.counts.frames == Self.frames)
    return outcome
  }

  /// How many calls the journal holds as sent: a killed run knows no more of them.
  private func sent(in repository: Repository) throws -> Int {
    let script = """
      import sqlite3, sys
      try:
        rows = sqlite3.connect(sys.argv[1]).execute("SELECT COUNT(*) FROM calls WHERE state = 'sent'")
        print(rows.fetchone()[0])
      except sqlite3.OperationalError:
        print(0)
      """
    let result = try Tool.require("python3").succeed(
      ["-c", script, repository.file(".git/vidgit/local.sqlite")])
    return try #require(Int(result.output.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  @Test func underAKeyEveryFrameIsPaidOnce() async throws {
    let outcome = try await kill(seed: 1, kills: 50) { try $0.recipe() }
    #expect(outcome.kills == 50 && outcome.inFlight > 0)
    #expect(outcome.counts.paid == Self.frames && outcome.counts.paidTwice == 0)
  }

  @Test func withoutAKeyOnlyWhatWasInFlightIsPaidAgain() async throws {
    let outcome = try await kill(seed: 2, kills: 20) { try $0.plainRecipe() }
    #expect(outcome.kills == 20 && outcome.inFlight > 0)
    #expect(outcome.counts.paid <= Self.frames + outcome.inFlight)
    #expect(outcome.mostInFlight <= 8)
    #expect(outcome.timesPaid.allSatisfy { $0 <= 1 + outcome.kills })
  }

  @Test func jobsAreCollectedAndNotSentAgain() async throws {
    let outcome = try await kill(seed: 3, kills: 20) {
      try $0.recipe("replicate") {
        $0.set("params", "version", "invert")
        $0.set("job", "interval", 10)
      }
    }
    #expect(outcome.kills == 20)
    #expect(outcome.counts.paid <= Self.frames + outcome.inFlight)
    #expect(outcome.mostInFlight <= 8)
  }
}
