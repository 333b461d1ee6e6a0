import Foundation

/// That this process uses a folder and may have temporary files in it; the kernel forgets it when the
/// process dies, in whatever container or on whatever machine that was.
final class FolderUse: Sendable {
  /// -1 where the folder cannot be locked: then nobody is ever alone there.
  private let descriptor: Int32

  init(_ folder: String) {
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 { share() }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Whoever is alone is so for a moment only.
  private func share() {
    while flock(descriptor, LOCK_SH) != 0, errno == EINTR {}
  }

  /// Runs `body` where nobody else uses the folder: no other process, and nothing else in this one.
  /// Who comes to use it waits for its end.
  ///
  /// - Returns: nil where somebody does.
  func alone<T>(_ body: () throws -> T) rethrows -> T? {
    guard descriptor >= 0 else { return nil }
    // Also where this fails the shared lock is lost.
    defer { share() }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
    return try body()
  }
}
