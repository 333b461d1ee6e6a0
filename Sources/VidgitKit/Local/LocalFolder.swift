import Foundation

/// `.git/vidgit`: what belongs to this clone alone and is never committed. All work trees of the clone
/// share it, and with it the lock.
struct LocalFolder: Sendable {
  let path: String
  /// What belongs to one work tree alone: the same folder for the main one, and one below
  /// `.git/worktrees/NAME` for a linked one, which is made when something comes into it.
  let own: String
  /// As long as this is there, temporary files are left alone.
  let use: FolderUse

  /// The folder is made where it is missing, for its owner alone.
  ///
  /// - Parameters:
  ///   - gitDirectory: the one of the work tree.
  ///   - commonDirectory: the one that all its work trees share.
  init(gitDirectory: String, commonDirectory: String) throws {
    path = commonDirectory + "/vidgit"
    own = gitDirectory + "/vidgit"
    // What is not there and cannot be made is empty: who only looks needs none of it.
    guard mkdir(path, 0o700) == 0 || [EEXIST, EACCES, EPERM, EROFS].contains(errno) else {
      throw VidgitError.system("create", path)
    }
    use = FolderUse(path)
  }

  var database: String { path + "/local.sqlite" }
  var objects: String { path + "/objects" }
  var media: String { path + "/media" }
  var temporary: String { path + "/tmp" }
  /// Media of which only parts were fetched.
  var partial: String { path + "/partial" }
  /// What stores have, as it was listed last.
  var stores: String { path + "/stores" }
  /// Packs on their way to a store.
  var sending: String { path + "/sending" }
  /// Files that are made to be sent, of any number of operations at once.
  var outgoing: String { path + "/outgoing" }
  var lock: String { path + "/lock" }
  /// The note of a commit that becomes visible in this work tree.
  var pending: String { Self.pending(in: own) }

  /// The same, of the work tree whose own folder this is.
  static func pending(in own: String) -> String { own + "/pending.json" }

  /// The note of the last commit that a crash left half visible here and that was finished since.
  var finished: String { own + "/finished.json" }

  /// Makes the work tree's own folder.
  func makeOwn() throws {
    guard mkdir(own, 0o700) == 0 || errno == EEXIST else { throw VidgitError.system("create", own) }
  }
}
