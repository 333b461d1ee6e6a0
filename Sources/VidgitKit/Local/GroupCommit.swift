import Dispatch
import GRDB
import Synchronization
import VidgitModel

/// Puts changes of the local database on disk for many tasks at a time: one transaction, and so one
/// wait for the disk, for all that ask meanwhile.
final class GroupCommit: Sendable {
  typealias Change = @Sendable (Database) throws -> Void

  private struct Waiting {
    var changes: [(change: Change, continuation: CheckedContinuation<Void, any Error>)] = []
    var isRunning = false
  }

  private let database: LocalDatabase
  /// Runs before each transaction: what its changes name must be on disk first.
  private let before: @Sendable () throws -> Void
  private let waiting = Mutex(Waiting())

  init(_ database: LocalDatabase, before: @escaping @Sendable () throws -> Void) {
    self.database = database
    self.before = before
  }

  /// Returns when the change is on disk.
  ///
  /// - Throws: where it could not be made; those that were written together fail together.
  func commit(_ change: @escaping Change) async throws {
    try await withCheckedThrowingContinuation { continuation in
      let starts = waiting.withLock { waiting in
        waiting.changes.append((change, continuation))
        defer { waiting.isRunning = true }
        return !waiting.isRunning
      }
      if starts { DispatchQueue.global().async { self.drain() } }
    }
  }

  private func drain() {
    while true {
      let changes = waiting.withLock { waiting in
        defer { waiting.changes = [] }
        if waiting.changes.isEmpty { waiting.isRunning = false }
        return waiting.changes
      }
      if changes.isEmpty { return }
      let result = Result {
        try before()
        do {
          try database.queue.write { for change in changes { try change.change($0) } }
        } catch let error as DatabaseError {
          throw VidgitError(error, path: database.path)
        }
      }
      for change in changes { change.continuation.resume(with: result) }
    }
  }
}
