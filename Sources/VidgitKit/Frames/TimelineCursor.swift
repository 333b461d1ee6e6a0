import VidgitModel

/// Walks over the lines of a revision, one shard in memory at a time.
struct TimelineCursor {
  private let repository: VideoRepository
  private let revision: Revision

  /// A line with its start on the timeline, in ticks of the header's timebase.
  typealias Placed = (start: Int64, line: FrameLine)

  init(_ repository: VideoRepository, _ revision: Revision) {
    self.repository = repository
    self.revision = revision
  }

  /// All lines, or those whose number lies in `range`.
  func lines(in range: Range<Int>? = nil) -> Lines {
    Lines(repository, revision, range)
  }

  /// A sequence that can fail: `next()` throws.
  struct Lines {
    private let repository: VideoRepository
    private let revision: Revision
    private let range: Range<Int>?
    private var shard = 0
    private var current: [FrameLine] = []
    private var place = 0
    private var number = 0
    private var start: Int64 = 0

    init(_ repository: VideoRepository, _ revision: Revision, _ range: Range<Int>?) {
      self.repository = repository
      self.revision = revision
      self.range = range
    }

    /// Where the line stands that `next()` returned last: "frames/000000.jsonl:12".
    var lastPlace: String { "\(revision.shards[shard - 1].path):\(place)" }

    mutating func next() throws -> Placed? {
      while true {
        while place == current.count {
          guard shard < revision.shards.count else { return nil }
          current = try repository.lines(of: revision.shards[shard], in: revision)
          shard += 1
          place = 0
        }
        let line = current[place]
        let placed = (start, line)
        if let range, number >= range.upperBound { return nil }
        place += 1
        number += 1
        start = try ManifestBounds.end(of: line, from: start, at: lastPlace)
        if range?.contains(number - 1) ?? true { return placed }
      }
    }
  }
}
