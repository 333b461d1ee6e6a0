import ArgumentParser
import Foundation
import Synchronization
import VidgitKit
import VidgitModel

/// What the program says: results on standard output, everything else on standard error.
enum Report {
  /// The `errno` of the first write to standard output that failed; nothing is written after it.
  private static let failure = Mutex<Int32?>(nil)

  /// A line on standard output. Where it cannot be written, `requireOutput()` says so at the end.
  static func line(_ text: String = "") {
    output(text + "\n")
  }

  /// A piece of a long text on standard output.
  ///
  /// - Throws: where it cannot be written, as `requireOutput()` does.
  static func piece(_ text: String) throws {
    output(text)
    try requireOutput()
  }

  /// - Throws: where something could not be written to standard output: `ExitCode` where its reader
  ///   has gone, as a shell says of a program that SIGPIPE ended, else `VidgitError`.
  static func requireOutput() throws {
    guard let code = failure.withLock(\.self) else { return }
    guard code != EPIPE else { throw ExitCode(128 + SIGPIPE) }
    throw VidgitError(
      .system, "cannot write standard output: \(String(cString: strerror(code)))",
      hint: "what the command had to do is done; only its words are lost")
  }

  static func note(_ text: String) {
    ProgressLine.clear()
    _ = write(text + "\n", to: STDERR_FILENO)
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
      _ = write(text(["error": .object(fields)]) + "\n", to: STDERR_FILENO)
      return
    }
    var text = "error: \(TerminalText.escaped(message))\n"
    if let hint { text += "hint: \(TerminalText.escaped(hint))\n" }
    _ = write(text, to: STDERR_FILENO)
  }

  private static func output(_ text: String) {
    failure.withLock { failure in
      if failure == nil { failure = write(text, to: STDOUT_FILENO) }
    }
  }

  /// The `errno` of a write that failed.
  private static func write(_ text: String, to file: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)[...]
      while !rest.isEmpty {
        let count = Foundation.write(
          file, UnsafeRawBufferPointer(rebasing: rest).baseAddress!, rest.count)
        if count < 0, errno != EINTR { return errno }
        rest = rest.dropFirst(max(0, count))
      }
      return nil
    }
  }
}
