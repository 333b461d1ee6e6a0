import Git2
import VidgitModel

extension VideoRepository {
  /// Commits changed files to a branch, and brings the work tree along where it shows that branch.
  ///
  /// The lock must be held.
  ///
  /// - Parameter files: by path.
  func commit(
    _ files: [String: [UInt8]], to branch: String, message: String, request: [String],
    author: Author?
  ) throws -> ObjectID {
    let isCurrent = try currentBranch() == branch
    let target = isCurrent ? try CommitTarget(self, request: request) : nil
    let signature = try signature(author)
    guard let tip = try VidgitError.git({ try git.reference(named: "refs/heads/\(branch)") }) else {
      throw VidgitError(.notFound, "there is no branch '\(branch)'")
    }
    let commit = try VidgitError.git {
      var pack = try git.packWriter()
      var changes: [String: ObjectID?] = [:]
      for (path, bytes) in files { changes[path] = try pack.writeBlob(bytes) }
      let tree = try pack.updateTree(base: git.commit(tip).tree, changes: changes)
      let commit = try pack.writeCommit(
        tree: tree, parents: [tip], author: signature, committer: signature, message: message)
      try pack.flush()
      return commit
    }
    if let target {
      try publish(target.pending(commit), log: "publish", by: signature)
    } else {
      try requireNotCheckedOut(branch)
      try VidgitError.git {
        try git.updateReference(
          "refs/heads/\(branch)", to: commit, expecting: tip, signature: signature,
          message: "publish")
      }
    }
    return commit
  }
}
