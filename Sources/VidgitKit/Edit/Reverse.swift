public import VidgitModel

/// Plays a range backwards: its lines in reverse order, each with its duration.
public struct Reverse {
  private let directory: String
  private let range: RangeExpression
  private let author: Author?

  public init(directory: String, range: RangeExpression, author: Author? = nil) {
    self.directory = directory
    self.range = range
    self.author = author
  }

  /// - Throws: `VidgitError`: usage for a range beyond the timeline.
  public func run() async throws -> EditResult {
    let request = ["reverse", range.text]
    return try await TimelineEdit(directory: directory, author: author, request: request).run {
      _, timeline in
      let times = try timeline.times()
      let turned = try VidgitError.model(.usage) { try range.resolve(in: times) }
      return TimelineEdit.Outcome(
        change: TimelineChange(pieces: [
          .old(0..<turned.lowerBound), .new(timeline.lines[turned].reversed()),
          .old(turned.upperBound..<times.count),
        ]),
        subject: "Reverse \(range.text)",
        body: "\(turned.count) of \(times.count) frames.",
        trailers: PassTrailers(pass: "reverse", range: range.text))
    }
  }
}
