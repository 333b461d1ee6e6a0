import Foundation

/// A file's size and times, by which a change is noticed.
struct FileStatus: Equatable {
  /// Bytes.
  let size: Int64
  /// Nanoseconds since 1970.
  let modified: Int64
  /// The same of the last change of anything about it, which no program can set: also a change of the
  /// contents after which the other time was put back.
  let changed: Int64

  /// nil where there is no regular file.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    size = Int64(status.st_size)
    #if canImport(Darwin)
      let (time, change) = (status.st_mtimespec, status.st_ctimespec)
    #else
      let (time, change) = (status.st_mtim, status.st_ctim)
    #endif
    modified = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    changed = Int64(change.tv_sec) * 1_000_000_000 + Int64(change.tv_nsec)
  }
}

extension FileStatus {
  /// Whether anything at all has this name.
  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }
}
