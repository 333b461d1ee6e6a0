public import VidgitModel

/// Takes ranges out of the timeline, or keeps nothing else.
public struct Cut {
  private let directory: String
  private let ranges: [RangeExpression]
  private let keeps: Bool
  private let author: Author?

  /// - Parameters:
  ///   - ranges: parts of the timeline as it is now; they may overlap.
  ///   - keeps: keep these and cut the rest.
  public init(
    directory: String, ranges: [RangeExpression], keeps: Bool = false, author: Author? = nil
  ) {
    self.directory = directory
    self.ranges = ranges
    self.keeps = keeps
    self.author = author
  }

  private var name: String { keeps ? "keep" : "cut" }

  /// - Throws: `VidgitError`: usage for a range beyond the timeline, or where nothing would be left.
  public func run() async throws -> EditResult {
    let text = ranges.map(\.text).joined(separator: ",")
    return try await TimelineEdit(directory: directory, author: author, request: [name, text]).run {
      _, timeline in
      let times = try timeline.times()
      let named = try VidgitError.model(.usage) { try FrameList(ranges).resolve(in: times) }
      let kept = keeps ? named : Self.rest(of: 0..<times.count, without: named)
      let gone = times.count - kept.reduce(0) { $0 + $1.count }
      return TimelineEdit.Outcome(
        change: TimelineChange(pieces: kept.map { .old($0) }),
        subject: "\(keeps ? "Keep" : "Cut") \(text)",
        body: "\(gone) of \(times.count) frames are gone.",
        trailers: PassTrailers(pass: name, range: text))
    }
  }

  /// The parts of `whole` that lie in none of `ranges`, which are in order.
  static func rest(of whole: Range<Int>, without ranges: [Range<Int>]) -> [Range<Int>] {
    var rest: [Range<Int>] = []
    var place = whole.lowerBound
    for range in ranges {
      if place < range.lowerBound { rest.append(place..<range.lowerBound) }
      place = range.upperBound
    }
    if place < whole.upperBound { rest.append(place..<whole.upperBound) }
    return rest
  }
}
