import CGit2

/// Where HEAD is.
public enum Head: Hashable, Sendable {
  /// On a branch: its name without `refs/heads/`, and its commit.
  case branch(name: String, ObjectID)
  /// On a branch without a commit yet.
  case unborn(name: String)
  /// On no branch.
  case detached(ObjectID)
}

/// A branch, or another reference.
public struct Branch: Hashable, Sendable {
  /// Without `refs/heads/` or what else was asked for.
  public let name: String
  public let commit: ObjectID
}

extension Repository {
  /// The commit that a revision stands for: a branch, a tag, a short id, `HEAD~2`, `@{1}`, ...
  /// (gitrevisions(7), less ranges).
  ///
  /// - Throws: `isNotFound`, `isAmbiguous`, `isInvalidSpec`, or that it leads to no commit.
  public func resolve(_ spec: String) throws(Git2Error) -> ObjectID {
    let operation = "resolve the revision '\(spec)'"
    try requireNoNUL(spec, operation)
    let object: OpaquePointer = try make(operation) { git_revparse_single(&$0, pointer, spec) }
    defer { git_object_free(object) }
    let commit: OpaquePointer = try make(operation) {
      git_object_peel(&$0, object, GIT_OBJECT_COMMIT)
    }
    defer { git_object_free(commit) }
    return ObjectID(git_object_id(commit)!.pointee)
  }

  /// Where HEAD is now.
  public var head: Head {
    get throws(Git2Error) {
      let head: OpaquePointer = try make("read HEAD") {
        git_reference_lookup(&$0, pointer, "HEAD")
      }
      defer { git_reference_free(head) }
      guard let target = git_reference_symbolic_target(head) else {
        return .detached(ObjectID(git_reference_target(head)!.pointee))
      }
      let full = String(cString: target)
      let name = full.hasPrefix("refs/heads/") ? String(full.dropFirst(11)) : full
      guard let commit = try reference(named: full) else { return .unborn(name: name) }
      return .branch(name: name, commit)
    }
  }

  /// All local branches, by name in byte order.
  public func branches() throws(Git2Error) -> [Branch] { try references(below: "refs/heads/") }

  /// The branches of all remotes as they were last fetched, such as "origin/main", by name in byte
  /// order; what a remote calls its HEAD is none of its own.
  public func remoteBranches() throws(Git2Error) -> [Branch] {
    try references(below: "refs/remotes/").filter { !$0.name.hasSuffix("/HEAD") }
  }

  /// All references whose names begin so, named by what follows, in byte order, with the objects that
  /// they lead to.
  public func references(below prefix: String) throws(Git2Error) -> [Branch] {
    let operation = "list what is below \(prefix)"
    let iterator: OpaquePointer = try make(operation) {
      git_reference_iterator_glob_new(&$0, pointer, prefix + "*")
    }
    defer { git_reference_iterator_free(iterator) }
    var found: [Branch] = []
    while true {
      var name: UnsafePointer<CChar>?
      let code = git_reference_next_name(&name, iterator)
      if code == GIT_ITEROVER.rawValue { break }
      try check(code, operation)
      let full = String(cString: name!)
      // One that went away meanwhile, or points nowhere, is no branch.
      guard let commit = try reference(named: full) else { continue }
      found.append(Branch(name: String(full.dropFirst(prefix.count)), commit: commit))
    }
    git_error_clear()
    return found.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The branch that HEAD was on before, by its reflog; nil if it was on none, or always here.
  public func previousBranch() throws(Git2Error) -> String? {
    var (object, reference): (OpaquePointer?, OpaquePointer?)
    let code = git_revparse_ext(&object, &reference, pointer, "@{-1}")
    defer {
      git_object_free(object)
      git_reference_free(reference)
    }
    guard try checkFound(code, "read where HEAD was"), let reference else { return nil }
    let full = String(cString: git_reference_name(reference))
    return full.hasPrefix("refs/heads/") ? String(full.dropFirst(11)) : nil
  }

  /// The object that a reference leads to, by its full name (`refs/heads/main`, `HEAD`); symbolic
  /// ones are followed. Nil if there is none.
  public func reference(named name: String) throws(Git2Error) -> ObjectID? {
    try requireNoNUL(name, "read a reference")
    var id = git_oid()
    let code = git_reference_name_to_id(&id, pointer, name)
    return try checkFound(code, "read the reference '\(name)'") ? ObjectID(id) : nil
  }

  /// Whether stock git would take `name` for a branch.
  public static func isValidBranchName(_ name: String) throws(Git2Error) -> Bool {
    try Library.start()
    if name.utf8.contains(0) { return false }
    var valid: Int32 = 0
    try check(git_branch_name_is_valid(&valid, name), "check the branch name '\(name)'")
    return valid != 0
  }
}
