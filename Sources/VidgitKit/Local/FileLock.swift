import Foundation

/// An exclusive lock between processes, which the kernel drops when its holder dies.
final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock; nil where another process has it.
  convenience init?(path: String) throws {
    try self.init(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644), path)
  }

  /// Takes the lock on a folder that is there; nil where another process has it.
  convenience init?(folder: String) throws {
    try self.init(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), folder)
  }

  private init?(_ descriptor: Int32, _ path: String) throws {
    self.descriptor = descriptor
    guard descriptor >= 0 else { throw VidgitError.system("lock", path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      if code == EWOULDBLOCK { return nil }
      throw VidgitError.system("lock", path, code)
    }
  }

  /// Marks the lock's file until the lock is let go of, and says whether the last holder has died
  /// with its mark on it.
  func wasLeft() throws -> Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw VidgitError.system("lock", "the repository")
    }
    guard status.st_size == 0 else { return true }
    guard pwrite(descriptor, "held\n", 5, 0) == 5 else {
      throw VidgitError.system("write", "the repository's lock")
    }
    return false
  }

  deinit {
    // The mark goes with the lock; on a folder there is none.
    _ = ftruncate(descriptor, 0)
    close(descriptor)
  }
}
