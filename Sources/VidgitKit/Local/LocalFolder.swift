import Foundation

/// `.git/vidgit`: what belongs to this clone alone and is never committed.
struct LocalFolder: Sendable {
  let path: String
  /// As long as this is there, temporary files are left alone.
  let use: FolderUse

  /// The folder of the repository whose `.git` is `gitDirectory`; made where it is missing, for its owner
  /// alone.
  init(gitDirectory: String) throws {
    path = gitDirectory + "/vidgit"
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
  var pending: String { path + "/pending.json" }
}
