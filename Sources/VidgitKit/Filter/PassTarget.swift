import Git2
import VidgitModel

/// Where a pass starts from and which branch gets its commit.
struct PassTarget {
  let base: ObjectID
  /// The branch that gets the commit.
  let branch: String
  /// The branch that HEAD is on; nil where it is on none.
  let currentBranch: String?
  /// What an interrupted run of the same command has committed already.
  let finished: FilterResult?
  private let isNew: Bool
  private let request: String

  /// The lock must be held.
  init(_ repository: VideoRepository, _ options: FilterOptions) throws {
    request = Self.request(options)
    let recovered = try repository.finishPending()
    switch try VidgitError.git({ try repository.git.head }) {
    case .branch(let name, let commit): (currentBranch, base) = (name, commit)
    case .detached(let commit): (currentBranch, base) = (nil, commit)
    case .unborn(let name):
      throw VidgitError(
        .notFound, "the branch '\(name)' has no commit yet",
        hint: "vidgit works in repositories that `vidgit split` made")
    }
    if let recovered, recovered.request == request, recovered.to == base {
      finished = FilterResult(
        commit: base.hex, branch: currentBranch ?? "", recipes: [], selected: 0, changed: 0,
        made: 0, reused: 0, wasFinished: true)
      branch = currentBranch ?? ""
      isNew = false
      return
    }
    finished = nil
    isNew = options.branch != nil
    guard let branch = options.branch ?? currentBranch else {
      throw VidgitError(
        .conflict, "HEAD is not on a branch", hint: "give the pass a branch of its own with -b NAME"
      )
    }
    self.branch = branch
    if isNew { try Self.requireNew(branch, repository) }
    try repository.requireCleanWorkTree()
  }

  func pending(_ commit: ObjectID) -> PendingCommit {
    PendingCommit(
      reference: "refs/heads/\(branch)", from: isNew ? nil : base, to: commit, workTree: base,
      switchesHead: isNew, request: request)
  }

  private static func requireNew(_ branch: String, _ repository: VideoRepository) throws {
    guard try VidgitError.git({ try Repository.isValidBranchName(branch) }) else {
      throw VidgitError(
        .usage, "'\(TerminalText.escaped(branch))' is not a name that Git takes for a branch",
        hint: "letters, digits, '-', '_' and '/' are safe: noir, try/noir-2")
    }
    guard
      try VidgitError.git({ try repository.git.reference(named: "refs/heads/\(branch)") }) == nil
    else {
      throw VidgitError(
        .conflict, "a branch named '\(branch)' exists already",
        hint: "take another name, or `git switch \(branch)` and filter there without -b")
    }
  }

  private static func request(_ options: FilterOptions) -> String {
    let parts: [String] =
      [
        "filter", options.branch ?? "", options.range.map { "\($0)" } ?? "",
        options.frames.map { "\($0)" } ?? "",
      ] + options.recipes.map { "\($0)" }
    return Digest(of: Array(parts.joined(separator: "\0").utf8)).hex
  }
}
