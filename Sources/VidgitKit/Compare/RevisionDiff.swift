import Git2
public import VidgitModel

/// What two revisions differ in: frames, recipes, media and the header.
public struct RevisionDiff: Sendable {
  /// A key of video.json; a side is nil where it has no such key.
  public struct HeaderChange: Sendable {
    public let key: String
    public let old: JSONValue?
    public let new: JSONValue?
  }

  /// The commits' ids in hex.
  public let old: String
  public let new: String
  public let timeline: TimelineDiff
  public let oldTimes: FrameTimes
  public let newTimes: FrameTimes
  public let recipesAdded: [Recipe]
  public let recipesRemoved: [Recipe]
  /// Paths such as "media/falls.json".
  public let mediaAdded: [String]
  public let mediaRemoved: [String]
  public let mediaChanged: [String]
  public let headerChanges: [HeaderChange]

  /// Whether nothing that vidgit knows of differs.
  public var isEmpty: Bool {
    timeline.runs.isEmpty && recipesAdded.isEmpty && recipesRemoved.isEmpty
      && mediaAdded.isEmpty && mediaRemoved.isEmpty && mediaChanged.isEmpty
      && headerChanges.isEmpty
  }

  /// - Throws: `VidgitError`: not found for an unknown revision, bad input for one that cannot be
  ///   read.
  public init(directory: String, from oldSpec: String, to newSpec: String) throws {
    let repository = try VideoRepository.open(at: directory)
    let old = try repository.timeline(of: repository.revision(oldSpec))
    let new = try repository.timeline(of: repository.revision(newSpec), like: old)
    try self.init(repository, old, new)
  }

  init(_ repository: VideoRepository, _ old: Timeline, _ new: Timeline) throws {
    self.old = old.revision.commit.hex
    self.new = new.revision.commit.hex
    timeline = TimelineDiff(old.lines, new.lines)
    oldTimes = try old.times()
    newTimes = try new.times()
    let (before, after) = (old.revision, new.revision)
    recipesAdded = try Self.recipes(of: after, without: before, repository)
    recipesRemoved = try Self.recipes(of: before, without: after, repository)
    mediaAdded = after.media.keys.filter { before.media[$0] == nil }.sorted()
    mediaRemoved = before.media.keys.filter { after.media[$0] == nil }.sorted()
    mediaChanged = after.media.keys.filter { path in
      before.media[path].map { $0.fileBytes() != after.media[path]!.fileBytes() } ?? false
    }.sorted()
    headerChanges = Self.headerChanges(before.header, after.header)
  }

  private static func recipes(
    of revision: Revision, without other: Revision, _ repository: VideoRepository
  ) throws -> [Recipe] {
    try revision.recipeBlobs.keys.filter { other.recipeBlobs[$0] == nil }.sorted().map {
      try repository.recipe($0, in: revision)
    }
  }

  private static func headerChanges(_ old: Header, _ new: Header) -> [HeaderChange] {
    let (before, after) = (old.json.object!, new.json.object!)
    let keys = before.keys + after.keys.filter { before[$0] == nil }
    return keys.compactMap { key in
      before[key] == after[key] ? nil : HeaderChange(key: key, old: before[key], new: after[key])
    }
  }
}
