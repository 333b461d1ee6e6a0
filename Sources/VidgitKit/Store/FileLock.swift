import Foundation

/// An exclusive lock between processes, which the kernel drops when its holder dies.
final class FileLock {
  private let descriptor: Int32

  /// Takes the lock; nil where another process has it.
  init?(path: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw VidgitError.system("lock", path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      if code == EWOULDBLOCK { return nil }
      throw VidgitError.system("lock", path, code)
    }
  }

  deinit {
    close(descriptor)
  }
}
