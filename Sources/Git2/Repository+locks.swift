import CGit2

extension Repository {
  /// Has `note` told of every lock file right before libgit2 makes it, relative to `commonDirectory`
  /// ("index.lock", "refs/heads/main.lock"), and of none when it is gone. It says why it could not note
  /// them; nil where it could.
  ///
  /// A lock that is there already is somebody else's and not told of. So what a killed process has left
  /// is known from what a stock git has made meanwhile: see `sweepStaleFiles`.
  public func noteLocks(_ note: @escaping (_ names: [String]) -> String?) {
    handle.noteLocks = note
  }

  /// The name of a file of this work tree's own folder: "HEAD.lock", "worktrees/NAME/HEAD.lock".
  func own(_ name: String) -> String {
    guard gitDirectory != commonDirectory else { return name }
    let path = gitDirectory + "/" + name
    return path.hasPrefix(commonDirectory + "/")
      ? String(path.dropFirst(commonDirectory.count + 1)) : path
  }

  /// Runs what takes these locks.
  func taking<Value>(
    _ locks: [String], _ operation: @autoclosure () -> String,
    _ body: () throws(Git2Error) -> Value
  ) throws(Git2Error) -> Value {
    guard let note = handle.noteLocks else { return try body() }
    let absent = locks.filter { FileState(at: path(ofLock: $0)).kind == .absent }
    if let reason = note(absent) { throw Git2Error(GIT_ERROR, operation(), reason) }
    // A note that stays is of locks that are gone: it does no harm.
    defer { _ = note([]) }
    return try body()
  }

  func path(ofLock name: String) -> String {
    name.hasPrefix("/") ? name : commonDirectory + "/" + name
  }
}

/// The locks that a killed process was about to take, as `Repository.noteLocks` told of them.
public struct NotedLocks: Sendable {
  /// Relative to the common directory.
  public let names: [String]
  /// When that was, in seconds since 1970.
  public let time: Double

  public init(names: [String], time: Double) {
    self.names = names
    self.time = time
  }

  /// Seconds in which a lock is made once it was told of; what came later is another's.
  static let delay = 60.0
}
