import CGit2

/// Puts files of a tree into the work tree, each whole.
struct WorkTreeWriter {
  let repository: RepositoryHandle
  let workTree: String
  /// Where files are written before they are moved to their places: the beginning of a path.
  let temporary: String

  /// Removes a file, and the folders that are empty then.
  func remove(_ path: String, _ old: CheckoutFile?) throws(Git2Error) {
    let file = workTree + "/" + path
    // Behind a link there is somebody else's file.
    guard hasRealParents(path) else { return }
    switch FileState(at: file).kind {
    case .file, .link: _ = try removeFile(file)
    case .folder where old?.kind == .submodule: removeIfEmpty(file)
    case .folder, .absent, .other: break
    }
    var folder = path
    while let slash = folder.lastIndex(of: "/") {
      folder = String(folder[..<slash])
      if !removeIfEmpty(workTree + "/" + folder) { return }
    }
  }

  /// Writes a file and returns its state. Any number may be written at once.
  ///
  /// - Parameters:
  ///   - isPresent: whether its content is already as it should be.
  ///   - number: one that no other file has.
  func write(
    _ path: String, _ new: CheckoutFile, isPresent: Bool, number: Int
  ) throws -> FileState {
    let file = workTree + "/" + path
    let temporary = temporary + "_\(number)"
    var folder = workTree
    for name in path.split(separator: "/").dropLast() {
      folder += "/" + name
      if case .folder = FileState(at: folder).kind { continue }
      try makeFolder(folder)
    }
    guard hasRealParents(path) else {
      throw Git2Error(GIT_ECONFLICT, "write '\(file)'", "a link is in its path")
    }
    switch new.kind {
    case .submodule:
      try makeFolder(file)
    case .link:
      let target = try repository.withObject(new.id) { Array($0) }
      removeEmptyFolders(file)
      try replaceLink(file, target: target, by: temporary)
    case .file:
      let state = FileState(at: file)
      if !isPresent || state.kind != .file || state.isExecutable != new.isExecutable {
        removeEmptyFolders(file)
        try repository.withObject(new.id) { blob in
          try replaceWorkFile(
            file, with: blob, isExecutable: new.isExecutable, by: temporary)
        }
      }
    }
    return FileState(at: file)
  }

  /// Whether all folders on the way are folders, not links to some.
  private func hasRealParents(_ path: String) -> Bool {
    var folder = workTree
    for name in path.split(separator: "/").dropLast() {
      folder += "/" + name
      guard case .folder = FileState(at: folder).kind else { return false }
    }
    return true
  }
}
