import Git2
import VidgitModel

/// A branch of files for people beside the video: previews, a web page, pictures. It has a history of
/// its own, and the work tree never shows it.
struct SideBranch {
  /// Where it is kept here, out of the list of variants: "refs/vidgit/previews".
  let reference: String
  let repository: VideoRepository

  /// Commits files on top of what the branch has.
  ///
  /// - Parameters:
  ///   - files: by path; nil removes one.
  ///   - replaces: the branch holds these files alone afterwards.
  /// - Returns: the commit; the one that was there where nothing changed.
  func commit(
    _ files: [String: [UInt8]?], message: String, replaces: Bool = false, author: Author?
  ) throws -> ObjectID {
    let lock = try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    let tip = try VidgitError.git { try repository.git.reference(named: reference) }
    let signature = try repository.signature(author)
    return try VidgitError.git {
      var pack = try repository.git.packWriter()
      var changes: [String: ObjectID?] = [:]
      for (path, bytes) in files { changes[path] = .some(try bytes.map { try pack.writeBlob($0) }) }
      let old = try tip.map { try repository.git.commit($0).tree }
      let empty = try pack.writeTree([])
      let tree = try pack.updateTree(base: replaces ? empty : old ?? empty, changes: changes)
      if let tip, tree == old { return tip }
      let commit = try pack.writeCommit(
        tree: tree, parents: tip.map { [$0] } ?? [], author: signature, committer: signature,
        message: message)
      try pack.flush()
      try repository.git.updateReference(
        reference, to: commit, expecting: tip, signature: signature, message: "vidgit")
      return commit
    }
  }
}
