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

  public init(directory: String, revision: String) {
    self.directory = directory
    spec = revision
  }

  /// The newest first.
  ///
  /// - Parameter limit: how many at the most; nil for all.
  public func entries(limit: Int?) throws -> [Entry] {
    let repository = try VideoRepository.open(at: directory)
    let start = try repository.commit(spec)
    return try VidgitError.git {
      let branches = Dictionary(grouping: try repository.git.branches(), by: \.commit)
      var history = try repository.git.history(from: start)
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
