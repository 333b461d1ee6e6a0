import Git2
import VidgitModel

/// Where an operation starts from and which branch gets its commit.
struct CommitTarget {
  let base: ObjectID
  /// The branch that gets the commit.
  let branch: String
  /// The branch that HEAD is on; nil where it is on none.
  let currentBranch: String?
  /// An interrupted run of the same command has made its commit already: it is `base`.
  let wasFinished: Bool
  private let isNew: Bool
  private let request: String

  /// The lock must be held.
  ///
  /// - Parameters:
  ///   - newBranch: a new branch for the commit; nil for the current one.
  ///   - request: all that was asked for, so that the same request is known again.
  init(
    _ repository: VideoRepository, newBranch: String? = nil, request: [String]
  ) throws {
    try self.init(repository, newBranch: newBranch) { _ in request }
  }

  /// - Parameter request: the same, where it depends on the commit to start from.
  init(
    _ repository: VideoRepository, newBranch: String? = nil,
    request: (_ base: ObjectID) throws -> [String]
  ) throws {
    try repository.finishPending()
    switch try VidgitError.git({ try repository.git.head }) {
    case .branch(let name, let commit): (currentBranch, base) = (name, commit)
    case .detached(let commit): (currentBranch, base) = (nil, commit)
    case .unborn(let name):
      throw VidgitError(
        .notFound, "the branch '\(name)' has no commit yet",
        hint: VideoRepository.splitHint)
    }
    self.request = Digest(of: Array(try request(base).joined(separator: "\0").utf8)).hex
    if try repository.takeFinished(request: self.request, at: base) {
      wasFinished = true
      branch = currentBranch ?? ""
      isNew = false
      return
    }
    wasFinished = false
    isNew = newBranch != nil
    guard let branch = newBranch ?? currentBranch else {
      throw VidgitError(
        .conflict, "HEAD is not on a branch",
        hint: "make one with `git switch -c NAME`; `vidgit filter` takes -b NAME")
    }
    self.branch = branch
    if isNew { try repository.requireNewBranch(branch) }
    try repository.requireCleanWorkTree()
  }

  func pending(_ commit: ObjectID) -> PendingCommit {
    PendingCommit(
      reference: "refs/heads/\(branch)", from: isNew ? nil : base, to: commit, workTree: base,
      switchesHead: isNew, request: request)
  }
}

extension VideoRepository {
  /// Refuses a name that is none for a branch, or is taken.
  func requireNewBranch(_ branch: String) throws {
    guard try VidgitError.git({ try Repository.isValidBranchName(branch) }) else {
      throw VidgitError(
        .usage, "'\(TerminalText.escaped(branch))' is not a name that Git takes for a branch",
        hint: "letters, digits, '-', '_' and '/' are safe: noir, try/noir-2")
    }
    guard
      try VidgitError.git({ try git.reference(named: "refs/heads/\(branch)") }) == nil
    else {
      throw VidgitError(
        .conflict, "a branch named '\(branch)' exists already",
        hint: "take another name, or `vidgit switch \(branch)` and work there")
    }
    // Git keeps branches as files: one name cannot be a file and a folder.
    let clash = try VidgitError.git { try git.branches() }.map(\.name).first {
      $0.hasPrefix(branch + "/") || branch.hasPrefix($0 + "/")
    }
    if let clash {
      throw VidgitError(
        .conflict, "Git cannot hold the branch '\(branch)' beside '\(clash)'",
        hint: "take a name that does not begin with the other and a slash")
    }
  }
}
