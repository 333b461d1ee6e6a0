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

  /// Whether the server says that there is nothing to be had where an answer led to, now or later.
  ///
  /// - Parameters:
  ///   - words: of the answer.
  ///   - hasKey: whether a key of the service went along: then a 403 may be the key's fault, and else it
  ///     is a signature that has run out.
  func isGone(saying words: String, hasKey: Bool) -> Bool {
    switch self {
    // With 422 fal tells of a job that has failed.
    case .status(404, _), .status(410, _), .status(422, _): true
    case .status(403, _): !hasKey
    // Google's storage, of a signature.
    case .status(400, _): words.contains("ExpiredToken")
    default: false
    }
  }

  /// What it means that there was no answer.
  init(_ error: HTTPError) {
    if error.isConnectFailure {
      self = .notConnected
    } else {
      self = error.mayHaveBeenSent ? .unknown : .notSent
    }
  }
}
