import CGit2

/// Something that keeps what it names from being garbage.
public struct Root: Hashable, Sendable {
  public let id: ObjectID
  /// For people: "refs/heads/main", "the reflog of HEAD".
  public let name: String
  /// Git itself does not miss the object: an old entry of a reflog may name one that is gone.
  public let mayBeGone: Bool

  public init(id: ObjectID, name: String, mayBeGone: Bool) {
    self.id = id
    self.name = name
    self.mayBeGone = mayBeGone
  }
}

/// What an object is, tags followed.
public enum PeeledObject: Hashable, Sendable {
  case commit(ObjectID)
  case tree(ObjectID)
  case blob(ObjectID)
}

extension Repository {
  /// Everything from which stock git could bring a commit back: all references, the reflogs,
  /// HEAD and its like (MERGE_HEAD, ORIG_HEAD, ...) and a rebase in progress, of every work tree.
  ///
  /// The entries of `refs/stash` are the stashes themselves and count whatever their age.
  ///
  /// - Parameter since: entries of reflogs that are older, in seconds since 1970, do not count; nil
  ///   counts all.
  public func roots(reflogSince since: Int64?) throws(Git2Error) -> [Root] {
    var roots = try references()
    for (folder, label) in try gitDirectories() {
      roots += try heads(in: folder, label)
      try addReflogs(in: folder + "/logs", path: "", since, label, to: &roots)
    }
    return roots
  }

  /// The work trees of this repository that are there: this one and all others.
  public func workTrees() throws(Git2Error) -> [String] {
    var paths = [workTree].compactMap(\.self)
    if gitDirectory != commonDirectory, commonDirectory.hasSuffix("/.git") {
      paths.append(parent(of: commonDirectory))
    }
    for entry in try entries(of: commonDirectory + "/worktrees") where entry.kind == .folder {
      guard let bytes = try readIfPresent(entry.path + "/gitdir") else { continue }
      let file = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\n" }
      paths.append(parent(of: String(file)))
    }
    return Set(paths).filter { FileState(at: $0).kind == .folder }.sorted()
  }

  /// Paths and blobs of the index of every work tree, all sides of conflicts included, links and
  /// submodules not.
  public func indexEntries() throws(Git2Error) -> [(path: String, id: ObjectID)] {
    var found: [(String, ObjectID)] = []
    for (folder, _) in try gitDirectories() {
      let path = folder + "/index"
      guard FileState(at: path).kind == .file else { continue }
      let index: OpaquePointer = try make("read the index '\(path)'") { git_index_open(&$0, path) }
      defer { git_index_free(index) }
      for place in 0..<git_index_entrycount(index) {
        guard let entry = git_index_get_byindex(index, place)?.pointee,
          entry.mode & 0o170000 == 0o100000
        else { continue }
        found.append((String(cString: entry.path), ObjectID(entry.id)))
      }
    }
    return found
  }

  /// Commits whose parents were left out of a shallow clone.
  public func shallowCommits() throws(Git2Error) -> Set<ObjectID> {
    guard let bytes = try readIfPresent(commonDirectory + "/shallow") else { return [] }
    return Set(Self.ids(in: bytes))
  }

  /// What `id` is in the end; nil where there is no such object.
  public func peel(_ id: ObjectID) throws(Git2Error) -> PeeledObject? {
    var raw = id.raw
    let found: OpaquePointer? = try makeIfFound("read the object \(id)") {
      git_object_lookup(&$0, pointer, &raw, GIT_OBJECT_ANY)
    }
    guard var object = found else { return nil }
    defer { git_object_free(object) }
    while git_object_type(object) == GIT_OBJECT_TAG {
      let target: OpaquePointer = try make("read the tag \(id)") { git_tag_target(&$0, object) }
      git_object_free(object)
      object = target
    }
    let target = ObjectID(git_object_id(object)!.pointee)
    switch git_object_type(object) {
    case GIT_OBJECT_COMMIT: return .commit(target)
    case GIT_OBJECT_TREE: return .tree(target)
    default: return .blob(target)
    }
  }

  /// Settings whose names fit a regular expression, as stock git would read them here.
  public func configValues(
    matching pattern: String
  ) throws(Git2Error) -> [(key: String, value: String)] {
    let snapshot: OpaquePointer = try make("read the configuration") {
      git_repository_config_snapshot(&$0, pointer)
    }
    defer { git_config_free(snapshot) }
    return try Self.values(matching: pattern, in: snapshot)
  }

  /// The same of the system's and the user's configuration alone, for use outside of repositories.
  public static func userConfigValues(
    matching pattern: String
  ) throws(Git2Error) -> [(key: String, value: String)] {
    try Library.start()
    let all: OpaquePointer = try ConfigSources.openDefault()
    defer { git_config_free(all) }
    return try values(matching: pattern, in: all)
  }

