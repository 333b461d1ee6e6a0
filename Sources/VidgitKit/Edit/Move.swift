public import VidgitModel

/// Moves a range to another place of the timeline.
public struct Move {
  private let directory: String
  private let range: RangeExpression
  private let place: PlaceExpression
  private let author: Author?

  /// - Parameter place: on the timeline as it is now, outside the range.
  public init(
    directory: String, range: RangeExpression, to place: PlaceExpression, author: Author? = nil
  ) {
    self.directory = directory
    self.range = range
    self.place = place
    self.author = author
  }

  /// - Throws: `VidgitError`: usage for a range or place beyond the timeline, or a place inside the
  ///   range.
  public func run() async throws -> EditResult {
    let request = ["move", range.text, place.text]
    return try await TimelineEdit(directory: directory, author: author, request: request).run {
      _, timeline in
      let times = try timeline.times()
      let moved = try VidgitError.model(.usage) { try range.resolve(in: times) }
      let target = try VidgitError.model(.usage) { try place.resolve(in: times) }
      guard target <= moved.lowerBound || target >= moved.upperBound else {
        throw VidgitError(
          .usage, "the place '\(place.text)' lies inside the range '\(range.text)' that is moved",
          hint: "name a place before or behind it, on the timeline as it is now")
      }
      let rest = Cut.rest(of: 0..<times.count, without: [moved])
      let before = rest.map { $0.clamped(to: 0..<target) }
      let behind = rest.map { $0.clamped(to: target..<times.count) }
      return TimelineEdit.Outcome(
        change: TimelineChange(pieces: (before + [moved] + behind).map { .old($0) }),
        subject: "Move \(range.text) to \(place.text)",
        body: "\(moved.count) of \(times.count) frames.",
        trailers: PassTrailers(pass: "move", range: range.text))
    }
  }
}
