import CGit2
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Opens repositories, those of other users where git's setting `safe.directory` allows that (git-config).
///
/// libgit2 looks that setting up in the usual files alone. Where others are in use (`ConfigSources`), its
/// own check, which is one for the whole process, is off during the call, and this one takes its place.
enum Ownership {
  /// Around every call that opens a repository.
  private static let lock = Mutex(())

  /// - Throws: `isForeignOwner`, and what the call fails with.
  static func open(
    _ operation: String, _ call: (inout OpaquePointer?) -> Int32
  ) throws(Git2Error) -> OpaquePointer {
    let refusal = Git2Error(
      GIT_EOWNER, operation,
      "it belongs to another user; git's setting safe.directory can allow it")
    let sources = ConfigSources.inUse
    let repository: OpaquePointer
    do throws(Git2Error) {
      repository = try make(operation) { out in
        lock.withLock { _ in
          if sources.isUsual { return call(&out) }
          let code = cgit2_set_owner_validation(0)
          guard code == 0 else { return code }
          defer { _ = cgit2_set_owner_validation(1) }
          return call(&out)
        }
      }
    } catch {
      // libgit2 1.5 refuses with the failure of its look for the setting where there is none at all.
      let isRefused =
        error.isForeignOwner || (error.isNotFound && error.message.contains("safe.directory"))
      throw isRefused ? refusal : error
    }
    if sources.isUsual || isOwn(repository, sources) { return repository }
    do throws(Git2Error) {
      guard try isAllowed(repository) else { throw refusal }
    } catch {
      git_repository_free(repository)
      throw error
    }
    return repository
  }

  /// Git's own rule: the work tree, its `.git` and the repository proper belong to the caller; for root
  /// also to who has called sudo.
  private static func isOwn(_ repository: OpaquePointer, _ sources: ConfigSources) -> Bool {
    let workTree = git_repository_workdir(repository).map { path($0) }
    let all = [workTree, workTree.map { $0 + "/.git" }, git_repository_path(repository).map(path)]
    for path in all.compactMap(\.self) {
      var facts = stat()
      // A repository can name a work tree that has no `.git`.
      guard lstat(path, &facts) == 0 else { continue }
      let isSudo = geteuid() == 0 && facts.st_uid == sources.sudoUser
      guard facts.st_uid == geteuid() || isSudo else { return false }
    }
    return true
  }

  private static func isAllowed(_ repository: OpaquePointer) throws(Git2Error) -> Bool {
    // An empty value takes back what stood before it.
    var safe: Set<String> = []
    for (_, value) in try Repository.userConfigValues(matching: #"^safe\.directory$"#) {
      if value.isEmpty { safe = [] } else { safe.insert(value) }
    }
    let place = git_repository_workdir(repository) ?? git_repository_path(repository)
    return safe.contains("*") || place.map { safe.contains(path($0)) } == true
  }

  /// Without the slash at its end.
  private static func path(_ text: UnsafePointer<CChar>) -> String {
    let path = String(cString: text)
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }
}
