import Git2
public import VidgitModel

/// What a revision shows: its header and media, and which frames carry which recipes.
public struct RevisionSummary: Sendable {
  /// Neighbouring frames with the same recipes from the same medium.
  public struct Run: Sendable {
    public var frames: Range<Int>
    /// Ticks of the header's timebase.
    public var start: Int64
    public var end: Int64
    public let uri: String
    public let filters: [String]
  }

  public let commit: String
  public let header: Header
  public let media: [String: MediaDescriptor]
  public private(set) var frames = 0
  /// Ticks of the header's timebase.
  public private(set) var duration: Int64 = 0
  public private(set) var runs: [Run] = []
  public let recipes: [Recipe]

  /// - Throws: `VidgitError`: not found for an unknown revision.
  public init(directory: String, revision spec: String) throws {
    let repository = try VideoRepository.open(at: directory)
    let revision = try repository.revision(spec)
    commit = revision.commit.hex
    header = revision.header
    media = revision.media
    recipes = try revision.recipeBlobs.keys.sorted().map { try repository.recipe($0, in: revision) }
    var lines = TimelineCursor(repository, revision).lines()
    while let (start, line) = try lines.next() {
      add(line, start)
    }
  }

  private mutating func add(_ line: FrameLine, _ start: Int64) {
    if let last = runs.last, last.uri == line.uri, last.filters == line.filters {
      runs[runs.count - 1].frames = last.frames.lowerBound..<frames + 1
      runs[runs.count - 1].end = start + line.dur
    } else {
      runs.append(
        Run(
          frames: frames..<frames + 1, start: start, end: start + line.dur, uri: line.uri,
          filters: line.filters))
    }
    frames += 1
    duration = start + line.dur
  }

  /// One line of a revision with its start in ticks.
  public static func frame(
    _ number: Int, directory: String, revision spec: String
  ) throws -> (line: FrameLine, start: Int64, header: Header) {
    let repository = try VideoRepository.open(at: directory)
    let revision = try repository.revision(spec)
    var lines = TimelineCursor(repository, revision).lines(in: number..<Int.max)
    guard number >= 0, let (start, line) = try lines.next() else {
      throw VidgitError(
        .usage, "there is no frame \(number) in \(revision.commit.short)",
        hint: "frames are counted from 0; `vidgit show` says how many there are")
    }
    return (line, start, revision.header)
  }
}
