import Curl
import Foundation
import Synchronization
import VidgitModel

/// Calls one server: tries again what may pass, within a budget, and stops calling one that is down.
final class HTTPCaller: Sendable {
  let client: HTTPClient
  private let outcome: @Sendable (HTTPResponse) -> CallOutcome
  private let retries: Mutex<Retries>

  private static let start = ContinuousClock.now

  /// - Parameter outcome: what an answer means for trying again, where a server has its own rules.
  init(
    _ client: HTTPClient, policy: RetryPolicy,
    outcome: @escaping @Sendable (HTTPResponse) -> CallOutcome = {
      CallOutcome($0, now: Int64(Date().timeIntervalSince1970))
    }
  ) {
    self.client = client
    self.outcome = outcome
    retries = Mutex(Retries(policy))
  }

  /// Why there is no answer.
  enum Fault: Error {
    /// Too many calls in a row failed: none is made for a while.
    case isDown
    case noAnswer(HTTPError)
  }

  /// The answer to a request, whatever its status; those that may pass are what is left after all
  /// tries.
  ///
  /// - Parameters:
  ///   - isRepeatable: whether it may be done twice. Else it is tried again only where the server
  ///     surely did not do it.
  ///   - make: the request, anew for each try.
  /// - Throws: `Fault`; what `make` throws; `CancellationError`.
  func send(
    isRepeatable: Bool = true, _ make: () throws -> HTTPRequest
  ) async throws -> HTTPResponse {
    retries.withLock { $0.begin() }
    var tried = 0
    while true {
      guard retries.withLock({ $0.admits(at: ContinuousClock.now - Self.start) }) else {
        throw Fault.isDown
      }
      tried += 1
      let result: Result<HTTPResponse, HTTPError>
      let request = try make()
      do {
        result = .success(try await client.send(request))
      } catch let error as HTTPError {
        result = .failure(error)
      }
      let outcome = outcome(of: result, isRepeatable)
      let wait = retries.withLock { retries -> Duration? in
        retries.record(outcome, at: ContinuousClock.now - Self.start)
        guard isRepeatable || outcome.isSurelyUndone else { return nil }
        return retries.wait(after: outcome, tried: tried)
      }
      guard let wait else {
        switch result {
        case .success(let response): return response
        case .failure(let error): throw Fault.noAnswer(error)
        }
      }
      if outcome.wait != nil { Self.tell(wait, request) }
      try await Task.sleep(for: wait)
    }
  }

  /// Who waits for long should know for what.
  private static func tell(_ wait: Duration, _ request: HTTPRequest) {
    guard wait >= .seconds(5), let host = HTTPOrigin(url: request.url)?.host else { return }
    StoreAccess.current?.note(
      "'\(TerminalText.escaped(host))' wants a pause: going on in \(wait.components.seconds) s")
  }

  private func outcome(
    of result: Result<HTTPResponse, HTTPError>, _ isRepeatable: Bool
  ) -> CallOutcome {
    switch result {
    case .success(let response): return outcome(response)
    case .failure(let error):
      // What failed at this end, or was too long, does so again.
      let isOurs = [.body, .tooLarge, .redirect, .client, .invalidRequest, .refused, .tls].contains(
        error.kind)
      if isOurs { return .notSent }
      return isRepeatable ? .notConnected : CallOutcome(error)
    }
  }
}

extension CallOutcome {
  /// Whether the server did nothing: there was no connection, or it has asked for a pause.
  fileprivate var isSurelyUndone: Bool {
    switch self {
    case .notConnected, .status(429, _): true
    default: false
    }
  }
}
