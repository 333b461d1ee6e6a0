import CGit2

/// Looks whether a checkout can be done without losing anything; touches nothing.
struct CheckoutPlan {
  private let repository: RepositoryHandle
  private let workTree: String
  private let changes: [String: CheckoutChange]
  private let index: WorkTreeIndex
  /// The paths in the way.
  private(set) var conflicts: Set<String> = []
  /// The paths whose content is already as it should be.
  private(set) var present: Set<String> = []

  init(
    repository: RepositoryHandle, workTree: String, changes: [String: CheckoutChange],
    index: WorkTreeIndex
  ) throws {
    self.repository = repository
    self.workTree = workTree
    self.changes = changes
    self.index = index
    for (path, change) in changes {
      if let staged = index.id(path), staged != change.old?.id, staged != change.new?.id {
        conflicts.insert(path)
      }
      if let blocker = try blockingParent(of: path, change) {
        conflicts.insert(blocker)
        continue
      }
      let state = FileState(at: workTree + "/" + path)
      if case .folder = state.kind {
        // Something else took the place of a file that is to go, or that was a submodule.
        if change.new == nil || change.new?.kind == .submodule { continue }
        try addFilesThatStay(below: path, to: &conflicts)
      } else {
        switch try content(path, state, change) {
        case .foreign: conflicts.insert(path)
        case .present: present.insert(path)
        case .replaceable: break
        }
      }
    }
  }

  private enum Content {
    /// As it should be.
    case present
    /// As before, gone, or the beginning of what should come.
    case replaceable
    /// Somebody's work.
    case foreign
  }

  /// A file or link where a folder is needed, unless it is one that will be removed.
  private func blockingParent(of path: String, _ change: CheckoutChange) throws -> String? {
    var parent = ""
    for name in path.split(separator: "/").dropLast() {
      parent += (parent.isEmpty ? "" : "/") + name
      let state = FileState(at: workTree + "/" + parent)
      switch state.kind {
      case .folder: continue
      case .absent: return nil
      case .file, .link, .other:
        // Nothing is behind it that could be removed.
        if change.new == nil { return nil }
        if let change = changes[parent], change.new == nil,
          try content(parent, state, change) != .foreign
        {
          return nil
        }
        return parent
      }
    }
    return nil
  }

  /// A folder that must make room for a file: all in it must be going.
  private func addFilesThatStay(below folder: String, to conflicts: inout Set<String>) throws {
    for entry in try entries(of: workTree + "/" + folder) {
      let path = folder + "/" + entry.name
      if entry.kind == .folder {
        try addFilesThatStay(below: path, to: &conflicts)
      } else if changes[path].map({ $0.new != nil }) ?? true {
        conflicts.insert(path)
      }
    }
  }

  private func content(
    _ path: String, _ state: FileState, _ change: CheckoutChange
  ) throws -> Content {
    let file = workTree + "/" + path
    switch state.kind {
    case .absent: return .replaceable
    case .folder, .other: return .foreign
    case .link:
      guard let target = linkTarget(of: file) else { return .foreign }
      for known in [change.old, change.new] {
        guard let known, known.kind == .link else { continue }
        if try repository.withObject(known.id, { $0.elementsEqual(target) }) {
          return .replaceable
        }
      }
      return .foreign
    case .file:
      let id = try index.cachedID(path, state) ?? blobID(ofFile: file)
      let isAsBefore = change.old?.kind == .file && id == change.old?.id
      if let new = change.new, new.kind == .file {
        if id == new.id { return .present }
        if isAsBefore { return .replaceable }
        // Whoever cut it short: all its bytes are in the blob, so nothing is lost.
        return try repository.withObject(new.id) { blob in
          guard state.size < blob.count else { return .foreign }
          return try readIfPresent(file).map { blob.starts(with: $0) } ?? true
            ? .replaceable : .foreign
        }
      }
      return isAsBefore ? .replaceable : .foreign
    }
  }

  private func blobID(ofFile file: String) throws(Git2Error) -> ObjectID {
    var raw = git_oid()
    try check(git_odb_hashfile(&raw, file, GIT_OBJECT_BLOB), "read '\(file)'")
    return ObjectID(raw)
  }
}

/// The repository's index, and which of its cached names can be trusted.
final class WorkTreeIndex {
  private let pointer: OpaquePointer
  /// When the file was last written; a file of the work tree that is not older may have changed
  /// since without it showing ("racy git").
  private let written: FileState

  init(_ repository: RepositoryHandle, gitDirectory: String) throws(Git2Error) {
    written = FileState(at: gitDirectory + "/index")
    pointer = try make("open the index") { git_repository_index(&$0, repository.pointer) }
    // Throws away what is in memory, so that it is as the file is.
    try check(git_index_read(pointer, 1), "read the index")
    if git_index_has_conflicts(pointer) != 0 {
      throw Git2Error(GIT_ECONFLICT, "check out", "the index has unresolved merge conflicts")
    }
  }

  deinit { git_index_free(pointer) }

  func id(_ path: String) -> ObjectID? {
    git_index_get_bypath(pointer, path, 0).map { ObjectID($0.pointee.id) }
  }

  /// The blob of a file that has not changed since the index was written, without reading it.
  func cachedID(_ path: String, _ state: FileState) -> ObjectID? {
    guard let entry = git_index_get_bypath(pointer, path, 0)?.pointee,
      entry.file_size == UInt32(truncatingIfNeeded: state.size),
      entry.ino == UInt32(truncatingIfNeeded: state.inode),
      state.modified == FileTime(entry.mtime), state.changed == FileTime(entry.ctime),
      state.modified < written.modified
    else { return nil }
    return ObjectID(entry.id)
  }

  func add(_ path: String, _ file: CheckoutFile, _ state: FileState) throws(Git2Error) {
    var entry = git_index_entry()
    entry.id = file.id.raw
    entry.mode = file.mode
    entry.mtime = state.modified.raw
    entry.ctime = state.changed.raw
    entry.ino = UInt32(truncatingIfNeeded: state.inode)
    entry.dev = UInt32(truncatingIfNeeded: state.device)
    entry.uid = state.user
    entry.gid = state.group
    entry.file_size = UInt32(truncatingIfNeeded: state.size)
    let code = path.withCString {
      entry.path = $0
      return git_index_add(pointer, &entry)
    }
    try check(code, "put '\(path)' into the index")
  }

  func remove(_ path: String) throws(Git2Error) {
    _ = try checkFound(git_index_remove(pointer, path, 0), "take '\(path)' out of the index")
  }

  func write() throws(Git2Error) { try check(git_index_write(pointer), "write the index") }
}

extension FileTime {
  fileprivate init(_ raw: git_index_time) {
    self.init(seconds: UInt32(bitPattern: raw.seconds), nanoseconds: raw.nanoseconds)
  }

  fileprivate var raw: git_index_time {
    git_index_time(seconds: Int32(bitPattern: seconds), nanoseconds: nanoseconds)
  }
}

extension RepositoryHandle {
  /// Hands the bytes of an object of any kind to `body`.
  func withObject<Value>(
    _ id: ObjectID, _ body: (UnsafeRawBufferPointer) throws -> Value
  ) throws -> Value {
    let object = try read(id)
    defer { git_odb_object_free(object) }
    return try body(
      UnsafeRawBufferPointer(
        start: git_odb_object_data(object), count: git_odb_object_size(object)))
  }
}
