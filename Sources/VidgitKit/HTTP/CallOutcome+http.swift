import Curl
import VidgitModel

extension CallOutcome {
  /// What an answer means for trying again.
  ///
  /// - Parameter now: seconds since 1970, for a `Retry-After` that is a date.
  init(_ response: HTTPResponse, now: Int64) {
    // A result is no place to look for a wait.
    let wait = RetryAfter.wait(
      header: response.header("Retry-After"), body: response.isSuccess ? [] : response.body,
      now: now)
    self = .status(response.status, wait: wait)
  }

  /// Under an idempotency key: the service is still at work on an earlier try (409).
  var isUnderWay: Bool { if case .status(409, _) = self { true } else { false } }

  /// What it means that there was no answer.
  init(_ error: HTTPError) {
    if error.isConnectFailure {
      self = .notConnected
    } else {
      self = error.mayHaveBeenSent ? .unknown : .notSent
    }
  }
}
