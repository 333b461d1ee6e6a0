import Git2
import VidgitModel

/// What a branch's history holds and an undo has taken back, so that the branch does not show it.
struct TakenBack {
  /// The commit that took it back.
  let undo: ObjectID
  /// Whether that undid a merge of it, rather than a pass that is a part of it.
  let isMerge: Bool
  /// The commit whose state the undo brought back, which does not hold it.
  let before: ObjectID
}

extension VideoRepository {
  /// Looks for an undo that has taken `part`, an ancestor of `commit`, out of what `commit` shows.
  ///
  /// History is followed as it stands: from an undo to the commit whose state it brought back.
  ///
  /// - Returns: nil where `commit` shows what `part` has brought.
  func takenBack(_ part: ObjectID, from commit: ObjectID) throws -> TakenBack? {
    func holds(_ commit: ObjectID) throws -> Bool {
      try VidgitError.git { try git.isAncestor(part, of: commit) }
    }
    var current = commit
    var undo: (id: ObjectID, isMerge: Bool)?
    // The tree of the commit that came after `current`.
    var later: ObjectID?
    while current != part {
      let reached = try VidgitError.git { try git.commit(current) }
      if let trailers = PassTrailers(parsing: reached.message),
        let id = trailers.undoes.flatMap({ ObjectID(hex: $0) }),
        let before = try restored(by: trailers, of: current)
      {
        let undone = try VidgitError.git { try git.commit(id) }
        if later == undone.tree {
          // `git revert` has brought it back.
          current = id
          continue
        }
        if undo?.isMerge != true {
          undo = (current, try undone.parents.dropFirst().contains(where: holds))
        }
        guard try holds(before) else {
          return undo.map { TakenBack(undo: $0.id, isMerge: $0.isMerge, before: before) }
        }
        later = nil
        current = before
      } else {
        if try reached.parents.dropFirst().contains(where: holds) { return nil }
        guard let first = reached.parents.first else { return nil }
        later = reached.tree
        current = first
      }
    }
    return nil
  }
}
