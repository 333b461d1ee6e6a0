import Git2
import VidgitModel

/// Takes back the last pass of the current branch by a new commit, which has the tree from before.
///
/// Undone passes and the commits that undid them are passed over, so that undoing again takes back
/// the pass before. Nothing leaves the history.
public struct Undo {
  public struct Result: Sendable {
    /// The new commit's id in hex.
    public let commit: String
    public let branch: String
    /// What was taken back.
    public let undone: String
    public let subject: String
  }

  private let directory: String
  private let author: Author?

  public init(directory: String, author: Author? = nil) {
    self.directory = directory
    self.author = author
  }

  /// - Throws: `VidgitError`: conflict where nothing is left to take back, or where the last commit
  ///   is not vidgit's.
  public func run() throws -> Result {
    let repository = try VideoRepository.open(at: directory, recovering: false)
    let lock = try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    let target = try CommitTarget(repository, request: ["undo"])
    if target.wasFinished {
      let done = try VidgitError.git { try repository.git.commit(target.base) }
      return Result(
        commit: target.base.hex, branch: target.branch,
        undone: PassTrailers(parsing: done.message)?.undoes ?? "", subject: done.subject)
    }
    let last = try Self.lastPass(from: target.base, repository)
    guard let parent = last.parents.first else {
      throw VidgitError(
        .conflict, "nothing is left to take back: '\(last.subject)' made the repository",
        hint: "`vidgit log` shows what there is")
    }
    let before = try repository.revision(parent)
    let subject = String("Undo: \(last.subject)".prefix(72))
    let message = try VidgitError.model {
      try PassTrailers(pass: "undo", undoes: last.id.hex).message(
        "\(subject)\n\nThis takes back \(last.id.hex).")
    }
    var pack = try VidgitError.git { try repository.git.packWriter() }
    let commit = try repository.commit(
      before.tree, to: target, parents: [target.base], message: message, log: "undo",
      author: author, &pack)
    return Result(
      commit: commit.hex, branch: target.branch, undone: last.id.hex, subject: last.subject)
  }

  /// The last pass whose effect is still there.
  private static func lastPass(
    from start: ObjectID, _ repository: VideoRepository
  ) throws -> Commit {
    var commit = try VidgitError.git { try repository.git.commit(start) }
    while true {
      guard let trailers = PassTrailers(parsing: commit.message) else {
        throw VidgitError(
          .conflict, "the last change, \(commit.id.short) '\(commit.subject)', is not vidgit's",
          hint: "take it back with `git revert \(commit.id.short)`")
      }
      guard trailers.pass == "undo" else { return commit }
      guard let parent = try repository.restored(by: trailers, of: commit.id) else {
        throw VidgitError(
          .conflict, "\(commit.id.short) says that it undid something, and not what",
          hint: "take it back with `git revert \(commit.id.short)`")
      }
      commit = try VidgitError.git { try repository.git.commit(parent) }
    }
  }
}
