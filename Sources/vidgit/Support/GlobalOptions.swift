import ArgumentParser
import Foundation

/// What every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .customShort("C"), help: ArgumentHelp("Run as if started in <dir>.", valueName: "dir"),
    completion: .directory)
  private var start: String?

  @Flag(help: "Print the result as JSON, for programs.")
  var json = false

  func validate() throws { try Self.enter(start) }

  /// Goes there before anything else is looked at, as git does, so that every path that the user
  /// gives means the same to every command.
  static func enter(_ start: String?) throws {
    guard let start else { return }
    guard chdir(start) == 0 else {
      throw ValidationError("cannot change to '\(start)': \(String(cString: strerror(errno)))")
    }
  }

  /// The folder that the command works in.
  var directory: String { FileManager.default.currentDirectoryPath }
}
