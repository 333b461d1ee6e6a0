import Git2
public import VidgitModel

/// The commits behind a revision, with what vidgit wrote into them.
public struct PassHistory {
  public struct Entry: Sendable {
    public let commit: CommitSummary
    /// Branches whose tip this is.
    public let branches: [String]
    public let parents: Int
    /// nil where no pass made the commit.
    public let pass: PassTrailers?
  }

  private let directory: String
  private let spec: String

  /// - Parameter revision: anything that Git resolves, or "A..B": what is behind B and not behind A.
  public init(directory: String, revision: String) {
    self.directory = directory
    spec = revision
  }

  /// The newest first.
  ///
  /// - Parameter limit: how many at the most; nil for all.
  public func entries(limit: Int?) throws -> [Entry] {
    let repository = try VideoRepository.open(at: directory)
    let span = RevisionSpan(spec)
    guard span?.isFromMergeBase != true else {
      throw VidgitError(
        .usage, "a log takes A..B, not '\(TerminalText.escaped(spec))'",
        hint: "two dots: the commits behind B that are not behind A")
    }
    let start = try repository.commit(span?.to ?? spec)
    let hidden = try span.map { try repository.commit($0.from) }
    return try VidgitError.git {
      let branches = Dictionary(grouping: try repository.git.branches(), by: \.commit)
      var history = try repository.git.history(from: start, without: hidden)
      var entries: [Entry] = []
      while entries.count < limit ?? .max, let commit = try history.next() {
        entries.append(
          Entry(
            commit: CommitSummary(commit), branches: branches[commit.id]?.map(\.name) ?? [],
            parents: commit.parents.count,
            pass: PassTrailers(parsing: commit.message)))
      }
      return entries
    }
  }
}
