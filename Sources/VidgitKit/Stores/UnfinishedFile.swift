import Foundation
import VidgitModel

/// A file beside the one that it will become, locked by who writes it: what a killed run has left of it
/// is taken up by the next.
///
/// `@unchecked Sendable`: one thread at a time uses it.
final class UnfinishedFile: @unchecked Sendable {
  let path: String
  private let target: String
  private let descriptor: Int32

  /// - Parameter target: the path that it will have.
  init(for target: String) throws {
    self.target = target
    let shared = target + ".tmp-unfinished"
    if let descriptor = Self.take(shared) {
      (path, self.descriptor) = (shared, descriptor)
      return
    }
    // Somebody else is at it, or the file system has no locks.
    path = "\(target).tmp-\(getpid())-\(UInt64.random(in: 0 ..< .max))"
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw VidgitError.system("create", path) }
  }

  deinit { close(descriptor) }

  /// Opens and locks a file; nil where that cannot be.
  private static func take(_ path: String) -> Int32? {
    let file = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o644)
    guard file >= 0 else { return nil }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      if errno != EWOULDBLOCK { unlink(path) }
      close(file)
      return nil
    }
    var (held, named) = (stat(), stat())
    // Whoever had it before may have given it its name, or removed it, meanwhile.
    let isOurs =
      fstat(file, &held) == 0 && held.st_mode & S_IFMT == S_IFREG && lstat(path, &named) == 0
      && held.st_ino == named.st_ino && held.st_dev == named.st_dev
    if isOurs { return file }
    close(file)
    return nil
  }

  /// Goes through what the file is to hold, and writes what is not there yet.
  ///
  /// - Parameter next: fills the buffer with what comes next, and returns how many bytes that is; 0 at
  ///   the end.
  func fill(_ next: (UnsafeMutableRawBufferPointer) throws -> Int) throws {
    let size = 1 << 20
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    let known = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    defer {
      buffer.deallocate()
      known.deallocate()
    }
    var place: off_t = 0
    var isKnown = true
    while true {
      let count = try next(buffer)
      if count == 0 { break }
      if isKnown {
        isKnown =
          read(known, count, at: place)
          && memcmp(known.baseAddress!, buffer.baseAddress!, count) == 0
        if !isKnown { try cut(at: place) }
      }
      if !isKnown {
        try DurableFile.writeAll(
          UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: descriptor, path)
      }
      place += off_t(count)
    }
    if isKnown { try cut(at: place) }
  }

  /// Whether so many bytes are there.
  private func read(
    _ buffer: UnsafeMutableRawBufferPointer, _ count: Int, at place: off_t
  ) -> Bool {
    var done = 0
    while done < count {
      let got = pread(descriptor, buffer.baseAddress! + done, count - done, place + off_t(done))
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return false }
      done += got
    }
    return true
  }

  private func cut(at place: off_t) throws {
    guard ftruncate(descriptor, place) == 0, lseek(descriptor, place, SEEK_SET) == place else {
      throw VidgitError.system("write", path)
    }
  }

  /// Puts it on disk and gives it its name.
  func finish() throws {
    try DurableFile.sync(descriptor, path)
    try DurableFile.rename(path, to: target)
  }

  func remove() { unlink(path) }
}
