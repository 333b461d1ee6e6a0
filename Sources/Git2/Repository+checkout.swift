import CGit2

/// Files in the work tree that are neither what was there before nor what should come: they were
/// left alone, and so was everything else.
public struct CheckoutConflict: Error, Hashable, Sendable, CustomStringConvertible {
  /// Relative to the work tree, sorted.
  public let paths: [String]

  public init(paths: [String]) { self.paths = paths }

  public var description: String {
    "local changes are in the way of \(paths.count) file(s): "
      + paths.prefix(5).joined(separator: ", ") + (paths.count > 5 ? ", ..." : "")
  }
}

extension Repository {
  /// Brings the work tree and the index from one tree to another, byte for byte: no filter, no
  /// line ending conversion.
  ///
  /// Only paths in which the two trees differ are looked at. A file there that is as in
  /// `baseline`, as in `tree`, or gone, is updated, or removed if only `baseline` has it. Anything
  /// else there, untracked and ignored files and other staged content included, is a conflict, and
  /// then nothing at all is touched. HEAD does not move.
  ///
  /// If it is interrupted, run it again with the same arguments. Each file appears whole; should
  /// one still be cut short (stock git writes in place), it is recognised as the beginning of the
  /// blob that should be there. Files of the work tree are not fsynced: they can be had again.
  ///
  /// Only for trees whose names the caller has checked; names that would lead out of the work
  /// tree or into `.git` are refused all the same, and links in it are not followed. One blob for
  /// each core is in memory at a time.
  ///
  /// libgit2's own checkout was tried and not taken: where a file and a folder swap places it
  /// overwrote local changes, stopped half way, and deleted the file when run again (1.5.1).
  ///
  /// - Parameter baseline: the tree that the work tree was made from; nil if it was empty.
  /// - Throws: `CheckoutConflict`, or `Git2Error`.
  public func checkout(tree: ObjectID, baseline: ObjectID?) throws {
    guard let workTree else {
      throw Git2Error(GIT_EBAREREPO, "check out \(tree)", "there is no work tree")
    }
    let changes = try changes(from: baseline, to: tree)
    let index = try WorkTreeIndex(handle, gitDirectory: gitDirectory)
    let plan = try CheckoutPlan(
      repository: handle, workTree: workTree, changes: changes, index: index)
    if !plan.conflicts.isEmpty { throw CheckoutConflict(paths: plan.conflicts.sorted()) }

    let writer = WorkTreeWriter(
      repository: handle, workTree: workTree,
      temporary: temporaryFolder(for: workTree) + "/" + Self.temporaryPrefix + "\(processID)")
    // Removals first: a file may come where a folder goes, and the other way round.
    for (path, change) in changes where change.new == nil {
      try writer.remove(path, change.old)
      try index.remove(path)
    }
    let files = changes.compactMap { path, change in change.new.map { (path, $0) } }
    // libgit2's object database may be read by several threads, and every file is written by way
    // of a temporary file of its own.
    nonisolated(unsafe) let shared = writer
    let present = plan.present
    let states = try concurrentMap(files.count) { place in
      let (path, new) = files[place]
      return try shared.write(path, new, isPresent: present.contains(path), number: place)
    }
    for ((path, new), state) in zip(files, states) { try index.add(path, new, state) }
    try taking([own("index.lock")], "write the index") { () throws(Git2Error) in
      try index.write()
    }
  }

  /// The files that would be in the way of `checkout`; nothing is touched.
  public func conflicts(tree: ObjectID, baseline: ObjectID?) throws -> [String] {
    guard let workTree else { return [] }
    let index = try WorkTreeIndex(handle, gitDirectory: gitDirectory)
    return try CheckoutPlan(
      repository: handle, workTree: workTree, changes: changes(from: baseline, to: tree),
      index: index
    ).conflicts.sorted()
  }

  static let temporaryPrefix = ".checkout_git2_"

  /// A folder from which a file can be moved into the work tree: the repository, unless it is on
  /// another file system.
  private func temporaryFolder(for workTree: String) -> String {
    FileState(at: gitDirectory).device == FileState(at: workTree).device ? gitDirectory : workTree
  }

  /// The files in which two trees differ, by path.
  private func changes(
    from baseline: ObjectID?, to tree: ObjectID
  ) throws(Git2Error) -> [String: CheckoutChange] {
    let operation = "compare the trees \(baseline?.hex ?? "(empty)") and \(tree)"
    let target = try handle.lookUpTree(tree)
    defer { git_tree_free(target) }
    let base = try baseline.map { id throws(Git2Error) in try handle.lookUpTree(id) }
    defer { git_tree_free(base) }
    let diff: OpaquePointer = try make(operation) {
      git_diff_tree_to_tree(&$0, pointer, base, target, nil)
    }
    defer { git_diff_free(diff) }
    // Knows what is no path for a work tree: `..`, `.git` in any disguise, and so on.
    let validator: OpaquePointer = try make(operation) { git_index_new(&$0) }
    defer { git_index_free(validator) }
    var changes: [String: CheckoutChange] = [:]
    for place in 0..<git_diff_num_deltas(diff) {
      // A change of kind comes as a removal and an addition of one path.
      let delta = git_diff_get_delta(diff, place)!.pointee
      for (file, isNew) in [(delta.old_file, false), (delta.new_file, true)] {
        guard let file = CheckoutFile(file) else { continue }
        guard
          let path = String(validatingCString: isNew ? delta.new_file.path : delta.old_file.path)
        else { throw Git2Error(GIT_EINVALID, operation, "a name in it is not UTF-8") }
        if isNew {
          var entry = git_index_entry()
          entry.mode = file.mode
          entry.id = file.id.raw
          let code = path.withCString {
            entry.path = $0
            return git_index_add(validator, &entry)
          }
          try check(code, "check out '\(path)'")
          changes[path, default: CheckoutChange()].new = file
        } else {
          changes[path, default: CheckoutChange()].old = file
        }
      }
    }
    return changes
  }
}

/// One file of a tree.
struct CheckoutFile: Equatable {
  enum Kind { case file, link, submodule }
  let id: ObjectID
  let mode: UInt32

  init?(_ raw: git_diff_file) {
    if raw.mode == 0 { return nil }  // not on this side
    id = ObjectID(raw.id)
    mode = UInt32(raw.mode)
  }

  var kind: Kind {
    switch mode & 0o170000 {
    case 0o120000: .link
    case 0o160000: .submodule
    default: .file
    }
  }
  var isExecutable: Bool { kind == .file && mode & 0o100 != 0 }
}

struct CheckoutChange {
  var old: CheckoutFile?
  var new: CheckoutFile?
}
