import Dispatch
import Foundation

/// Ctrl-C: the first cancels the work, which ends cleanly; the second ends the program at once.
enum Interruption {
  static func cancelling(_ work: @escaping () async throws -> Void) async throws {
    let box = UncheckedWork(run: work)
    let task = Task { try await box.run() }
    signal(SIGINT, SIG_IGN)
    signal(SIGTERM, SIG_IGN)
    let sources = [SIGINT, SIGTERM].map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        task.cancel()
        signal(number, SIG_DFL)
      }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    try await task.value
  }

  /// The command's work moves to the one task that runs it.
  private struct UncheckedWork: @unchecked Sendable {
    let run: () async throws -> Void
  }
}
