import Curl
import Foundation
import Synchronization
import VidgitModel

/// Calls one server: tries again what may pass, within a budget, and stops calling one that is down.
///
/// Everything that a store asks for may be asked twice, so that also a call whose answer was lost is
/// tried again.
final class StoreCaller: Sendable {
  let client: HTTPClient
  let title: String
  private let policy: RetryPolicy
  private let state = Mutex(State())

  private struct State {
    var breaker = CircuitBreaker()
    var budget = RetryBudget()
    var random = SystemRandomNumberGenerator()
  }

  private static let start = ContinuousClock.now

  init(_ client: HTTPClient, title: String, policy: RetryPolicy = RetryPolicy()) {
    self.client = client
    self.title = title
    self.policy = policy
  }

  /// The answer to a request, whatever its status; those that may pass are what is left after all
  /// tries.
  ///
  /// - Parameters:
  ///   - verb: for errors: "read".
  ///   - make: the request, anew for each try.
  /// - Throws: `VidgitError` where there is no answer; what `make` throws; `CancellationError`.
  func send(
    _ verb: String, _ name: String, _ make: () throws -> HTTPRequest
  ) async throws -> HTTPResponse {
    state.withLock { $0.budget.earn() }
    var tried = 0
    while true {
      let isAdmitted = state.withLock { $0.breaker.admits(at: ContinuousClock.now - Self.start) }
      guard isAdmitted else {
        throw VidgitError(
          .system,
          "cannot \(verb) '\(name)' in the store \(title): too many calls in a row failed there",
          hint: "run the same command again when it is back, it carries on")
      }
      tried += 1
      let result: Result<HTTPResponse, HTTPError>
      do {
        result = .success(try await client.send(make()))
      } catch let error as HTTPError {
        result = .failure(error)
      }
      let outcome = Self.outcome(result)
      let wait = state.withLock { state -> Duration? in
        state.breaker.record(
          failed: outcome.isServiceFailure, at: ContinuousClock.now - Self.start)
        guard let wait = policy.wait(after: outcome, tried: tried, using: &state.random),
          state.budget.spend()
        else { return nil }
        return wait
      }
      if let wait {
        try await Task.sleep(for: wait)
        continue
      }
      switch result {
      case .success(let response): return response
      case .failure(let error): throw StoreFault.noAnswer(error, verb, name, title)
      }
    }
  }

  private static func outcome(_ result: Result<HTTPResponse, HTTPError>) -> CallOutcome {
    switch result {
    case .success(let response):
      return CallOutcome(response, now: Int64(Date().timeIntervalSince1970))
    case .failure(let error):
      // What failed at this end, or was too long, does so again.
      let isOurs = [.body, .tooLarge, .redirect, .client, .invalidRequest, .refused, .tls].contains(
        error.kind)
      return isOurs ? .notSent : .notConnected
    }
  }
}

/// Where a download is: what was handed on already, so that the next request asks for the rest.
final class DownloadState: Sendable {
  private struct State {
    /// Bytes that were handed on.
    var taken: Int64 = 0
    /// Bytes to pass over first, of a server that does not do ranges.
    var skipped: Int64 = 0
  }

  private let state = Mutex(State())

  var taken: Int64 { state.withLock(\.taken) }

  /// A sink for a request that begins `before` bytes before what is wanted next, and takes no more
  /// than `count` bytes of that in all.
  func sink(
    passing before: Int64, upTo count: Int64,
    _ take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) -> @Sendable (UnsafeRawBufferPointer) throws -> Void {
    state.withLock { $0.skipped = before }
    return { [self] piece in
      let (skip, room) = state.withLock { state in
        let skip = min(state.skipped, Int64(piece.count))
        state.skipped -= skip
        return (Int(skip), count - state.taken)
      }
      let wanted = piece.dropFirst(skip).prefix(Int(clamping: room))
      if !wanted.isEmpty {
        try take(UnsafeRawBufferPointer(rebasing: wanted))
        state.withLock { $0.taken += Int64(wanted.count) }
      }
      if wanted.count < piece.count - skip { throw Enough() }
    }
  }

  /// The rest of the answer is not wanted.
  struct Enough: Error {}
}

extension StoreCaller {
  /// Downloads a thing or a part of it, and goes on where a connection broke.
  ///
  /// - Parameter request: a GET without `Range`, anew for each try.
  /// - Returns: nil where all of it was handed on; else the answer, whose status is no success.
  func download(
    _ name: StoreName, part: Range<Int64>?, limit: Int64, store: some Store,
    _ take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void,
    request: () throws -> HTTPRequest
  ) async throws -> HTTPResponse? {
    if let part, Int64(part.count) > limit { throw StoreFault.tooLong(name, limit, store) }
    // One more than there may be tells that there is more.
    let count = part.map { Int64($0.count) } ?? limit + 1
    let state = DownloadState()
    var doesRanges = true
    var hasAsked = false
    do {
      while true {
        let response = try await send("read", name.text) {
          if state.taken == count { throw DownloadState.Enough() }
          let start = (part?.lowerBound ?? 0) + state.taken
          let asks = doesRanges && (part != nil || start > 0)
          hasAsked = asks
          var made = try request()
          if asks {
            let end = part.map { "\($0.upperBound - 1)" } ?? ""
            made.headers.append(try HTTPHeader("Range", "bytes=\(start)-\(end)"))
          }
          made.sink = .stream(
            limit: .max, state.sink(passing: asks ? 0 : start, upTo: count, take))
          made.sink.onlyStatus = asks ? 206 : 200
          return made
        }
        if hasAsked, response.status == 200 {
          doesRanges = false
          continue
        }
        // What was wanted ended where the connection broke.
        let isAtEnd = response.status == 416 && part == nil && state.taken > 0
        guard response.isSuccess || isAtEnd else { return response }
        break
      }
    } catch is DownloadState.Enough {
    } catch let error as VidgitError where error.isEnough {
    }
    if part != nil, state.taken < count { throw StoreFault.cut(name, store) }
    if part == nil, state.taken == count { throw StoreFault.tooLong(name, limit, store) }
    return nil
  }
}

extension VidgitError {
  fileprivate var isEnough: Bool {
    (underlying as? HTTPError)?.underlying is DownloadState.Enough
  }
}
