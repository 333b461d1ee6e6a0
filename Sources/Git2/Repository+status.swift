import CGit2

/// One path that differs between HEAD, the index and the work tree.
public struct StatusEntry: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case untracked, added, modified, deleted, typeChanged, conflicted, unreadable
  }
  /// Relative to the work tree; bytes that are not UTF-8 come as U+FFFD.
  public let path: String
  /// What happened to it, the work tree's word before the index's.
  public let kind: Kind
  /// Whether the index differs from HEAD.
  public let isStaged: Bool
  /// Whether the work tree differs from the index.
  public let isUnstaged: Bool
}

extension Repository {
  /// What `git status` would list, by path: untracked files one by one; ignored ones, submodules
  /// and renames left out. Nothing is written, the index's cached times included.
  public func status() throws(Git2Error) -> [StatusEntry] {
    var options = git_status_options()
    try check(
      git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION)), "read the status")
    options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR
    options.flags =
      GIT_STATUS_OPT_INCLUDE_UNTRACKED.rawValue | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS.rawValue
      | GIT_STATUS_OPT_EXCLUDE_SUBMODULES.rawValue | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH.rawValue
    let list: OpaquePointer = try make("read the status") {
      git_status_list_new(&$0, pointer, &options)
    }
    defer { git_status_list_free(list) }
    return (0..<git_status_list_entrycount(list)).compactMap { place in
      StatusEntry(git_status_byindex(list, place)!.pointee)
    }
  }
}

extension StatusEntry {
  fileprivate init?(_ raw: git_status_entry) {
    let flags = raw.status.rawValue
    func has(_ flag: git_status_t) -> Bool { flags & flag.rawValue != 0 }
    let kind: Kind? =
      if has(GIT_STATUS_CONFLICTED) {
        .conflicted
      } else if has(GIT_STATUS_WT_UNREADABLE) {
        .unreadable
      } else if has(GIT_STATUS_WT_NEW) {
        // Removed from the index only, and still there: git lists it twice, as D and as ??.
        .untracked
      } else if has(GIT_STATUS_WT_DELETED) || has(GIT_STATUS_INDEX_DELETED) {
        .deleted
      } else if has(GIT_STATUS_WT_TYPECHANGE) || has(GIT_STATUS_INDEX_TYPECHANGE) {
        .typeChanged
      } else if has(GIT_STATUS_INDEX_NEW) {
        .added
      } else if has(GIT_STATUS_WT_MODIFIED) || has(GIT_STATUS_INDEX_MODIFIED) {
        .modified
      } else {
        nil
      }
    guard let kind else { return nil }
    let delta = raw.index_to_workdir ?? raw.head_to_index
    guard let file = delta?.pointee, let path = file.new_file.path ?? file.old_file.path else {
      return nil
    }
    self.path = String(cString: path)
    self.kind = kind
    isStaged = flags & 0x1f != 0  // GIT_STATUS_INDEX_*
    isUnstaged = flags & 0x1f80 != 0  // GIT_STATUS_WT_*
  }
}
