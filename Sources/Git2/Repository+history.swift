import CGit2

extension Repository {
  /// A commit and all its ancestors, children before parents, newer before older. Commits are
  /// read one by one; the order needs the ids of all of them at the first step.
  ///
  /// - Parameter hidden: a commit that is left out with all its ancestors.
  public func history(
    from start: ObjectID, without hidden: ObjectID? = nil
  ) throws(Git2Error) -> History {
    try History(handle, from: start, without: hidden)
  }

  /// The best common ancestor of two commits; nil if there is none.
  public func mergeBase(_ one: ObjectID, _ two: ObjectID) throws(Git2Error) -> ObjectID? {
    var (first, second, base) = (one.raw, two.raw, git_oid())
    let code = git_merge_base(&base, pointer, &first, &second)
    return try checkFound(code, "find where \(one) and \(two) part") ? ObjectID(base) : nil
  }

  /// Whether `ancestor` is `commit` or one of its ancestors.
  public func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws(Git2Error) -> Bool {
    if ancestor == commit { return true }
    var (above, below) = (ancestor.raw, commit.raw)
    let code = git_graph_descendant_of(pointer, &below, &above)
    try check(code, "compare the commits \(ancestor) and \(commit)")
    return code == 1
  }
}

/// A cursor over commits.
public struct History: ~Copyable {
  private let handle: RepositoryHandle
  private let walk: OpaquePointer

  init(
    _ handle: RepositoryHandle, from start: ObjectID, without hidden: ObjectID?
  ) throws(Git2Error) {
    let operation = "walk the history from \(start)"
    let walk: OpaquePointer = try make(operation) { git_revwalk_new(&$0, handle.pointer) }
    do throws(Git2Error) {
      let order = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue
      try check(git_revwalk_sorting(walk, UInt32(order)), operation)
      var raw = start.raw
      try check(git_revwalk_push(walk, &raw), operation)
      if var raw = hidden?.raw { try check(git_revwalk_hide(walk, &raw), operation) }
    } catch {
      git_revwalk_free(walk)
      throw error
    }
    self.handle = handle
    self.walk = walk
  }

  deinit { git_revwalk_free(walk) }

  /// The next commit; nil at the end.
  public mutating func next() throws(Git2Error) -> Commit? {
    var id = git_oid()
    let code = git_revwalk_next(&id, walk)
    if code == GIT_ITEROVER.rawValue {
      git_error_clear()
      return nil
    }
    try check(code, "walk the history")
    return try handle.commit(ObjectID(id))
  }
}
