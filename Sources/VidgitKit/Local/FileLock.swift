import Foundation
import Synchronization

/// An exclusive lock between processes, which the kernel drops when its holder dies.
final class FileLock: Sendable {
  private let descriptor: Int32
  private let path: String
  private let isMarked = Atomic(false)

  /// Takes the lock; nil where another process has it.
  convenience init?(path: String) throws {
    try self.init(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644), path)
  }

  /// Takes the lock on a file that its holder moves or removes when it is done; nil where another process
  /// has it. A link that somebody has put there is not followed.
  static func passing(_ path: String) throws -> FileLock? {
    for _ in 0..<16 {
      let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard file >= 0 else {
        guard errno == ELOOP else { throw VidgitError.system("write", path) }
        throw VidgitError(
          .refused, "'\(path)' is a link to another file, which would be written over",
          hint: "remove it: vidgit makes no such links")
      }
      guard let lock = try FileLock(file, path) else { return nil }
      // The last holder may have moved the file since it was opened.
      if lock.isOf(path) { return lock }
    }
    return nil
  }

  /// Whether it is the file of this name that is locked, and not one that was there before.
  func isOf(_ path: String) -> Bool {
    var (mine, named) = (stat(), stat())
    return fstat(descriptor, &mine) == 0 && stat(path, &named) == 0
      && mine.st_ino == named.st_ino && mine.st_dev == named.st_dev
  }

  /// Takes the lock on a folder that is there; nil where another process has it.
  convenience init?(folder: String) throws {
    try self.init(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), folder)
  }

  private init?(_ descriptor: Int32, _ path: String) throws {
    (self.descriptor, self.path) = (descriptor, path)
    guard descriptor >= 0 else { throw VidgitError.system("lock", path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      if code == EWOULDBLOCK { return nil }
      throw VidgitError.system("lock", path, code)
    }
  }

  /// Marks the lock's file until the lock is let go of.
  ///
  /// - Returns: nil, or what the last holder has noted, where it has died with its mark on the file; then
  ///   the mark is left as it is, and `note` makes it the new holder's.
  func mark() throws -> Note? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw VidgitError.system("lock", path)
    }
    isMarked.store(true, ordering: .relaxed)
    guard status.st_size > 0 else {
      try write(Self.held, at: 0)
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: min(Int(status.st_size), Self.mostBytes))
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { throw VidgitError.system("read", path) }
    // A text that was cut off has no end.
    let texts = bytes[..<count].dropFirst(Self.held.count)
      .split(separator: 0, omittingEmptySubsequences: false).dropLast()
    #if canImport(Darwin)
      let time = status.st_mtimespec.tv_sec
    #else
      let time = status.st_mtim.tv_sec
    #endif
    return Note(
      texts: texts.map { String(decoding: $0, as: UTF8.self) }, time: Double(time))
  }

  /// What a holder left in the lock's file.
  struct Note: Sendable {
    let texts: [String]
    /// When it was written, in seconds since 1970.
    let time: Double
  }

  /// Writes behind the mark what the next one is to know if this process dies, in place of what was
  /// there.
  func note(_ texts: [String]) throws {
    guard ftruncate(descriptor, off_t(Self.held.count)) == 0 else {
      throw VidgitError.system("write", path)
    }
    if !texts.isEmpty { try write(texts.flatMap { Array($0.utf8) + [0] }, at: Self.held.count) }
  }

  private static let held = Array("held\n".utf8)
  private static let mostBytes = 1 << 16

  private func write(_ bytes: [UInt8], at place: Int) throws {
    guard pwrite(descriptor, bytes, bytes.count, off_t(place)) == bytes.count else {
      throw VidgitError.system("write", path)
    }
  }

  deinit {
    // The mark goes with the lock.
    if isMarked.load(ordering: .relaxed) { _ = ftruncate(descriptor, 0) }
    close(descriptor)
  }
}
