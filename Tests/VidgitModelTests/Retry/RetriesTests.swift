import Testing
import VidgitModel

/// The tries of all calls to one server.
@Suite struct RetriesTests {
  private let policy = RetryPolicy(tries: 100, base: .milliseconds(1), cap: .milliseconds(2))

  @Test func retriesOfAllCallsHaveOneBudget() {
    var retries = Retries(policy)
    // Twenty from the start, and one more for every five calls.
    for _ in 0..<10 { retries.begin() }
    var count = 0
    while retries.wait(after: .notConnected, tried: 1) != nil { count += 1 }
    #expect(count == 20)
    for _ in 0..<10 { retries.begin() }
    while retries.wait(after: .notConnected, tried: 1) != nil { count += 1 }
    #expect(count == 22)
  }

  @Test func waitingAsToldCostsNoRetry() {
    var retries = Retries(policy)
    func wait(_ seconds: Int, tried: Int) -> Duration? {
      retries.wait(after: .status(429, wait: .seconds(seconds)), tried: tried)
    }
    for _ in 0..<90 { #expect(wait(1, tried: 1) != nil) }
    #expect(wait(86_400, tried: 1) == nil)
    #expect(wait(1, tried: 100) == nil)
  }

  @Test func aServerThatIsDownIsLetAlone() {
    var retries = Retries(policy)
    var opened: [Bool] = []
    for number in 0..<10 {
      let isAdmitted = retries.admits(at: .seconds(number))
      #expect(isAdmitted)
      opened.append(retries.record(.status(500, wait: nil), at: .seconds(number)))
    }
    #expect(opened == Array(repeating: false, count: 9) + [true])
    let isLate = retries.admits(at: .seconds(10))
    #expect(!isLate)
    // A pause that it asks for, and a call that it finds wrong, say nothing against it.
    var other = Retries(policy)
    for number in 0..<50 {
      let opens = other.record(.status(number % 2 == 0 ? 429 : 404, wait: nil), at: .zero)
      #expect(!opens)
    }
    let isWell = other.admits(at: .zero)
    #expect(isWell)
  }
}
