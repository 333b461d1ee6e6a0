import Testing

@testable import VidgitModel

@Suite struct CircuitBreakerTests {
  // `#expect` takes no call that changes a value.
  private func admits(_ breaker: inout CircuitBreaker, _ now: Duration) -> Bool {
    breaker.admits(at: now)
  }

  private func record(_ breaker: inout CircuitBreaker, _ failed: Bool, _ now: Duration) -> Bool {
    breaker.record(failed: failed, at: now)
  }

  @Test func opensAtHalfOfTheLastTwenty() {
    var breaker = CircuitBreaker()
    // Nine failures among the last twenty, whatever came before, are borne.
    for index in 0..<400 {
      #expect(!record(&breaker, index % 20 < 9, .zero))
    }
    #expect(breaker.state == .closed && admits(&breaker, .zero))
    var opened = false
    for index in 0..<20 { opened = breaker.record(failed: index % 2 == 0, at: .zero) || opened }
    #expect(opened)
    #expect(breaker.state == .open(until: .seconds(30)))
  }

  @Test func failuresThatHaveFallenOutDoNotCount() {
    var breaker = CircuitBreaker()
    for _ in 0..<9 { breaker.record(failed: true, at: .zero) }
    for _ in 0..<20 { breaker.record(failed: false, at: .zero) }
    for _ in 0..<9 { breaker.record(failed: true, at: .zero) }
    #expect(breaker.state == .closed)
    #expect(record(&breaker, true, .zero))
  }

  @Test func aServiceThatIsDownFromTheStartIsFoundBeforeTheWindowIsFull() {
    var breaker = CircuitBreaker()
    let opened = (1...10).map { _ in breaker.record(failed: true, at: .zero) }
    #expect(opened == Array(repeating: false, count: 9) + [true])
  }

  @Test func oneCallTriesAfterTheRest() {
    var breaker = CircuitBreaker(rest: .seconds(30))
    for _ in 0..<10 { breaker.record(failed: true, at: .seconds(100)) }
    #expect(!admits(&breaker, .seconds(129)))
    // Those on their way neither close it nor keep it open longer.
    breaker.record(failed: false, at: .seconds(110))
    breaker.record(failed: true, at: .seconds(111))
    #expect(breaker.state == .open(until: .seconds(130)))
    #expect(admits(&breaker, .seconds(130)))
    #expect(!admits(&breaker, .seconds(131)))
    #expect(record(&breaker, true, .seconds(132)))
    #expect(!admits(&breaker, .seconds(161)))
    #expect(admits(&breaker, .seconds(162)))
    breaker.record(failed: false, at: .seconds(163))
    #expect(breaker.state == .closed)
    // It starts anew: the old failures are forgotten.
    for _ in 0..<9 { breaker.record(failed: true, at: .seconds(164)) }
    #expect(admits(&breaker, .seconds(164)))
  }

  @Test func aTryThatNeverEndsDoesNotKeepItOpen() {
    var breaker = CircuitBreaker(rest: .seconds(30))
    for _ in 0..<10 { breaker.record(failed: true, at: .zero) }
    #expect(admits(&breaker, .seconds(30)))
    #expect(!admits(&breaker, .seconds(59)))
    #expect(admits(&breaker, .seconds(60)))
  }

  @Test func slowDownIsNoFailure() {
    #expect(!CallOutcome.status(429, wait: nil).isServiceFailure)
    #expect(!CallOutcome.status(400, wait: nil).isServiceFailure)
    #expect(CallOutcome.status(503, wait: nil).isServiceFailure)
    #expect(CallOutcome.notConnected.isServiceFailure)
  }
}
