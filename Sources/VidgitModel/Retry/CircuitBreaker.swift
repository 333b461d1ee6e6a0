/// Stops calls to a service that is down: it opens when half of the last 20 calls failed, and lets
/// one call through after a rest to see whether the service is back.
///
/// Times are durations since any fixed moment of a clock that does not go backwards.
public struct CircuitBreaker: Sendable, Hashable {
  public enum State: Sendable, Hashable {
    /// Calls go through.
    case closed
    /// None goes through before that time.
    case open(until: Duration)
    /// One has gone through to try; the next may when it has ended, or at that time.
    case trying(until: Duration)
  }

  public private(set) var state = State.closed
  private let window: Int
  private let threshold: Int
  private let rest: Duration
  /// The last outcomes, true for a failure.
  private var last: [Bool] = []

  /// - Parameters:
  ///   - window: how many calls are looked back at.
  ///   - threshold: the failures among them that open it; also before the window is full.
  ///   - rest: how long it stays open.
  public init(window: Int = 20, threshold: Int = 10, rest: Duration = .seconds(30)) {
    self.window = window
    self.threshold = threshold
    self.rest = rest
  }

  /// Whether a call may be made now. Where it is the one that tries, no other is let through.
  public mutating func admits(at now: Duration) -> Bool {
    switch state {
    case .closed: return true
    case .open(let until), .trying(let until):
      guard now >= until else { return false }
      state = .trying(until: now + rest)
      return true
    }
  }

  /// Takes the outcome of a call. While it is open, calls that were on their way do not count.
  ///
  /// - Returns: whether this one opened it.
  @discardableResult
  public mutating func record(failed: Bool, at now: Duration) -> Bool {
    switch state {
    case .open: return false
    case .trying:
      last = []
      state = failed ? .open(until: now + rest) : .closed
      return failed
    case .closed:
      last.append(failed)
      if last.count > window { last.removeFirst() }
      guard last.count(where: { $0 }) >= threshold else { return false }
      state = .open(until: now + rest)
      return true
    }
  }
}
