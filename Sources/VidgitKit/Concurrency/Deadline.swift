import Dispatch
import Synchronization

/// Runs blocking work off the cooperative pool and stops waiting for it after a time.
///
/// A C call cannot be interrupted: after the deadline its thread is left behind and whatever it
/// works on must never be used again. It is meant to end the whole operation.
///
/// - Throws: what `body` throws, or `timeout()` where it has not ended after `seconds`.
func withDeadline<T: Sendable>(
  seconds: Double, timeout: @escaping @Sendable () -> any Error,
  _ body: @escaping @Sendable () throws -> T
) async throws -> T {
  try await withCheckedThrowingContinuation { continuation in
    let waiting = Waiting(continuation)
    DispatchQueue.global().async { waiting.resume(Result { try body() }) }
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + seconds) {
      waiting.resume(.failure(timeout()))
    }
  }
}

/// A continuation that the first of two resumes.
private final class Waiting<T: Sendable>: Sendable {
  private let continuation: Mutex<CheckedContinuation<T, any Error>?>

  init(_ continuation: CheckedContinuation<T, any Error>) {
    self.continuation = Mutex(continuation)
  }

  func resume(_ result: Result<T, any Error>) {
    let continuation = continuation.withLock { waiting in
      let first = waiting
      waiting = nil
      return first
    }
    continuation?.resume(with: result)
  }
}
