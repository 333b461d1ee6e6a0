/// Why a piece of the format, or a piece of the user's notation, is not what it should be.
public struct ModelError: Error, Hashable, Sendable {
  /// What is wrong: a file of the repository ("frames/000003.jsonl"), or the text that was given
  /// ("range '20s..10s'").
  public var what: String
  /// The line in that file, from 1.
  public var line: Int?
  /// The column, from 1, counted in Unicode scalars.
  public var column: Int?
  /// What is wrong with it, as a sentence without a full stop.
  public var reason: String
  /// What to do next.
  public var hint: String?

  public init(
    _ what: String, line: Int? = nil, column: Int? = nil, reason: String, hint: String? = nil
  ) {
    self.what = what
    self.line = line
    self.column = column
    self.reason = reason
    self.hint = hint
  }
}

extension ModelError: CustomStringConvertible {
  /// "frames/000003.jsonl:12:7: reason": one line, without the hint.
  public var description: String {
    var text = what
    if let line { text += ":\(line)" }
    if let column { text += line == nil ? ", column \(column)" : ":\(column)" }
    return text + ": " + reason
  }
}
