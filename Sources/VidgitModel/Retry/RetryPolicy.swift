/// How often and after how long a call is tried again.
///
/// Full jitter: the wait is drawn evenly between nothing and a bound that doubles with every try,
/// so that calls which failed together do not come back together
/// (M. Brooker, "Exponential Backoff And Jitter", 2015).
public struct RetryPolicy: Sendable, Hashable {
  /// Tries of one call, the first included.
  public var tries: Int
  /// The bound of the first wait.
  public var base: Duration
  /// The longest wait that is drawn. What the service asks for may be longer.
  public var cap: Duration
  /// The longest wait that the service may ask for; a call that should wait longer has failed.
  public var patience: Duration

  public init(
    tries: Int = 6, base: Duration = .milliseconds(500), cap: Duration = .seconds(60),
    patience: Duration = .seconds(600)
  ) {
    self.tries = tries
    self.base = base
    self.cap = cap
    self.patience = patience
  }

  /// How long to wait before the next try, or nil where there is to be none.
  ///
  /// What the service asks for wins: it is never cut short, only followed by a draw of the first
  /// bound, since all who were told the same time would come back in the same moment.
  ///
  /// - Parameter tried: how many tries there were, 1 after the first.
  public func wait(
    after outcome: CallOutcome, tried: Int, using generator: inout some RandomNumberGenerator
  ) -> Duration? {
    guard outcome.isRetryable, tried < tries else { return nil }
    guard let asked = outcome.wait else { return drawn(below: bound(after: tried), &generator) }
    guard asked <= patience else { return nil }
    return max(.zero, asked) + drawn(below: min(base, cap), &generator)
  }

  /// The most that is waited after `tried` tries where the service asks for nothing.
  public func bound(after tried: Int) -> Duration {
    var bound = min(base, cap)
    for _ in 1..<max(1, tried) where bound < cap { bound = min(cap, bound * 2) }
    return bound
  }

  private func drawn(
    below bound: Duration, _ generator: inout some RandomNumberGenerator
  ) -> Duration {
    let (seconds, attoseconds) = bound.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    return .milliseconds(Int64.random(in: 0...max(0, milliseconds), using: &generator))
  }
}
