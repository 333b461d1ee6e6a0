import ArgumentParser
import Foundation
import VidgitKit

/// Runs the program: parses, carries out, reports, and ends with a status from one table.
enum CommandRunner {
  static func run(arguments: [String]) async -> Never {
    Allocator.configure()
    // A closed pipe is an error of the write, not a death.
    signal(SIGPIPE, SIG_IGN)
    // SVT-AV1 writes to the terminal by itself: errors alone.
    setenv("SVT_LOG", "1", 0)
    let arguments = directoryLast(arguments)
    let json = arguments.contains("--json")
    do {
      try GitConfiguration.use(ProcessInfo.processInfo.environment)
      try await Interruption.cancelling {
        try CommandNames.check(arguments)
        var command = try Vidgit.parseAsRoot(arguments)
        if var asynchronous = command as? any AsyncParsableCommand {
          try await StoreAccess.$current.withValue(StoreSecrets.access()) {
            try await asynchronous.run()
          }
        } else {
          try command.run()
        }
      }
      try Report.requireOutput()
      exit(ExitStatus.success)
    } catch {
      finish(error, json: json)
    }
  }

  /// `vidgit -C DIR COMMAND ...`, as one writes it for git, is `vidgit COMMAND ... -C DIR`.
  private static func directoryLast(_ arguments: [String]) -> [String] {
    guard arguments.first == "-C", arguments.count > 2 else { return arguments }
    let rest = arguments.dropFirst(2)
    let end = rest.firstIndex(of: "--") ?? rest.endIndex
    return Array(rest[..<end]) + arguments.prefix(2) + Array(rest[end...])
  }

  private static func finish(_ error: any Error, json: Bool) -> Never {
    if let status = error as? ExitCode {
      do {
        try Report.requireOutput()
        exit(status.rawValue)
      } catch let lost as VidgitError {
        return finish(lost, json: json)
      } catch {
        exit(status.rawValue)
      }
    }
    if error is CancellationError {
      Report.error(
        kind: "interrupted", message: "interrupted",
        hint: "everything committed is safe; run the same command again to carry on", json: json)
      exit(ExitStatus.interrupted)
    }
    if let error = error as? VidgitError {
      Report.error(
        kind: error.kind.rawValue, message: error.message, hint: error.hint, json: json)
      exit(ExitStatus.of(error.kind))
    }
    // Help, version, or words that do not parse.
    let text = Vidgit.fullMessage(for: error)
    guard Vidgit.exitCode(for: error) != .success else {
      Report.line(text)
      do {
        try Report.requireOutput()
      } catch {
        finish(error, json: json)
      }
      exit(ExitStatus.success)
    }
    Report.error(
      kind: VidgitError.Kind.usage.rawValue, message: Vidgit.message(for: error),
      hint: "`vidgit help COMMAND` tells what a command takes", json: json)
    exit(ExitStatus.usage)
  }
}
