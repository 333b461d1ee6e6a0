import Git2
public import VidgitModel

/// Which commit and recipe made each frame what it is.
public struct Blame: Sendable {
  /// Neighbouring frames that the same commit made what they are.
  public struct Run: Sendable {
    public var frames: Range<Int>
    public let commit: CommitSummary
    public let filters: [String]
  }

  /// The commit that was looked at, in hex.
  public let commit: String
  public let times: FrameTimes
  public let runs: [Run]

  /// - Parameter range: nil for the whole timeline.
  /// - Throws: `VidgitError`: not found for an unknown revision, usage for a range beyond it.
  public init(directory: String, revision: String, range: RangeExpression?) throws {
    let repository = try VideoRepository.open(at: directory)
    let start = try repository.timeline(of: repository.revision(revision))
    let times = try start.times()
    let frames = try VidgitError.model(.usage) { try range?.resolve(in: times) ?? 0..<times.count }
    let culprits = try BlameSearch.culprits(of: frames, in: start, repository)
    commit = start.revision.commit.hex
    self.times = times
    runs = try Self.runs(frames, culprits, start, repository)
  }

  private static func runs(
    _ frames: Range<Int>, _ culprits: [ObjectID], _ timeline: Timeline,
    _ repository: VideoRepository
  ) throws -> [Run] {
    var commits: [ObjectID: CommitSummary] = [:]
    var runs: [Run] = []
    for frame in frames {
      let id = culprits[frame - frames.lowerBound]
      let filters = timeline.lines[frame].filters
      if let last = runs.last, last.commit.id == id.hex, last.filters == filters {
        runs[runs.count - 1].frames = last.frames.lowerBound..<frame + 1
        continue
      }
      let commit =
        try commits[id] ?? VidgitError.git { CommitSummary(try repository.git.commit(id)) }
      commits[id] = commit
      runs.append(Run(frames: frame..<frame + 1, commit: commit, filters: filters))
    }
    return runs
  }
}
