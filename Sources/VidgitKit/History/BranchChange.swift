import Git2
import VidgitModel

/// Makes, leaves and removes branches.
public struct BranchChange {
  private let directory: String
  private let author: Author?

  public init(directory: String, author: Author? = nil) {
    self.directory = directory
    self.author = author
  }

  /// Makes a branch and stays where one is.
  ///
  /// - Parameter start: anything that Git resolves.
  /// - Returns: its commit in hex.
  /// - Throws: `VidgitError`: usage for a bad name, conflict for one that is taken, refused for a
  ///   commit that is not fit to be used.
  public func create(_ name: String, at start: String) throws -> String {
    let repository = try VideoRepository.open(at: directory, recovering: false)
    let lock = try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    try repository.finishPending()
    try repository.requireNewBranch(name)
    let revision = try repository.revision(start)
    let signature = try repository.signature(author)
    try VidgitError.git {
      try repository.git.updateReference(
        "refs/heads/\(name)", to: revision.commit, expecting: nil, signature: signature,
        message: "branch: made from \(start)")
    }
    return revision.commit.hex
  }

  /// The branch that HEAD was on before this one.
  ///
  /// - Throws: `VidgitError`: not found where it was on none.
  public func previous() throws -> String {
    let repository = try VideoRepository.open(at: directory, recovering: false)
    guard let name = try VidgitError.git({ try repository.git.previousBranch() }) else {
      throw VidgitError(
        .notFound, "HEAD was on no other branch before", hint: "`vidgit branch` lists them")
    }
    return name
  }

  /// Moves HEAD and the work tree to a branch.
  ///
  /// - Parameters:
  ///   - start: make the branch there; nil for one that exists.
  /// - Returns: its commit in hex.
  /// - Throws: `VidgitError`: not found for an unknown branch, conflict for uncommitted changes.
  public func switchTo(_ name: String, makingAt start: String? = nil) throws -> String {
    let repository = try VideoRepository.open(at: directory, recovering: false)
    let lock = try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    try repository.finishPending()
    let here = try repository.commit("HEAD")
    let reference = "refs/heads/\(name)"
    guard try VidgitError.git({ try Repository.isValidBranchName(name) }) else {
      throw VidgitError(
        .usage, "'\(TerminalText.escaped(name))' is no name of a branch",
        hint: "`vidgit branch` lists them; a single revision is looked at with `vidgit show REV`")
    }
    let there = try VidgitError.git { try repository.git.reference(named: reference) }
    let tip: ObjectID
    if let start {
      try repository.requireNewBranch(name)
      tip = try repository.commit(start)
    } else if let there {
      tip = there
    } else if let remote = try tracked(name, repository) {
      tip = remote
    } else {
      throw VidgitError(
        .notFound, "there is no branch '\(TerminalText.escaped(name))'",
        hint:
          "`vidgit branch` lists them; `vidgit switch -c \(TerminalText.escaped(name))` makes it")
    }
    if try repository.currentBranch() != name { try repository.requireNotCheckedOut(name) }
    // What is not fit to be used is not checked out either.
    _ = try repository.revision(tip)
    try repository.requireCleanWorkTree()
    let signature = try repository.signature(author)
    if there == nil, start == nil {
      try VidgitError.git {
        try repository.git.setConfig("branch.\(name).remote", to: "origin")
        try repository.git.setConfig("branch.\(name).merge", to: reference)
      }
    }
    try repository.publish(
      PendingCommit(
        reference: reference, from: there, to: tip, workTree: here, switchesHead: true,
        request: "switch"),
      log: "branch: made from \(start ?? name)", by: signature)
    return tip.hex
  }

  /// The branch of the same name where this was cloned from, as `git switch` takes it.
  private func tracked(_ name: String, _ repository: VideoRepository) throws -> ObjectID? {
    guard try VidgitError.git({ try Repository.isValidBranchName(name) }) else { return nil }
    return try VidgitError.git {
      try repository.git.reference(named: "refs/remotes/origin/\(name)")
    }
  }

  /// Removes a branch.
  ///
  /// - Parameter evenUnmerged: also where commits are on no other branch.
  /// - Returns: the commit that it pointed to, in hex, with which it can be made again.
  /// - Throws: `VidgitError`: conflict for the current branch, or for commits that would be lost.
  public func delete(_ name: String, evenUnmerged: Bool) throws -> String {
    let repository = try VideoRepository.open(at: directory, recovering: false)
    let lock = try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    try repository.finishPending()
    let branches = try VidgitError.git { try repository.git.branches() }
    guard let branch = branches.first(where: { $0.name == name }) else {
      throw VidgitError(
        .notFound, "there is no branch '\(TerminalText.escaped(name))'",
        hint: "`vidgit branch` lists them")
    }
    guard try repository.currentBranch() != name else {
      throw VidgitError(
        .conflict, "'\(name)' is the current branch", hint: "`vidgit switch` to another one first")
    }
    try repository.requireNotCheckedOut(name)
    let isElsewhere = try VidgitError.git {
      try branches.contains { other in
        try other.name != name
          && repository.git.isAncestor(branch.commit, of: other.commit)
      }
    }
    guard isElsewhere || evenUnmerged else {
      throw VidgitError(
        .conflict, "'\(name)' has commits that are on no other branch",
        hint: "merge it first, or drop them with -D")
    }
    try VidgitError.git {
      try repository.git.deleteReference("refs/heads/\(name)", expecting: branch.commit)
      // Another branch of that name has another upstream.
      for key in ["branch.\(name).remote", "branch.\(name).merge"]
      where try repository.git.configString(key) != nil {
        try repository.git.setConfig(key, to: nil)
      }
    }
    return branch.commit.hex
  }
}

extension VideoRepository {
  /// Refuses to touch a branch that another work tree of the repository shows.
  func requireNotCheckedOut(_ branch: String) throws {
    guard try VidgitError.git({ try git.isCheckedOut(branch: branch) }) else { return }
    throw VidgitError(
      .conflict, "'\(TerminalText.escaped(branch))' is checked out in another work tree",
      hint: "`git worktree list` says where")
  }
}
