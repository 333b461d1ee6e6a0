import CGit2

/// What is set once for the process, before the first call of libgit2.
enum Library {
  private static let startup: Result<Void, Git2Error> = {
    do throws(Git2Error) {
      try check(git_libgit2_init(), "start libgit2")
      try check(cgit2_set_durable(), "switch on fsync")
      // Windows of 32 MiB, 256 MiB in all: reading a repository of any size stays bounded.
      try check(cgit2_set_mapped_limit(32 << 20, 256 << 20), "bound the memory for packs")
      return .success(())
    } catch {
      return .failure(error)
    }
  }()

  static func start() throws(Git2Error) { try startup.get() }
}

/// The version of the libgit2 that is linked, for instance "1.5.1".
public var libgit2Version: String {
  var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
  git_libgit2_version(&major, &minor, &revision)
  return "\(major).\(minor).\(revision)"
}
