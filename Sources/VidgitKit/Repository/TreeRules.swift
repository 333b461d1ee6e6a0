import Git2
import VidgitModel

/// What may stand in a tree. libgit2 and git accept more than a file system can bear (`../evil`,
/// names that are `.git` to some systems, duplicates), so every tree is held to these rules before
/// anything in it is used or written to disk.
struct TreeRules {
  static let file: UInt32 = 0o100644
  static let program: UInt32 = 0o100755
  static let folder: UInt32 = 0o040000
  /// Folders within folders, and entries in all.
  private static let deepest = 8
  private static let most = 200_000
  private static let dotNames: Set = [".gitignore", ".gitattributes", ".github", ".nojekyll"]
  private static let own = [
    FileNames.mediaFolder, FileNames.framesFolder, FileNames.filtersFolder,
  ].map { String($0.dropLast()) }

  /// Entries seen so far.
  private var count = 0

  /// Checks a whole tree, and returns its top.
  static func check(_ tree: ObjectID, in git: borrowing Repository) throws -> [TreeEntry] {
    var rules = TreeRules()
    return try rules.check(tree, path: "", depth: 0, in: git)
  }

  @discardableResult
  private mutating func check(
    _ tree: ObjectID, path: String, depth: Int, in git: borrowing Repository
  ) throws -> [TreeEntry] {
    let entries = try VidgitError.git { try git.tree(tree) }
    count += entries.count
    guard depth <= Self.deepest, count <= Self.most else {
      throw refusal(path.isEmpty ? "the tree" : path, "holds too many files or folders")
    }
    var seen = Set<String>(minimumCapacity: entries.count)
    let isOwn = Self.own.contains(path)
    for entry in entries {
      let name = entry.name
      let full = path.isEmpty ? name : "\(path)/\(name)"
      guard FileNames.isSafe(name) || (!isOwn && Self.dotNames.contains(name)) else {
        throw refusal(full, "is not a name that vidgit takes")
      }
      // Some file systems do not tell upper from lower case.
      guard seen.insert(name.lowercased()).inserted else {
        throw refusal(full, "stands there twice")
      }
      switch entry.mode {
      case Self.file:
        if depth == 0, Self.own.contains(name) { throw refusal(full, "is not a folder") }
        if isOwn, !Self.isName(full) { throw refusal(full, "is not a name that its folder takes") }
      case Self.program where !isOwn: break
      case Self.folder where !isOwn:
        try check(entry.id, path: full, depth: depth + 1, in: git)
      default:
        throw refusal(full, "is a link, a submodule or something else that is not a plain file")
      }
    }
    return entries
  }

  /// Whether a file in one of the three folders is named as the format says. Any name of a shard
  /// is read, for the sake of merges by hand; `verify` says which are not as vidgit writes them.
  private static func isName(_ path: String) -> Bool {
    if path.hasPrefix(FileNames.mediaFolder) { return FileNames.isMediaPath(path) }
    if path.hasPrefix(FileNames.framesFolder) { return path.hasSuffix(".jsonl") }
    return FileNames.recipeID(path) != nil
  }

  private func refusal(_ path: String, _ reason: String) -> VidgitError {
    VidgitError(
      .refused, "the revision's entry '\(TerminalText.escaped(path))' \(reason)",
      hint: "nothing of this revision was used; ask its author, or look with `git ls-tree -r`")
  }
}
