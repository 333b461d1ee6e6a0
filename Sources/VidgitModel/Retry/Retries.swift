/// The tries of all calls to one server: whether one may be made, and after which the next comes.
///
/// A value: who shares it keeps it behind a lock. Times are durations since any fixed moment of a clock
/// that does not go backwards.
public struct Retries: Sendable {
  private let policy: RetryPolicy
  private var breaker = CircuitBreaker()
  private var budget = RetryBudget()
  private var generator = SystemRandomNumberGenerator()

  public init(_ policy: RetryPolicy) { self.policy = policy }

  /// A call begins.
  public mutating func begin() { budget.earn() }

  /// Whether a try may be made now: none is while the server is down.
  public mutating func admits(at now: Duration) -> Bool { breaker.admits(at: now) }

  /// Takes in how a try ended.
  ///
  /// - Returns: whether the server counts as down from now on.
  @discardableResult
  public mutating func record(_ outcome: CallOutcome, at now: Duration) -> Bool {
    breaker.record(failed: outcome.isServiceFailure, at: now)
  }

  /// How long to wait before the next try of a call; nil where there is to be none.
  ///
  /// - Parameter tried: how many tries of it there were, 1 after the first.
  public mutating func wait(after outcome: CallOutcome, tried: Int) -> Duration? {
    guard let wait = policy.wait(after: outcome, tried: tried, using: &generator) else {
      return nil
    }
    // Waiting as told costs no retry.
    return outcome.wait != nil || budget.spend() ? wait : nil
  }
}
