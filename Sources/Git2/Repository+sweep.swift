import CGit2

extension Repository {
  /// Removes what a process that was killed left behind, and returns its paths relative to the
  /// repository: lock files of references, HEAD, the index and the configuration (each would stop
  /// every later write, for ever), unfinished packs, objects and files, and the index of a pack that
  /// never came.
  ///
  /// The caller must hold its own exclusive lock, so that none of these belongs to a living
  /// process of its own kind. A stock git at work in the same repository is not kept out by that:
  /// `olderThan` spares what is younger. Temporary files that only stock git makes are removed
  /// when an hour old, never earlier.
  ///
  /// - Parameter olderThan: seconds since the file was last written.
  @discardableResult
  public func sweepStaleFiles(olderThan age: Double = 0) throws(Git2Error) -> [String] {
    var sweep = Sweep(base: commonDirectory, now: currentTime(), age: age)
    let locks = ["HEAD.lock", "index.lock", "config.lock", "packed-refs.lock"]
    for folder in Set([gitDirectory, commonDirectory]).sorted() {
      try sweep.files(in: folder) { locks.contains($0) || $0.hasPrefix(Self.temporaryPrefix) }
    }
    if let workTree {
      try sweep.files(in: workTree) { $0.hasPrefix(Self.temporaryPrefix) }
    }
    try sweep.files(in: commonDirectory + "/info") { $0 == "attributes.lock" }
    try sweep.tree(commonDirectory + "/refs/heads") { $0.hasSuffix(".lock") }
    try sweep.objects()
    return sweep.removed
  }
}

private struct Sweep {
  let base: String
  let now: Double
  let age: Double
  var removed: [String] = []

  mutating func remove(_ entry: FolderEntry, olderThan age: Double) throws(Git2Error) {
    guard entry.kind == .file, now - Double(entry.state.modified.seconds) >= age else { return }
    guard try removeFile(entry.path) else { return }
    removed.append(
      entry.path.hasPrefix(base + "/") ? String(entry.path.dropFirst(base.count + 1)) : entry.path)
  }

  mutating func files(
    in folder: String, where isStale: (String) -> Bool
  ) throws(Git2Error) {
    for entry in try entries(of: folder) where isStale(entry.name) {
      try remove(entry, olderThan: age)
    }
  }

  mutating func tree(_ folder: String, where isStale: (String) -> Bool) throws(Git2Error) {
    for entry in try entries(of: folder) {
      if entry.kind == .folder {
        try tree(entry.path, where: isStale)
      } else if isStale(entry.name) {
        try remove(entry, olderThan: age)
      }
    }
  }

  mutating func objects() throws(Git2Error) {
    // libgit2's own names end in `_git2_` and six letters; the index of a pack in the making has
    // a lock. The others are stock git's.
    let objects = base + "/objects"
    let packs = try entries(of: objects + "/pack")
    let names = Set(packs.map(\.name))
    for entry in packs {
      if entry.name.hasPrefix("pack_git2_") || entry.name.hasSuffix(".lock") {
        try remove(entry, olderThan: age)
      } else if entry.name.hasPrefix("tmp_") {
        try remove(entry, olderThan: max(age, 3600))
      } else if entry.name.hasPrefix("pack-"), entry.name.hasSuffix(".idx"),
        !names.contains(String(entry.name.dropLast(3)) + "pack")
      {
        try remove(entry, olderThan: age)
      }
    }
    for entry in try entries(of: objects) {
      if entry.kind == .file, entry.name.hasPrefix("tmp_object_git2_") {
        try remove(entry, olderThan: age)
      } else if entry.kind == .folder, entry.name.utf8.count == 2 {
        for loose in try entries(of: entry.path) {
          if loose.name.hasPrefix("tmp_object_git2_") {
            try remove(loose, olderThan: age)
          } else if loose.name.hasPrefix("tmp_obj_") {
            try remove(loose, olderThan: max(age, 3600))
          }
        }
      }
    }
  }
}
