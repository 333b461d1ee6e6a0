import Git2
import VidgitModel

extension VideoRepository {
  /// The commits in which to look for what a commit did not make itself: its parents, and before
  /// them, for an undo, the commit whose tree it has brought back.
  func origins(of commit: Commit) throws -> [ObjectID] {
    guard let trailers = PassTrailers(parsing: commit.message),
      let restored = try restored(by: trailers, of: commit.id)
    else { return commit.parents }
    return [restored] + commit.parents.filter { $0 != restored }
  }

  /// The commit before the one that an undo took back; nil for anything else, and where a message
  /// names a commit that does not lie behind its own.
  func restored(by trailers: PassTrailers, of commit: ObjectID) throws -> ObjectID? {
    guard trailers.pass == "undo", let undone = trailers.undoes.flatMap({ ObjectID(hex: $0) }),
      git.exists(undone)
    else { return nil }
    return try VidgitError.git {
      guard try git.isAncestor(undone, of: commit) else { return nil }
      return try git.commit(undone).parents.first
    }
  }
}
