import CGit2

/// A call of libgit2 that failed: what was tried, its code, and libgit2's own words.
///
/// Made only by `check` and `make` below, right after the call and in the same synchronous
/// function, since libgit2 keeps its last message for each thread.
public struct Git2Error: Error, Hashable, Sendable, CustomStringConvertible {
  /// One of `git_error_code`, negative.
  public let code: Int32
  /// What was tried, for instance "look up commit 3f2a...".
  public let operation: String
  /// What libgit2 says about it; may be empty.
  public let message: String

  public init(code: Int32, operation: String, message: String) {
    self.code = code
    self.operation = operation
    self.message = message
  }

  /// Takes libgit2's message of this thread, and clears it so that no later error shows it.
  init(code: Int32, operation: String) {
    let message = git_error_last().flatMap { $0.pointee.message.map { String(cString: $0) } }
    self.init(code: code, operation: operation, message: message ?? "")
    git_error_clear()
  }

  init(_ code: git_error_code, _ operation: String, _ message: String) {
    self.init(code: code.rawValue, operation: operation, message: message)
  }

  public var description: String {
    "cannot \(operation): " + (message.isEmpty ? "libgit2 error \(code)" : message)
  }

  /// There is no such object, reference, repository or setting.
  public var isNotFound: Bool { code == GIT_ENOTFOUND.rawValue }
  /// It exists already.
  public var isExists: Bool { code == GIT_EEXISTS.rawValue }
  /// The reference is not what the caller expected: somebody moved it.
  public var isModified: Bool { code == GIT_EMODIFIED.rawValue }
  /// A lock file is in the way: another process, or one that died (`sweepStaleFiles`).
  public var isLocked: Bool { code == GIT_ELOCKED.rawValue }
  /// A short id or a name that stands for more than one thing.
  public var isAmbiguous: Bool { code == GIT_EAMBIGUOUS.rawValue }
  /// Not a well-formed name or revision.
  public var isInvalidSpec: Bool { code == GIT_EINVALIDSPEC.rawValue }
  /// A repository without a work tree, where one is needed.
  public var isBare: Bool { code == GIT_EBAREREPO.rawValue }
  /// The repository belongs to another user (git's `safe.directory`).
  public var isForeignOwner: Bool { code == GIT_EOWNER.rawValue }
}

/// Throws if `code` is negative. `code` is evaluated right before, so the message is its own.
func check(_ code: Int32, _ operation: @autoclosure () -> String) throws(Git2Error) {
  if code < 0 { throw Git2Error(code: code, operation: operation()) }
}

/// As `check`, but an absent thing is an answer: false.
func checkFound(_ code: Int32, _ operation: @autoclosure () -> String) throws(Git2Error) -> Bool {
  if code == GIT_ENOTFOUND.rawValue {
    git_error_clear()
    return false
  }
  try check(code, operation())
  return true
}

/// Runs a call that gives back an owned pointer through its first argument.
func make<Pointer>(
  _ operation: @autoclosure () -> String, _ body: (inout Pointer?) -> Int32
) throws(Git2Error) -> Pointer {
  var pointer: Pointer?
  try check(body(&pointer), operation())
  guard let pointer else { throw Git2Error(GIT_ERROR, operation(), "libgit2 gave no result") }
  return pointer
}

/// As `make`, but an absent thing is an answer: nil.
func makeIfFound<Pointer>(
  _ operation: @autoclosure () -> String, _ body: (inout Pointer?) -> Int32
) throws(Git2Error) -> Pointer? {
  var pointer: Pointer?
  guard try checkFound(body(&pointer), operation()) else { return nil }
  return pointer
}
