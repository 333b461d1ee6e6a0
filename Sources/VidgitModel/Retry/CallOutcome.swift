/// How one try of a call to a service ended, as far as trying again is concerned.
public enum CallOutcome: Sendable, Hashable {
  /// There was no connection: the service did not see the call.
  case notConnected
  /// It was not sent, and trying again would not help: it was refused, or nobody trusts the host.
  case notSent
  /// It answered with this status, and perhaps said how long to wait.
  case status(Int, wait: Duration?)
  /// The call was sent and no answer came. The service may have done it, and be paid for it.
  case unknown

  /// Whether the call may be sent again: what the service surely did not do.
  ///
  /// `unknown` is not: such a call is looked for under its id, or sent again under the same
  /// idempotency key, or counted as paid.
  public var isRetryable: Bool {
    switch self {
    case .notConnected: true
    case .status(let status, _): [408, 425, 429].contains(status) || (500...599).contains(status)
    case .notSent, .unknown: false
    }
  }

  /// Whether it speaks against the service's health. "Slow down" (429, 425) does not, and neither
  /// does a call that the service finds wrong.
  public var isServiceFailure: Bool {
    switch self {
    case .notConnected, .unknown: true
    case .notSent: false
    case .status(let status, _): status == 408 || (500...599).contains(status)
    }
  }

  /// How long the service asks to wait.
  public var wait: Duration? { if case .status(_, let wait) = self { wait } else { nil } }
}
