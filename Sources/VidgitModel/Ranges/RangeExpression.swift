/// A range of frames as people write it: "10s..20s", "1:00..2:00.5", "100..200", "10%..20%".
///
/// Half open: the frame or time after ".." is not in it. An end that is left out is open, and "100"
/// by itself is one frame. A bare whole number is a frame, counted from 0; a number with "s" or
/// "ms", or with ":", is a time from the start of the timeline; a percentage is of all frames. A
/// frame belongs to a range of time where its beginning lies in it.
public struct RangeExpression: Hashable, Sendable {
  public enum Bound: Hashable, Sendable {
    case frame(Int)
    /// Seconds.
    case time(Rational)
    /// Of the number of frames.
    case percent(Rational)
  }

  /// What the user wrote.
  public let text: String
  /// `nil` where it is open.
  public let lower: Bound?
  /// `nil` where it is open.
  public let upper: Bound?

  /// - Throws: with the column and what was expected.
  public init(parsing text: String) throws(ModelError) {
    self.text = text
    let what = "range '\(TerminalText.escaped(String(text.prefix(100))))'"
    let bytes = Array(text.utf8)
    guard bytes.count <= 100 else {
      throw ModelError(what, reason: "a range has at most 100 characters")
    }
    let dots = bytes.indices.dropLast().first { bytes[$0] == dot && bytes[$0 + 1] == dot }
    guard let dots else {
      let bound = try BoundParser.bound(bytes, column: 1, what: what)
      guard case .frame(let frame) = bound, frame < Int.max else {
        throw ModelError(
          what, reason: "a range of times or percent needs '..'",
          hint: "write \(text).. for all that follows, or \(text)..<end>")
      }
      (lower, upper) = (bound, .frame(frame + 1))
      return
    }
    let (before, after) = (Array(bytes[..<dots]), Array(bytes[(dots + 2)...]))
    lower = before.isEmpty ? nil : try BoundParser.bound(before, column: 1, what: what)
    upper = after.isEmpty ? nil : try BoundParser.bound(after, column: dots + 3, what: what)
  }

  /// The frames of the range in a timeline of these durations.
  ///
  /// - Throws: where the range is reversed, holds no frame, or reaches beyond the timeline, whose
  ///   length the error says.
  public func resolve(
    durations: some Sequence<Int64>, timebase: Rational
  ) throws(ModelError) -> Range<Int> {
    try resolve(in: try FrameTimes(durations: durations, timebase: timebase))
  }

  /// The frames of the range in this timeline; see `resolve(durations:timebase:)`.
  public func resolve(in times: FrameTimes) throws(ModelError) -> Range<Int> {
    let start = try lower.map { (bound) throws(ModelError) in try index(bound, times) } ?? 0
    let end =
      try upper.map { (bound) throws(ModelError) in try index(bound, times, hint: endHint(times)) }
      ?? times.count
    guard start <= end, !isReversed else {
      throw failure("the end lies before the beginning", times)
    }
    guard start < times.count else {
      throw failure("begins after the last frame", times, hint: lastFrameHint(times))
    }
    guard start < end else { throw failure("holds no frame", times) }
    return start..<end
  }

  /// Whether bounds of one kind say so by themselves, whatever the timeline.
  private var isReversed: Bool {
    switch (lower, upper) {
    case (.frame(let a), .frame(let b)): b < a
    case (.time(let a), .time(let b)): b < a
    case (.percent(let a), .percent(let b)): b < a
    default: false
    }
  }

  private func index(
    _ bound: Bound, _ times: FrameTimes, hint: String? = nil
  ) throws(ModelError) -> Int {
    try bound.index(in: times) { failure($0, times, hint: hint ?? lastFrameHint(times)) }
  }

  private func failure(_ reason: String, _ times: FrameTimes, hint: String? = nil) -> ModelError {
    ModelError(
      "range '\(TerminalText.escaped(text))'",
      reason: reason + "; the timeline is \(times.lengthText) long (\(times.count) frames)",
      hint: mixtureHint ?? hint)
  }

  /// What was most likely meant where a time and a bare number stand together.
  private var mixtureHint: String? {
    switch (lower, upper) {
    case (.time, .frame(let frame)), (.frame(let frame), .time):
      "'\(frame)' is frame \(frame); write \(frame)s for a time"
    default: nil
    }
  }

  /// How to write what goes on to the end.
  private func endHint(_ times: FrameTimes) -> String? {
    guard let dots = text.firstRange(of: "..") else { return lastFrameHint(times) }
    let start = lower == nil ? "0" : text[..<dots.lowerBound]
    return "write \(TerminalText.escaped("\(start)..")) for all that follows, to the end"
  }

  private func lastFrameHint(_ times: FrameTimes) -> String? {
    guard times.count > 0 else { return nil }
    let last = times.count - 1
    return "the last frame is \(last), at \(times.clock(ofFrame: last)); they count from 0"
  }
}

extension RangeExpression.Bound {
  /// The frame that begins at or after this bound, from 0 to the number of frames.
  ///
  /// - Parameter failure: makes the error where it lies beyond the timeline.
  func index(
    in times: FrameTimes, failure: (_ reason: String) -> ModelError
  ) throws(ModelError) -> Int {
    switch self {
    case .frame(let frame):
      guard frame <= times.count else { throw failure("reaches beyond the last frame") }
      return frame
    case .time(let seconds):
      let ticks = seconds.ticksRoundedUp(times.timebase)
      guard ticks <= times.length else { throw failure("reaches beyond the end") }
      return times.firstFrame(atOrAfter: ticks)
    case .percent(let percent):
      // At most 100 percent, so the result is at most the count.
      return Int(Int128(times.count) * Int128(percent.num) / (Int128(percent.den) * 100))
    }
  }
}

extension RangeExpression: CustomStringConvertible {
  public var description: String { text }
}

private let dot = UInt8(ascii: ".")
