public import Foundation

/// What a program wrote and how it ended.
public struct ToolResult: Sendable {
  /// The command, for messages.
  public let command: String
  public let standardOutput: Data
  public let standardError: Data
  /// The exit status; nil when a signal ended the program.
  public let status: Int32?
  /// The signal that ended the program, or nil.
  public let signal: Int32?
  /// Wall time from start to end.
  public let duration: Duration
  /// Paths that `snapshot` replaces, with what stands for them.
  public var normalizations: [(path: String, name: String)]

  /// Standard output as text; bytes that are not UTF-8 become U+FFFD.
  public var output: String { String(decoding: standardOutput, as: UTF8.self) }
  /// Standard error as text.
  public var errors: String { String(decoding: standardError, as: UTF8.self) }
  /// The lines of standard output, without line ends.
  public var lines: [String] {
    output.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
  }

  /// Output, errors and status in one text, with the folders of this run named instead of spelled.
  public var snapshot: String {
    var text = output
    if !text.isEmpty, !text.hasSuffix("\n") { text += "\n[no line end]\n" }
    let errors = errors
    if !errors.isEmpty {
      text += "[stderr]\n" + errors
      if !errors.hasSuffix("\n") { text += "\n[no line end]\n" }
    }
    text += signal.map { "[signal \($0)]\n" } ?? "[status \(status ?? -1)]\n"
    return normalize(text)
  }

  /// Standard error with paths normalised.
  public var normalizedErrors: String { normalize(errors) }

  private func normalize(_ text: String) -> String {
    // The longest first, so that a folder inside another keeps its own name.
    normalizations.sorted { $0.path.count > $1.path.count }.reduce(text) {
      $0.replacingOccurrences(of: $1.path, with: $1.name)
    }
  }

  /// Adds a path that `snapshot` replaces.
  public func naming(_ path: String, _ name: String) -> ToolResult {
    var copy = self
    copy.normalizations.append((path, name))
    return copy
  }
}
