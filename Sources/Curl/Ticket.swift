import Synchronization

/// One wait for an answer: resumed once, by whoever comes first.
final class Ticket: Sendable {
  typealias Continuation = CheckedContinuation<HTTPResponse, any Error>

  private enum State {
    /// The task has not begun to wait.
    case new
    case waiting(Continuation)
    case done
    /// The task was cancelled before it began to wait.
    case cancelled
  }

  private let state = Mutex(State.new)

  /// Whether the wait has begun; it has not where the task was cancelled before, and then it is
  /// resumed with that.
  func wait(_ continuation: Continuation) -> Bool {
    let isCancelled = state.withLock { state in
      if case .cancelled = state { return true }
      state = .waiting(continuation)
      return false
    }
    if isCancelled { continuation.resume(throwing: CancellationError()) }
    return !isCancelled
  }

  /// Whether there is a wait to be ended.
  func cancel() -> Bool {
    state.withLock { state in
      switch state {
      case .waiting: return true
      case .new: state = .cancelled
      case .done, .cancelled: break
      }
      return false
    }
  }

  func resume(_ result: Result<HTTPResponse, any Error>) {
    let continuation = state.withLock { state -> Continuation? in
      guard case .waiting(let continuation) = state else { return nil }
      state = .done
      return continuation
    }
    continuation?.resume(with: result)
  }
}
