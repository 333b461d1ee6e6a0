import CGit2

extension PackWriter {
  /// Writes a tree, sorted the way git sorts. Names are checked as stock git checks them (no
  /// slash, no `..`, no `.git` in any disguise), modes and objects too.
  public mutating func writeTree(_ entries: [TreeEntry]) throws(Git2Error) -> ObjectID {
    var seen: Set<String> = []
    for entry in entries {
      if !entry.nameIsUTF8 || !seen.insert(entry.name).inserted {
        throw Git2Error(GIT_EINVALID, "write a tree", "'\(entry.name)' is there twice or not UTF-8")
      }
    }
    let builder = try TreeBuilder(handle, from: nil)
    for entry in entries { try builder.insert(entry.name, entry.id, entry.mode) }
    return try write(builder)
  }

  /// Writes a tree that is `base` with some files changed, and the folders on the way.
  ///
  /// - Parameters:
  ///   - base: nil for an empty tree.
  ///   - changes: by path ("frames/000000.jsonl"), the blob to put there, or nil to remove what
  ///     is there, a whole folder too. A removed folder may have files put into it in the same
  ///     call: then only these are in it. Files keep an executable bit; links become files.
  ///     Removing what is absent is no error. Folders that end up empty go away.
  /// - Returns: the tree's name; that of the empty tree if nothing is left.
  public mutating func updateTree(
    base: ObjectID?, changes: [String: ObjectID?]
  ) throws(Git2Error) -> ObjectID {
    let root = TreeChange()
    for (path, blob) in changes {
      var place = root
      for name in path.split(separator: "/", omittingEmptySubsequences: false) {
        if name.isEmpty {
          throw Git2Error(GIT_EINVALIDSPEC, "write a tree", "'\(path)' is no path")
        }
        place = place.child(String(name))
      }
      place.target = blob.map { .blob($0) } ?? .nothing
    }
    if let tree = try update(base, root, at: "") { return tree }
    return try write(TreeBuilder(handle, from: nil))
  }

  /// Nil if nothing is left.
  private mutating func update(
    _ base: ObjectID?, _ change: TreeChange, at path: String
  ) throws(Git2Error) -> ObjectID? {
    let builder = try TreeBuilder(handle, from: base)
    for (name, child) in change.children {
      let old = builder.entry(name)
      switch child.target {
      case .blob(let blob):
        if !child.children.isEmpty {
          throw Git2Error(
            GIT_EINVALID, "write a tree", "'\(path + name)' would be both a file and a folder")
        }
        let isExecutable = old?.mode == TreeEntry.executableMode
        try builder.insert(
          name, blob, isExecutable ? TreeEntry.executableMode : TreeEntry.fileMode)
      case .nothing, .unchanged:
        let keepsFolder = child.target == .unchanged && old?.isFolder == true
        let folder: ObjectID? =
          child.children.isEmpty
          ? nil : try update(keepsFolder ? old?.id : nil, child, at: path + name + "/")
        if let folder {
          try builder.insert(name, folder, TreeEntry.folderMode)
        } else if let old {
          // A file that only removals below its path named is not their folder: it stays.
          if child.target == .nothing || old.isFolder { try builder.remove(name) }
        }
      }
    }
    return builder.isEmpty ? nil : try write(builder)
  }

  private mutating func write(_ builder: TreeBuilder) throws(Git2Error) -> ObjectID {
    let id = try builder.write()
    try gather(id)
    return id
  }

  /// Writes a commit and returns its name; no reference moves. The message is stored as it is.
  public mutating func writeCommit(
    tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: String
  ) throws(Git2Error) -> ObjectID {
    let operation = "write a commit"
    try requireNoNUL(message, operation)
    let root = try handle.lookUpTree(tree)
    defer { git_tree_free(root) }
    var commits: [OpaquePointer?] = []
    defer { for commit in commits { git_commit_free(commit) } }
    for parent in parents { commits.append(try handle.lookUpCommit(parent)) }
    var buffer = git_buf()
    defer { git_buf_dispose(&buffer) }
    try author.withRaw { author throws(Git2Error) in
      try committer.withRaw { committer throws(Git2Error) in
        try check(
          cgit2_commit_create_buffer(
            &buffer, handle.pointer, author, committer, message, root, commits.count, &commits),
          operation)
      }
    }
    return try write(
      UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size), GIT_OBJECT_COMMIT)
  }
}

/// What is to happen at one path and below it.
private final class TreeChange {
  enum Target: Equatable {
    case unchanged, nothing
    case blob(ObjectID)
  }
  var target = Target.unchanged
  private(set) var children: [String: TreeChange] = [:]

  func child(_ name: String) -> TreeChange {
    if let child = children[name] { return child }
    let child = TreeChange()
    children[name] = child
    return child
  }
}

/// libgit2's builder of one tree.
private final class TreeBuilder {
  private let pointer: OpaquePointer

  init(_ handle: RepositoryHandle, from base: ObjectID?) throws(Git2Error) {
    let source = try base.map { id throws(Git2Error) in try handle.lookUpTree(id) }
    defer { git_tree_free(source) }
    pointer = try make("write a tree") { git_treebuilder_new(&$0, handle.pointer, source) }
  }

  deinit { git_treebuilder_free(pointer) }

  var isEmpty: Bool { git_treebuilder_entrycount(pointer) == 0 }

  func entry(_ name: String) -> TreeEntry? {
    git_treebuilder_get(pointer, name).map { TreeEntry($0) }
  }

  func insert(_ name: String, _ id: ObjectID, _ mode: UInt32) throws(Git2Error) {
    let operation = "put '\(name)' into a tree"
    try requireNoNUL(name, operation)
    var raw = id.raw
    try check(git_treebuilder_insert(nil, pointer, name, &raw, git_filemode_t(mode)), operation)
  }

  func remove(_ name: String) throws(Git2Error) {
    try check(git_treebuilder_remove(pointer, name), "take '\(name)' out of a tree")
  }

  func write() throws(Git2Error) -> ObjectID {
    var raw = git_oid()
    try check(git_treebuilder_write(&raw, pointer), "write a tree")
    return ObjectID(raw)
  }
}
