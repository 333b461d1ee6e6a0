import Foundation
import Testing

/// A server of the tests as a process of its own: it says its address in its first line, and ends with
/// its standard input, and so with this value.
final class ServerProcess: @unchecked Sendable {
  // Set up by `init`, then only read.
  private let process = Process()
  private let input = Pipe()
  /// The first line.
  let line: Data

  /// - Parameter name: for errors: "the filter server".
  init(_ program: String, _ arguments: [String], name: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    // Not what tests of the environment set for a moment.
    process.environment = Tool.plainEnvironment
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8) {
      guard !byte.isEmpty else { break }
      line += byte
    }
    guard !line.isEmpty else { throw TestSupportError("\(name) did not start") }
    self.line = line
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// The Python on `PATH`; skips the test where there is none.
  static func python(for name: String) throws -> String {
    guard let python = Tool.find("python3") else {
      try skip("no 'python3' on PATH, which \(name) is written in")
    }
    return python.path
  }
}
