import Dispatch
import Synchronization

/// Runs tasks on threads of its own, so that they go on while all threads of the cooperative pool
/// wait for them.
private final class TransferExecutor: TaskExecutor {
  static let shared = TransferExecutor()
  private let queue = DispatchQueue(label: "vidgit.transfers", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

/// Waits on this thread for what `body` does on others: for callbacks of C that cannot suspend.
///
/// - Throws: what `body` throws; `CancellationError` where the calling task is cancelled, after `body`
///   has ended.
func waitFor<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) throws -> T {
  let done = DispatchSemaphore(value: 0)
  let result = Mutex<Result<T, any Error>?>(nil)
  // The result outlives the task: this function waits for it.
  let box = WaitBox(result)
  let task = Task(executorPreference: TransferExecutor.shared) {
    do {
      box.set(.success(try await body()))
    } catch {
      box.set(.failure(error))
    }
    done.signal()
  }
  while done.wait(timeout: .now() + 0.1) == .timedOut {
    if Task.isCancelled { task.cancel() }
  }
  return try box.get()
}

private final class WaitBox<T: Sendable>: Sendable {
  private let result: Mutex<Result<T, any Error>?>

  init(_ result: consuming Mutex<Result<T, any Error>?>) { self.result = result }

  func set(_ value: Result<T, any Error>) { result.withLock { $0 = value } }

  func get() throws -> T {
    guard let value = result.withLock({ $0 }) else { throw CancellationError() }
    return try value.get()
  }
}
