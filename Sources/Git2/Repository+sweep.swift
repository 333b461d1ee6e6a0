import CGit2

extension Repository {
  /// Removes what a process that was killed left behind, and returns its paths relative to the
  /// repository: lock files of references, HEAD, the index and the configuration of all its work trees
  /// (each would stop every later write, for ever), unfinished packs, objects and files, and the index
  /// of a pack that never came.
  ///
  /// The caller must hold its own exclusive lock. A stock git at work in the same repository is not
  /// kept out by that, and its editor may be open for long: names that git itself uses go when an hour
  /// old, or where the killed process told that it would make them.
  ///
  /// - Parameters:
  ///   - age: how many seconds ago a temporary file of libgit2's was last written, such as a pack that
  ///     some process may be fetching.
  ///   - noted: the locks that a killed process was about to take; nil where none was killed.
  @discardableResult
  public func sweepStaleFiles(
    olderThan age: Double = 0, noted: NotedLocks? = nil
  ) throws(Git2Error) -> [String] {
    var sweep = Sweep(base: commonDirectory, now: currentTime(), age: age)
    if let noted {
      for name in noted.names { try sweep.lock(path(ofLock: name), notedAt: noted.time) }
    }
    let locks = ["HEAD.lock", "index.lock", "config.lock", "packed-refs.lock"]
    for (folder, _) in try gitDirectories() {
      try sweep.files(in: folder, olderThan: Sweep.hour) { locks.contains($0) }
      try sweep.files(in: folder, olderThan: age) { $0.hasPrefix(Self.temporaryPrefix) }
      try sweep.locks(below: folder + "/refs")
    }
    if let workTree {
      try sweep.files(in: workTree, olderThan: age) { $0.hasPrefix(Self.temporaryPrefix) }
    }
    try sweep.files(in: commonDirectory + "/info", olderThan: Sweep.hour) {
      $0 == "attributes.lock"
    }
    // libgit2 makes and renames the index of a pack in one go, and cannot make it twice.
    try sweep.objects(indexLocksOlderThan: noted == nil ? Sweep.hour : 0)
    return sweep.removed
  }
}

private struct Sweep {
  /// Seconds after which what has a name of git's own is stale.
  static let hour = 3600.0

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

  /// A lock that a killed process told of, if it can be that one's.
  mutating func lock(_ path: String, notedAt time: Double) throws(Git2Error) {
    let state = FileState(at: path)
    guard path.hasSuffix(".lock"), Double(state.modified.seconds) <= time + NotedLocks.delay
    else { return }
    try remove(FolderEntry(name: path, path: path, state: state), olderThan: -.infinity)
  }

  mutating func files(
    in folder: String, olderThan age: Double, where isStale: (String) -> Bool
  ) throws(Git2Error) {
    for entry in try entries(of: folder) where isStale(entry.name) {
      try remove(entry, olderThan: age)
    }
  }

  /// Locks of references.
  mutating func locks(below folder: String) throws(Git2Error) {
    for entry in try entries(of: folder) {
      if entry.kind == .folder {
        try locks(below: entry.path)
      } else if entry.name.hasSuffix(".lock") {
        try remove(entry, olderThan: Self.hour)
      }
    }
  }

  mutating func objects(indexLocksOlderThan lockAge: Double) throws(Git2Error) {
    // libgit2's own names end in `_git2_` and six letters; the index of a pack in the making has
    // a lock. The others are stock git's.
    let objects = base + "/objects"
    let packs = try entries(of: objects + "/pack")
    let names = Set(packs.map(\.name))
    for entry in packs {
      if entry.name.hasSuffix(".idx.lock") {
        try remove(entry, olderThan: lockAge)
      } else if entry.name.hasPrefix("pack_git2_") {
        try remove(entry, olderThan: age)
      } else if entry.name.hasPrefix("tmp_") || entry.name.hasSuffix(".lock") {
        try remove(entry, olderThan: max(age, Self.hour))
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
            try remove(loose, olderThan: max(age, Self.hour))
          }
        }
      }
    }
  }
}