  private static func values(
    matching pattern: String, in snapshot: OpaquePointer
  ) throws(Git2Error) -> [(key: String, value: String)] {
    let operation = "read the configuration"
    let iterator: OpaquePointer = try make(operation) {
      git_config_iterator_glob_new(&$0, snapshot, pattern)
    }
    defer { git_config_iterator_free(iterator) }
    var values: [(String, String)] = []
    var entry: UnsafeMutablePointer<git_config_entry>?
    while true {
      let code = git_config_next(&entry, iterator)
      if code == GIT_ITEROVER.rawValue { break }
      try check(code, operation)
      guard let entry = entry?.pointee else { continue }
      values.append((String(cString: entry.name), entry.value.map { String(cString: $0) } ?? ""))
    }
    git_error_clear()
    return values
  }
}

extension Repository {
  /// The folders that hold a HEAD, one for each work tree, each with what to call it: "" and
  /// " of the work tree 'NAME'".
  public func gitDirectories() throws(Git2Error) -> [(path: String, label: String)] {
    var folders = [(commonDirectory, "")]
    for entry in try entries(of: commonDirectory + "/worktrees") where entry.kind == .folder {
      folders.append((entry.path, " of the work tree '\(entry.name)'"))
    }
    return folders
  }

  /// All references that name an object of their own; symbolic ones lead to another of these.
  public func references() throws(Git2Error) -> [Root] {
    let operation = "list the references"
    let iterator: OpaquePointer = try make(operation) {
      git_reference_iterator_new(&$0, pointer)
    }
    defer { git_reference_iterator_free(iterator) }
    var roots: [Root] = []
    while true {
      var reference: OpaquePointer?
      let code = git_reference_next(&reference, iterator)
      if code == GIT_ITEROVER.rawValue { break }
      try check(code, operation)
      defer { git_reference_free(reference) }
      // A symbolic one leads to another of the list, or nowhere.
      guard let target = git_reference_target(reference) else { continue }
      let name = String(cString: git_reference_name(reference))
      roots.append(Root(id: ObjectID(target.pointee), name: name, mayBeGone: false))
    }
    git_error_clear()
    return roots
  }

  /// What HEAD, MERGE_HEAD and their like name, and what a rebase, a cherry-pick or a bisection in
  /// progress has noted.
  private func heads(in folder: String, _ label: String) throws(Git2Error) -> [Root] {
    var files: [FolderEntry] = []
    for entry in try entries(of: folder) {
      if entry.kind == .file, entry.name.hasSuffix("HEAD") || entry.name == "AUTO_MERGE" {
        files.append(entry)
      }
      let states = ["rebase-merge", "rebase-apply", "sequencer"]
      if entry.kind == .folder, states.contains(entry.name) {
        files += try entries(of: entry.path).filter { $0.kind == .file }
      }
      // References of one work tree alone, such as those of a bisection.
      if entry.kind == .folder, entry.name == "refs", folder != commonDirectory {
        try addFiles(below: entry.path, to: &files)
      }
    }
    var roots: [Root] = []
    for file in files where file.state.size < 1 << 20 {
      guard let bytes = try readIfPresent(file.path) else { continue }
      let mayBeGone = file.name != "HEAD"
      roots += Self.ids(in: bytes).map {
        Root(id: $0, name: file.name + label, mayBeGone: mayBeGone)
      }
    }
    return roots
  }

  private func addFiles(
    below folder: String, to files: inout [FolderEntry]
  ) throws(Git2Error) {
    for entry in try entries(of: folder) {
      switch entry.kind {
      case .folder: try addFiles(below: entry.path, to: &files)
      case .file: files.append(entry)
      default: break
      }
    }
  }

  /// Every line of a reflog is `old new name <address> seconds zone`, a tab and a message.
  private func addReflogs(
    in folder: String, path: String, _ since: Int64?, _ label: String, to roots: inout [Root]
  ) throws(Git2Error) {
    for entry in try entries(of: folder) {
      let name = path.isEmpty ? entry.name : "\(path)/\(entry.name)"
      if entry.kind == .folder {
        try addReflogs(in: entry.path, path: name, since, label, to: &roots)
        continue
      }
      guard entry.kind == .file, let bytes = try readIfPresent(entry.path) else { continue }
      for line in bytes.split(separator: UInt8(ascii: "\n")) {
        if let since, name != "refs/stash", let time = Self.reflogTime(line), time < since {
          continue
        }
        for id in Self.ids(in: line.prefix(81)) {
          roots.append(Root(id: id, name: "the reflog of \(name)\(label)", mayBeGone: true))
        }
      }
    }
  }

  private static func reflogTime(_ line: ArraySlice<UInt8>) -> Int64? {
    guard let end = line.firstIndex(of: UInt8(ascii: ">")) else { return nil }
    let rest = line[(end + 1)...].drop { $0 == UInt8(ascii: " ") }
    let digits = rest.prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  /// Every word of 40 hexadecimal digits that is not all zeros.
  private static func ids(in bytes: some Collection<UInt8>) -> [ObjectID] {
    bytes.split { $0 <= UInt8(ascii: " ") }.compactMap { word in
      word.count == 40 ? ObjectID(hex: String(decoding: word, as: UTF8.self)) : nil
    }.filter { $0 != .none }
  }
}
