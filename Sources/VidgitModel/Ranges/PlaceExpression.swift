/// A place between two frames as people write it: "100", "10s", "1:02.5", "50%".
///
/// A frame number means before that frame; a time, before the first frame that begins at or after
/// it; 0 is the beginning, and the number of frames, the whole length or 100% the end.
public struct PlaceExpression: Hashable, Sendable {
  /// What the user wrote.
  public let text: String
  private let bound: RangeExpression.Bound

  private static let hint =
    "a place is a frame number (100), a time (10s, 1:00.5) or a percentage (100% is the end)"

  /// - Throws: with the column and what was expected.
  public init(parsing text: String) throws(ModelError) {
    self.text = text
    let what = "place '\(TerminalText.escaped(String(text.prefix(100))))'"
    guard text.utf8.count <= 100 else {
      throw ModelError(what, reason: "a place has at most 100 characters", hint: Self.hint)
    }
    do throws(ModelError) {
      bound = try BoundParser.bound(Array(text.utf8), column: 1, what: what)
    } catch {
      var error = error
      error.hint = Self.hint
      throw error
    }
  }

  /// The number of frames before the place.
  ///
  /// - Throws: where it lies beyond the timeline, whose length the error says.
  public func resolve(in times: FrameTimes) throws(ModelError) -> Int {
    try bound.index(in: times) { reason in
      ModelError(
        "place '\(TerminalText.escaped(text))'",
        reason: reason + "; the timeline is \(times.lengthText) long (\(times.count) frames)",
        hint: Self.hint)
    }
  }
}
