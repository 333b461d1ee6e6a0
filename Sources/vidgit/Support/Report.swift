import ArgumentParser
import Foundation
import VidgitModel

/// What the program says: results on standard output, everything else on standard error.
enum Report {
  static func line(_ text: String = "") {
    write(text + "\n", to: FileHandle.standardOutput)
  }

  /// A piece of a long text on standard output.
  ///
  /// - Throws: `ExitCode` where the reader has gone, as a shell says of a program that SIGPIPE ended.
  static func piece(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw ExitCode(128 + SIGPIPE)
    }
  }

  static func note(_ text: String) {
    ProgressLine.clear()
    write(text + "\n", to: FileHandle.standardError)
  }

  /// A result as one line of JSON, for programs.
  static func json(_ value: JSONValue) {
    line(text(value))
  }

  private static func text(_ value: JSONValue) -> String {
    String(decoding: value.compact(), as: UTF8.self)
  }

  static func error(kind: String, message: String, hint: String?, json: Bool) {
    ProgressLine.clear()
    if json {
      var fields: JSONObject = ["kind": .string(kind), "message": .string(message)]
      fields["hint"] = hint.map { .string($0) }
      write(text(["error": .object(fields)]) + "\n", to: FileHandle.standardError)
      return
    }
    var text = "error: \(TerminalText.escaped(message))\n"
    if let hint { text += "hint: \(TerminalText.escaped(hint))\n" }
    write(text, to: FileHandle.standardError)
  }

  private static func write(_ text: String, to file: FileHandle) {
    // A reader that has gone away wants no more; there is nobody to tell.
    try? file.write(contentsOf: Data(text.utf8))
  }
}
