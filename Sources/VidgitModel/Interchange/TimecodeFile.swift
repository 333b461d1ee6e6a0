/// Timecode format v2, as mkvmerge and others read and write it: the start of every frame in
/// milliseconds, one a line.
public struct TimecodeFile: Hashable, Sendable {
  /// Seconds a tick: the coarsest in which all times are whole.
  public let timebase: Rational
  /// In order, in ticks.
  public let starts: [Int64]

  private static let mostLines = 10_000_000

  /// - Throws: with the line and the reason.
  public init(parsing text: String, file: String) throws(ModelError) {
    func failure(_ line: Int, _ reason: String, _ hint: String? = nil) -> ModelError {
      ModelError(file, line: line, reason: reason, hint: hint)
    }
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    guard lines.first?.hasPrefix("# time") == true, lines[0].contains("format v2") else {
      throw failure(
        1, "does not begin with '# timecode format v2'",
        "version 2 has the start of each frame in milliseconds, one a line")
    }
    guard lines.count <= Self.mostLines else {
      throw failure(Self.mostLines, "more lines than \(Self.mostLines)")
    }
    var times: [Rational] = []
    // Milliseconds in a unit: 1, 10, 100, ... parts.
    var parts: Int64 = 1
    for (index, line) in lines.enumerated().dropFirst() {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.isEmpty || words[0].hasPrefix("#") { continue }
      guard words.count == 1, let time = Rational(decimal: words[0], places: 6), time.num >= 0
      else {
        throw failure(
          index + 1,
          "'\(TerminalText.escaped(String(line.prefix(60))))' is no time in milliseconds",
          "a number with at most six decimals: 41.708333")
      }
      if let last = times.last, time <= last {
        throw failure(index + 1, "the time is not later than the one before it")
      }
      times.append(time)
      while parts % time.den != 0 { parts *= 10 }
    }
    guard !times.isEmpty else { throw failure(lines.count, "holds no time") }
    // 10^6 parts of a millisecond are the finest, which fits a timebase.
    timebase = Rational(1, 1000 * parts)
    var ticks: [Int64] = []
    for time in times {
      let (value, overflow) = time.num.multipliedReportingOverflow(by: parts / time.den)
      guard !overflow, value.magnitude < 1 << 60 else {
        throw failure(1, "a time of \(time) ms is beyond what a video can have")
      }
      ticks.append(value)
    }
    starts = ticks
  }
}
