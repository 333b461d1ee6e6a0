import Testing

@testable import VidgitModel

@Suite struct RetryPolicyTests {
  private func wait(_ policy: RetryPolicy, after outcome: CallOutcome) -> Duration? {
    var generator = SplitMix64(seed: 1)
    return policy.wait(after: outcome, tried: 1, using: &generator)
  }

  static let retried = [408, 425, 429, 500, 502, 503, 504, 599]

  @Test(arguments: 100...600) func onlyTheseStatusesAreRetried(status: Int) {
    var generator = SplitMix64(seed: 1)
    let wait = RetryPolicy().wait(
      after: .status(status, wait: nil), tried: 1, using: &generator)
    #expect((wait != nil) == (Self.retried.contains(status) || (500...599).contains(status)))
  }

  @Test func aCallThatMayHaveBeenDoneIsNotSentAgain() {
    #expect(wait(RetryPolicy(), after: .unknown) == nil)
    #expect(wait(RetryPolicy(), after: .notSent) == nil)
    #expect(wait(RetryPolicy(), after: .notConnected) != nil)
  }

  @Test func theBoundDoublesUpToTheCap() {
    let policy = RetryPolicy(base: .milliseconds(500), cap: .seconds(60))
    #expect(
      (1...10).map(policy.bound(after:))
        == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60].map {
          Duration.milliseconds(Int64($0 * 1000))
        })
    #expect(policy.bound(after: 1_000_000) == .seconds(60))
  }

  @Test func wholeRangeIsDrawnFrom() throws {
    let policy = RetryPolicy(tries: 100, base: .seconds(1), cap: .seconds(60))
    var generator = SplitMix64(seed: 7)
    var waits: [Duration] = []
    for _ in 0..<2000 {
      let wait = policy.wait(after: .notConnected, tried: 3, using: &generator)
      waits.append(try #require(wait))
    }
    // Evenly between 0 and 4 s: a tenth in each tenth, give or take.
    for tenth in 0..<10 {
      let bounds = Duration.milliseconds(tenth * 400)..<Duration.milliseconds(tenth * 400 + 400)
      #expect((140...260).contains(waits.count { bounds.contains($0) }))
    }
    #expect(waits.allSatisfy { $0 >= .zero && $0 <= .seconds(4) })
  }

  @Test func theSameSeedDrawsTheSame() {
    func draws(_ seed: UInt64) -> [Duration?] {
      var generator = SplitMix64(seed: seed)
      return (1...5).map {
        RetryPolicy().wait(after: .notConnected, tried: $0, using: &generator)
      }
    }
    #expect(draws(3) == draws(3))
    #expect(draws(3) != draws(4))
  }

  @Test func whatTheServiceAsksForWins() throws {
    let policy = RetryPolicy(base: .milliseconds(500), cap: .seconds(60), patience: .seconds(600))
    var generator = SplitMix64(seed: 1)
    for seconds in [0, 1, 90, 600] {
      let asked = CallOutcome.status(429, wait: .seconds(seconds))
      for _ in 0..<50 {
        let drawn = policy.wait(after: asked, tried: 5, using: &generator)
        let wait = try #require(drawn)
        #expect(wait >= .seconds(seconds) && wait <= .seconds(seconds) + .milliseconds(500))
      }
    }
    let tooLong = CallOutcome.status(503, wait: .seconds(601))
    #expect(wait(policy, after: tooLong) == nil)
    // Asking does not make a call retryable.
    let refused = CallOutcome.status(400, wait: .seconds(1))
    #expect(wait(policy, after: refused) == nil)
  }

  @Test func triesEnd() {
    var generator = SplitMix64(seed: 1)
    let policy = RetryPolicy(tries: 3)
    let waits = (1...4).map { policy.wait(after: .notConnected, tried: $0, using: &generator) }
    #expect(waits.map { $0 != nil } == [true, true, false, false])
  }

  @Test func retriesAreAPartOfAllCalls() {
    var budget = RetryBudget(tenths: 2, reserve: 3)
    var spent = (0..<4).map { _ in budget.spend() }
    #expect(spent == [true, true, true, false])
    for _ in 0..<4 { budget.earn() }
    spent = [budget.spend()]
    budget.earn()
    spent.append(budget.spend())
    #expect(spent == [false, true])
    for _ in 0..<1000 { budget.earn() }
    #expect(budget.left == 3)
  }
}
