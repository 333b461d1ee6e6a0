import Dispatch

/// Runs blocking work on a thread of its own, off the cooperative pool.
func blocking<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
  }
}

/// The same for work that looks now and then whether its task was cancelled.
func blocking<T: Sendable>(
  _ body: @escaping @Sendable (CancellationFlag) throws -> T
) async throws -> T {
  let isCancelled = CancellationFlag()
  return try await withTaskCancellationHandler {
    try await blocking { try body(isCancelled) }
  } onCancel: {
    isCancelled.set()
  }
}
