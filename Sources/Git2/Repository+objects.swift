import CGit2

extension Repository {
  /// Whether the repository has an object, unwritten ones of a `PackWriter` included.
  public func exists(_ id: ObjectID) -> Bool {
    handle.has(id, unwritten: true)
  }

  /// Reads a commit.
  public func commit(_ id: ObjectID) throws(Git2Error) -> Commit {
    try handle.commit(id)
  }

  /// The entries of one tree, in stored order, duplicates included, nothing checked.
  public func tree(_ id: ObjectID) throws(Git2Error) -> [TreeEntry] {
    let tree = try handle.lookUpTree(id)
    defer { git_tree_free(tree) }
    return (0..<git_tree_entrycount(tree)).map { TreeEntry(git_tree_entry_byindex(tree, $0)!) }
  }

  /// The entry at a path such as "frames/000000.jsonl" below a tree; nil if there is none. If a
  /// name is there twice, which of them is not defined: check trees of strangers with `tree`.
  public func entry(at path: String, in tree: ObjectID) throws(Git2Error) -> TreeEntry? {
    try requireNoNUL(path, "look up a path")
    let root = try handle.lookUpTree(tree)
    defer { git_tree_free(root) }
    let entry: OpaquePointer? = try makeIfFound("look up '\(path)' in the tree \(tree)") {
      git_tree_entry_bypath(&$0, root, path)
    }
    guard let entry else { return nil }
    defer { git_tree_entry_free(entry) }
    return TreeEntry(entry)
  }

  /// The size of a blob in bytes, without reading it.
  public func blobSize(_ id: ObjectID) throws(Git2Error) -> Int {
    var raw = id.raw
    var size = 0
    var kind = GIT_OBJECT_INVALID
    try check(
      git_odb_read_header(&size, &kind, handle.objects, &raw), "read the size of the blob \(id)")
    try Self.requireBlob(kind, id)
    return size
  }

  /// Hands the bytes of a blob to `body`; they are valid only within it. The whole blob is in
  /// memory meanwhile: ask `blobSize` first where a stranger made it.
  public func withBlob<Value>(
    _ id: ObjectID, _ body: (UnsafeRawBufferPointer) throws -> Value
  ) throws -> Value {
    let object = try handle.read(id)
    defer { git_odb_object_free(object) }
    try Self.requireBlob(git_odb_object_type(object), id)
    return try body(
      UnsafeRawBufferPointer(
        start: git_odb_object_data(object), count: git_odb_object_size(object)))
  }

  /// Hands the bytes of each of some blobs to `body`, on all cores at once, and returns in order
  /// what it makes of them. One blob for each core is in memory at a time.
  public func withBlobs<Value>(
    _ ids: [ObjectID], _ body: @Sendable (Int, UnsafeRawBufferPointer) throws -> Value
  ) throws -> [Value] {
    // libgit2's object database, unlike the repository around it, may be read by several threads.
    nonisolated(unsafe) let handle = handle
    return try concurrentMap(ids.count) { index in
      let object = try handle.read(ids[index])
      defer { git_odb_object_free(object) }
      try Self.requireBlob(git_odb_object_type(object), ids[index])
      return try body(
        index,
        UnsafeRawBufferPointer(
          start: git_odb_object_data(object), count: git_odb_object_size(object)))
    }
  }

  private static func requireBlob(_ kind: git_object_t, _ id: ObjectID) throws(Git2Error) {
    if kind != GIT_OBJECT_BLOB {
      throw Git2Error(GIT_EINVALID, "read the blob \(id)", "it is not a blob")
    }
  }
}

extension RepositoryHandle {
  /// Whether there is an object, never by libgit2's cache, which also remembers objects that were
  /// given up before they were written.
  func has(_ id: ObjectID, unwritten: Bool) -> Bool {
    var raw = id.raw
    let skipped = unwritten ? nil : memory
    if cgit2_odb_has_stored(objects, skipped, &raw, 0) == 1 { return true }
    // Another process may have written it since the packs were listed.
    guard git_odb_refresh(objects) == 0 else { return false }
    return cgit2_odb_has_stored(objects, skipped, &raw, 0) == 1
  }

  /// The raw object; free with `git_odb_object_free`.
  func read(_ id: ObjectID) throws(Git2Error) -> OpaquePointer {
    var raw = id.raw
    return try make("read the object \(id)") { git_odb_read(&$0, objects, &raw) }
  }

  /// Free with `git_tree_free`.
  func lookUpTree(_ id: ObjectID) throws(Git2Error) -> OpaquePointer {
    var raw = id.raw
    return try make("read the tree \(id)") { git_tree_lookup(&$0, pointer, &raw) }
  }

  /// Free with `git_commit_free`.
  func lookUpCommit(_ id: ObjectID) throws(Git2Error) -> OpaquePointer {
    var raw = id.raw
    return try make("read the commit \(id)") { git_commit_lookup(&$0, pointer, &raw) }
  }

  func commit(_ id: ObjectID) throws(Git2Error) -> Commit {
    let commit = try lookUpCommit(id)
    defer { git_commit_free(commit) }
    return Commit(
      id: id,
      tree: ObjectID(git_commit_tree_id(commit)!.pointee),
      parents: (0..<git_commit_parentcount(commit)).map {
        ObjectID(git_commit_parent_id(commit, $0)!.pointee)
      },
      author: Signature(git_commit_author(commit)!.pointee),
      committer: Signature(git_commit_committer(commit)!.pointee),
      message: git_commit_message(commit).map { String(cString: $0) } ?? "")
  }
}
