import Git2
import VidgitModel

/// A new timeline on its way into a commit.
struct TimelineChange {
  /// What plays, by the old timeline's numbers.
  var pieces: [TimelinePiece]
  /// What replaces video.json.
  var header: Header?
  /// Descriptors, recipes and other files by path; nil removes one.
  var files: [String: [UInt8]?] = [:]
  /// The same with blobs that the repository has already.
  var blobs: [String: ObjectID?] = [:]
}

extension VideoRepository {
  /// Writes the tree of a change into `pack`: only shards that are not there already.
  ///
  /// - Parameter old: the timeline that the change's pieces count in, and whose tree it changes.
  func writeTree(
    _ change: TimelineChange, of old: Timeline, into pack: inout PackWriter
  ) throws -> ObjectID {
    let plan = ShardPlan(change.pieces, shards: old.shards)
    var changes = change.blobs
    for path in plan.removed { changes[path] = .some(nil) }
    for entry in plan.entries {
      switch entry.content {
      case .whole(let index):
        let shard = old.revision.shards[index]
        if shard.path != entry.path { changes[entry.path] = shard.id }
      case .pieces(let pieces):
        changes[entry.path] = try VidgitError.git {
          try pack.writeBlob(Shard.encode(old.lines(of: pieces)))
        }
      }
    }
    if let header = change.header {
      changes[FileNames.header] = try write(header.fileBytes(), &pack)
    }
    for (path, bytes) in change.files {
      changes[path] = try bytes.map { try write($0, &pack) }
    }
    return try VidgitError.git { try pack.updateTree(base: old.revision.tree, changes: changes) }
  }

  private func write(_ bytes: [UInt8], _ pack: inout PackWriter) throws -> ObjectID {
    try VidgitError.git { try pack.writeBlob(bytes) }
  }

  /// Commits a tree to the target's branch and brings the work tree along.
  func commit(
    _ tree: ObjectID, to target: CommitTarget, parents: [ObjectID], message: String, log: String,
    author: Author?, _ pack: inout PackWriter
  ) throws -> ObjectID {
    let signature = try signature(author)
    let commit = try VidgitError.git {
      let commit = try pack.writeCommit(
        tree: tree, parents: parents, author: signature, committer: signature, message: message)
      try pack.flush()
      return commit
    }
    try publish(target.pending(commit), log: log, by: signature)
    return commit
  }
}

extension Timeline {
  /// The lines of pieces that count in this timeline.
  func lines(of pieces: [TimelinePiece]) -> [FrameLine] {
    pieces.flatMap { piece in
      switch piece {
      case .old(let range): Array(lines[range])
      case .new(let lines): lines
      }
    }
  }
}
