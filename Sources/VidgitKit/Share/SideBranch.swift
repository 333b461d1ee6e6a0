import Git2
import VidgitModel

/// A branch of files for people beside the video: previews, a web page, pictures. It has a history of
/// its own, and the work tree never shows it.
struct SideBranch {
  /// Its name where it is published: "vidgit-pages".
  let name: String
  let repository: VideoRepository

  /// Whether a branch elsewhere is one of these.
  static func isOne(_ name: String) -> Bool { name.hasPrefix("vidgit-") }

  /// Where it is kept here, out of the list of variants.
  private var reference: String { "refs/vidgit/\(name)" }

  /// What pushes it.
  var refspec: String { "\(reference):refs/heads/\(name)" }

  /// Gets what is published of it, by other clones perhaps.
  ///
  /// - Returns: its commit; nil where none is published.
  @discardableResult
  func fetch(
    _ transport: GitTransport, _ progress: @escaping ProgressHandler = { _ in }
  ) async throws -> ObjectID? {
    let branches = try await transport.branches().branches
    guard let there = branches.first(where: { $0.name == name })?.commit else { return nil }
    let here = try VidgitError.git { try repository.git.reference(named: reference) }
    if here != there {
      try await transport.fetch(
        into: repository.path, ["+refs/heads/\(name):\(reference)"], progress)
    }
    return there
  }

  /// Commits files on top of what the branch has.
  ///
  /// - Parameters:
  ///   - replaces: the branch holds these files alone afterwards.
  ///   - fill: writes blobs, and returns them by path; nil removes one.
  /// - Returns: the commit; the one that was there where nothing changed.
  func commit(
    message: String, replaces: Bool, author: Author?,
    _ fill: (inout PackWriter) async throws -> [String: ObjectID?]
  ) async throws -> ObjectID {
    let lock = try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    let tip = try VidgitError.git { try repository.git.reference(named: reference) }
    let signature = try repository.signature(author)
    var pack = try VidgitError.git { try repository.git.packWriter() }
    let changes = try await fill(&pack)
    return try VidgitError.git {
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

  /// The same for files of a folder, with all that is below it.
  ///
  /// - Parameter place: where they go: "docs/".
  func commit(
    folder: String, to place: String, message: String, author: Author?
  ) async throws -> ObjectID {
    try await commit(message: message, replaces: true, author: author) { pack in
      var changes: [String: ObjectID?] = [:]
      for name in try FolderFiles.names(folder) {
        let bytes = try FolderFiles.bytes("\(folder)/\(name)")
        changes[place + name] = try VidgitError.git { try pack.writeBlob(bytes) }
      }
      return changes
    }
  }
}
