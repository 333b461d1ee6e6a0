public import VidgitModel

/// Plays a range faster or slower: every frame stays, and shows for another time.
public struct Speed {
  private let directory: String
  private let range: RangeExpression
  private let factor: Rational
  private let author: Author?

  /// - Parameter factor: how many times as fast: 2 halves all durations.
  public init(
    directory: String, range: RangeExpression, factor: Rational, author: Author? = nil
  ) {
    self.directory = directory
    self.range = range
    self.factor = factor.reduced
    self.author = author
  }

  /// "2x", "3/2x"
  private var factorText: String { factor.den == 1 ? "\(factor.num)x" : "\(factor)x" }

  /// - Throws: `VidgitError`: usage for a range beyond the timeline, for a factor that is not above
  ///   0, and for one at which a frame would show for less than a tick.
  public func run() async throws -> EditResult {
    guard factor.num > 0 else {
      throw VidgitError(
        .usage, "a speed of \(factorText) is not above 0", hint: "2x is twice as fast, 0.5x half")
    }
    let request = ["speed", range.text, factorText]
    return try await TimelineEdit(directory: directory, author: author, request: request).run {
      _, timeline in
      let times = try timeline.times()
      let changed = try VidgitError.model(.usage) { try range.resolve(in: times) }
      let lines = try retimed(timeline, changed)
      return TimelineEdit.Outcome(
        change: TimelineChange(pieces: [
          .old(0..<changed.lowerBound), .new(lines), .old(changed.upperBound..<times.count),
        ]),
        subject: "Play \(range.text) at \(factorText)",
        body: "\(changed.count) of \(times.count) frames.",
        trailers: PassTrailers(pass: "speed", range: range.text))
    }
  }

  private func retimed(_ timeline: Timeline, _ range: Range<Int>) throws -> [FrameLine] {
    var retiming = Retiming(speed: factor)
    var lines = Array(timeline.lines[range])
    for index in lines.indices {
      guard let duration = retiming.duration(lines[index].dur) else {
        throw VidgitError(
          .usage,
          "at \(factorText) the range '\(self.range.text)' is longer than a timeline can be",
          hint: "take a larger factor")
      }
      guard duration > 0 else { throw tooFast(timeline, range, frame: range.lowerBound + index) }
      lines[index].dur = duration
    }
    return lines
  }

  private func tooFast(_ timeline: Timeline, _ range: Range<Int>, frame: Int) -> VidgitError {
    let shortest = timeline.lines[range].lazy.map(\.dur).min() ?? 1
    let tick = timeline.revision.header.timebase
    return VidgitError(
      .usage,
      "at \(factorText) the frame \(frame) would show for less than one tick of the timeline, "
        + "which is \(tick) s",
      hint: "factors up to \(shortest)x work here; for more speed take frames out first, with "
        + "`vidgit cut`")
  }
}
