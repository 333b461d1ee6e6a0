import Curl
import Synchronization
import VidgitModel

/// Calls the server of one store, whose errors name it.
///
/// Everything that a store asks for may be asked twice, so that also a call whose answer was lost is
/// tried again.
struct StoreCaller: Sendable {
  let title: String
  private let caller: HTTPCaller

  init(_ caller: HTTPCaller, title: String) {
    self.caller = caller
    self.title = title
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
    do {
      return try await caller.send(make)
    } catch let fault as HTTPCaller.Fault {
      throw StoreFault.noAnswer(fault, verb, name, title)
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
