import CGit2

extension Repository {
  /// Points a reference at an object, if it still is what the caller saw: one compare-and-swap
  /// under the reference's lock, fsynced, with a line in the reflog.
  ///
  /// The object must be on disk before (`PackWriter.flush`), or nothing is done.
  ///
  /// - Parameters:
  ///   - name: the full name, below `refs/`.
  ///   - expecting: what the reference must point at now; nil if it must not exist.
  ///   - signature: who the reflog names (with the time now).
  ///   - message: for the reflog.
  /// - Throws: `isModified` if the reference is something else, or gone; `isLocked`; `isNotFound` if
  ///   the object is not on disk.
  public func updateReference(
    _ name: String, to id: ObjectID, expecting: ObjectID?, signature: Signature,
    message: String
  ) throws(Git2Error) {
    let operation = "move '\(name)' to \(id)"
    try requireBelowRefs(name, operation)
    try requireNoNUL(message, operation)
    if !handle.has(id, unwritten: false) {
      throw Git2Error(GIT_ENOTFOUND, operation, "this object is not on disk")
    }
    try setReflogIdentity(signature)
    var raw = id.raw
    // "Must not exist" is the zero id together with force. Without force, existence is looked at
    // before the lock is taken, and the second of two makers would win; with it, the comparison
    // under the lock decides, in which an absent reference equals the zero id.
    var current = (expecting ?? .none).raw
    var reference: OpaquePointer?
    defer { git_reference_free(reference) }
    try taking([name + ".lock"], operation) { () throws(Git2Error) in
      try checkMatch(
        git_reference_create_matching(&reference, pointer, name, &raw, 1, &current, message),
        operation)
    }
  }

  /// Puts HEAD on a branch, which need not exist. The work tree is left alone.
  public func setHead(branch: String) throws(Git2Error) {
    let operation = "put HEAD on '\(branch)'"
    guard try Self.isValidBranchName(branch) else {
      throw Git2Error(GIT_EINVALIDSPEC, operation, "this is no name for a branch")
    }
    try taking([own("HEAD.lock")], operation) { () throws(Git2Error) in
      try check(git_repository_set_head(pointer, "refs/heads/" + branch), operation)
    }
  }

  /// Removes a reference, if it still is what the caller saw.
  ///
  /// - Throws: `isModified` if it is something else, or gone; `isLocked`.
  public func deleteReference(_ name: String, expecting: ObjectID) throws(Git2Error) {
    let operation = "delete '\(name)'"
    try requireBelowRefs(name, operation)
    var reference: OpaquePointer?
    try checkMatch(git_reference_lookup(&reference, pointer, name), operation)
    defer { git_reference_free(reference) }
    guard let target = git_reference_target(reference), ObjectID(target.pointee) == expecting
    else { throw Git2Error(GIT_EMODIFIED, operation, "it is not at \(expecting)") }
    // libgit2 compares once more with what was looked up, under the lock.
    try taking([name + ".lock", "packed-refs.lock"], operation) { () throws(Git2Error) in
      try checkMatch(git_reference_delete(reference), operation)
    }
  }

  /// Whether a branch is checked out in any work tree of the repository, linked ones included.
  public func isCheckedOut(branch: String) throws(Git2Error) -> Bool {
    let operation = "look where '\(branch)' is checked out"
    var reference: OpaquePointer?
    let code = git_reference_lookup(&reference, pointer, "refs/heads/" + branch)
    defer { git_reference_free(reference) }
    guard try checkFound(code, operation) else { return false }
    let answer = git_branch_is_checked_out(reference)
    try check(answer, operation)
    return answer == 1
  }

  /// An absent reference is a mismatch like any other.
  private func checkMatch(_ code: Int32, _ operation: String) throws(Git2Error) {
    guard code == GIT_ENOTFOUND.rawValue else { return try check(code, operation) }
    git_error_clear()
    throw Git2Error(GIT_EMODIFIED, operation, "there is no such reference")
  }

  private func requireBelowRefs(_ name: String, _ operation: String) throws(Git2Error) {
    try requireNoNUL(name, operation)
    if !name.hasPrefix("refs/") {
      throw Git2Error(GIT_EINVALIDSPEC, operation, "a full name starts with 'refs/'")
    }
  }

  private func setReflogIdentity(_ signature: Signature) throws(Git2Error) {
    // Also checks the name and the address.
    try signature.withRaw { raw throws(Git2Error) in
      try check(
        git_repository_set_ident(pointer, raw.pointee.name, raw.pointee.email),
        "write the reflog as '\(signature.name)'")
    }
  }
}
