import Dispatch
import Foundation

/// Ctrl-C, and the like: the first cancels the work, which ends cleanly; the second ends the program
/// at once.
enum Interruption {
  /// SIGHUP comes when the terminal is closed.
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  static func cancelling(_ work: @escaping () async throws -> Void) async throws {
    let box = UncheckedWork(run: work)
    let task = Task { try await box.run() }
    // `nohup` wants a program to outlive its terminal.
    let watched = signals.filter { $0 != SIGHUP || !isIgnored($0) }
    for number in watched { signal(number, SIG_IGN) }
    let sources = watched.map { number in
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

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// The command's work moves to the one task that runs it.
  private struct UncheckedWork: @unchecked Sendable {
    let run: () async throws -> Void
  }
}
