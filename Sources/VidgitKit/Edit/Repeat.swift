public import VidgitModel

/// Plays a range again, right behind itself.
public struct Repeat {
  private let directory: String
  private let range: RangeExpression
  private let times: Int
  private let author: Author?

  /// The largest timeline that a repetition makes, in frames: all its lines are in memory at once.
  private static let mostFrames = 10_000_000

  /// - Parameter times: how many times more it plays, from 1.
  public init(directory: String, range: RangeExpression, times: Int = 1, author: Author? = nil) {
    self.directory = directory
    self.range = range
    self.times = times
    self.author = author
  }

  /// - Throws: `VidgitError`: usage for a range beyond the timeline, or a number of times that is
  ///   not above 0 or makes too long a timeline.
  public func run() async throws -> EditResult {
    guard times > 0 else {
      throw VidgitError(
        .usage, "a range cannot be repeated \(times) times", hint: "--times takes a number from 1")
    }
    let request = ["repeat", range.text, String(times)]
    return try await TimelineEdit(directory: directory, author: author, request: request).run {
      _, timeline in
      let old = try timeline.times()
      let repeated = try VidgitError.model(.usage) { try range.resolve(in: old) }
      let (more, overflow) = repeated.count.multipliedReportingOverflow(by: times)
      guard !overflow, more <= Self.mostFrames - old.count else {
        throw VidgitError(
          .usage, "\(times) times \(repeated.count) frames more are too many",
          hint: "a repetition makes timelines of at most \(Self.mostFrames) frames")
      }
      let pieces =
        [0..<repeated.upperBound] + Array(repeating: repeated, count: times)
        + [repeated.upperBound..<old.count]
      return TimelineEdit.Outcome(
        change: TimelineChange(pieces: pieces.map { .old($0) }),
        subject: "Repeat \(range.text)" + (times == 1 ? "" : " \(times) times"),
        body: "\(repeated.count) frames play \(times + 1) times.",
        trailers: PassTrailers(pass: "repeat", range: range.text))
    }
  }
}
