import Curl
import Foundation
import Synchronization
import VidgitModel

/// Sends requests to one service: again where that is safe and may help, not before the service wants
/// it, and not at all when the service is down.
final class Courier: Sendable {
  private struct State {
    var retries: Retries
    /// The service has asked for silence until then.
    var silence: ContinuousClock.Instant?
    /// Why no more is sent.
    var end: VidgitError?
    var isStopped = false
  }

  private let name: String
  private let client: HTTPClient
  private let begun = ContinuousClock.now
  private let state: Mutex<State>

  init(_ service: PreparedService, policy: RetryPolicy = RetryPolicy()) throws {
    name = service.recipe.name
    state = Mutex(State(retries: Retries(policy)))
    // Polls and downloads go beside the calls.
    client = try HTTPClient(
      certificates: service.certificates, proxy: service.proxy,
      parallel: service.http.parallel * 2)
  }

  /// Nothing new is sent from now on; what is on its way comes to its end.
  func stop() { state.withLock { $0.isStopped = true } }

  var isStopped: Bool { state.withLock(\.isStopped) }

  /// Sends a request until it is answered with a 2xx.
  ///
  /// - Parameters:
  ///   - isRepeatable: the service does the same request once only, however often it comes: it may
  ///     be sent again where the answer was lost.
  ///   - isGiven: the address came with an answer, and what lies there is paid for: it is given up
  ///     only where the server says that it is gone. Where it may not be called, that is the
  ///     service's fault.
  ///   - endures: it is sent also after `stop()`, since what it leads to is paid for.
  ///   - errorText: finds the service's own words in the body of an answer.
  /// - Throws: `CallFault`; `CallStop` where nothing more is sent, because of `stop()` or since no other
  ///   request would do better.
  func send(
    _ request: HTTPRequest, isRepeatable: Bool, isGiven: Bool = false, endures: Bool = false,
    errorText: ([UInt8]) -> String?
  ) async throws -> HTTPResponse {
    var request = request
    request.isRepeatable = isRepeatable
    state.withLock { $0.retries.begin() }
    var tried = 0
    // One lost answer is enough: a later try that is refused does not undo what an earlier one did.
    var mayBeDone = false
    do {
      while true {
        try await wait(endures)
        tried += 1
        let (outcome, response, words) = try await attempt(request, isGiven, errorText)
        if let response {
          // A success counts for the service's health.
          state.withLock { _ = $0.retries.record(outcome, at: ContinuousClock.now - begun) }
          return response
        }
        if outcome == .unknown || (isRepeatable && outcome.isUnderWay) { mayBeDone = true }
        let next = try next(after: outcome, tried: tried, isRepeatable: isRepeatable, words)
        guard let next else {
          let mayPass =
            isGiven
            ? !outcome.isGone(saying: words, hasKey: request.carriesKey)
            : outcome.isRetryable || outcome == .unknown || outcome.isUnderWay
          throw CallFault(reason: words, isPaid: mayBeDone, mayPass: mayPass)
        }
        try await sleep(next, endures)
      }
    } catch let fault as CallFault {
      throw fault
    } catch {
      throw CallStop(error: error, isPaid: mayBeDone)
    }
  }

  /// One try: an answer with a 2xx, or what else it came to, in words.
  private func attempt(
    _ request: HTTPRequest, _ isGiven: Bool, _ errorText: ([UInt8]) -> String?
  ) async throws -> (CallOutcome, HTTPResponse?, String) {
    do {
      let response = try await client.send(request)
      let outcome = CallOutcome(response, now: Int64(Date().timeIntervalSince1970))
      if response.isSuccess { return (outcome, response, "") }
      let own = errorText(response.body).map { ": " + request.redacted($0) } ?? ""
      return (outcome, nil, "answered \(response.status)\(own)")
    } catch let error as HTTPError {
      switch error.kind {
      case .refused where isGiven, .invalidRequest where isGiven:
        // The user may come to allow it; what is no address stays none.
        throw CallFault(
          reason: "gave an address that may not be called: \(error.message)", isPaid: true,
          mayPass: error.kind == .refused)
      case .refused, .invalidRequest, .client: throw refusal(error)
      default: return (CallOutcome(error), nil, "gave no answer: \(error.message)")
      }
    }
  }

  private func refusal(_ error: HTTPError) -> VidgitError {
    VidgitError(
      error.kind == .client ? .system : .refused, "the recipe '\(name)': \(error)",
      hint: error.kind == .refused
        ? "its 'hosts' name others that it may reach; your own server: git config --add "
          + "vidgit.allowHost HOST" : nil, underlying: error)
  }

  /// How long to wait for another try; nil where there is none.
  private func next(
    after outcome: CallOutcome, tried: Int, isRepeatable: Bool, _ words: String
  ) throws -> Duration? {
    let now = ContinuousClock.now
    return try state.withLock { state in
      if state.retries.record(outcome, at: now - begun) {
        state.end = VidgitError(
          .system,
          "the service of '\(name)' is down: half of the last calls failed; the last one "
            + words,
          hint: "nothing was committed, and what was made is kept: run the same command again later"
        )
      }
      if let end = state.end { throw end }
      // A lost answer may be asked for again where the request can do no harm.
      let isLost = outcome == .unknown || outcome.isUnderWay
      let outcome = isLost && isRepeatable ? .notConnected : outcome
      guard let wait = state.retries.wait(after: outcome, tried: tried) else { return nil }
      if case .status(_, let asked?) = outcome {
        // All who ask the same service are meant.
        state.silence = max(state.silence ?? now, now + asked)
      }
      return wait
    }
  }

  private func wait(_ endures: Bool) async throws {
    while true {
      let silence = try state.withLock { state in
        if let end = state.end, !endures { throw end }
        if state.isStopped, !endures { throw CancellationError() }
        return state.silence
      }
      guard let silence, silence > .now else { return }
      try await sleep(silence - .now, endures)
    }
  }

  /// Sleeps in slices, so that `stop()` is seen.
  func sleep(_ duration: Duration, _ endures: Bool = false) async throws {
    let end = ContinuousClock.now + duration
    while true {
      if isStopped, !endures { throw CancellationError() }
      let left = end - ContinuousClock.now
      guard left > .zero else { return }
      try? await Task.sleep(for: min(left, .milliseconds(100)))
    }
  }
}

extension HTTPRequest {
  /// Whether one of its headers holds a key of the service.
  fileprivate var carriesKey: Bool {
    secrets.contains { secret in headers.contains { $0.value.contains(secret) } }
  }

  /// A text of the service without the request's secrets, short and on one line.
  func redacted(_ text: String) -> String {
    let secrets = secrets + headers.filter { Redaction.isSecret(header: $0.name) }.map(\.value)
    let clean = TerminalText.escaped(Redaction(secrets: secrets).text(text))
    return clean.count > 300 ? clean.prefix(300) + "..." : clean
  }
}
