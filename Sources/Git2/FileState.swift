#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What is at a path, links not followed.
struct FileState {
  enum Kind { case absent, file, folder, link, other }
  private(set) var kind = Kind.absent
  /// In bytes.
  private(set) var size = 0
  /// When the content last changed.
  private(set) var modified = FileTime(seconds: 0, nanoseconds: 0)
  /// When the content, the name or the mode last changed.
  private(set) var changed = FileTime(seconds: 0, nanoseconds: 0)
  private(set) var inode: UInt64 = 0
  private(set) var device: UInt64 = 0
  private(set) var user: UInt32 = 0
  private(set) var group: UInt32 = 0
  private(set) var isExecutable = false

  /// What cannot be looked at counts as absent.
  init(at path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    size = Int(status.st_size)
    #if canImport(Darwin)
      (modified, changed) = (FileTime(status.st_mtimespec), FileTime(status.st_ctimespec))
    #else
      (modified, changed) = (FileTime(status.st_mtim), FileTime(status.st_ctim))
    #endif
    inode = UInt64(truncatingIfNeeded: status.st_ino)
    device = UInt64(truncatingIfNeeded: status.st_dev)
    user = status.st_uid
    group = status.st_gid
    isExecutable = status.st_mode & S_IXUSR != 0
  }
}

/// A time as Git's index holds it: seconds since 1970, modulo 2^32.
struct FileTime: Equatable, Comparable {
  let seconds: UInt32
  let nanoseconds: UInt32

  init(seconds: UInt32, nanoseconds: UInt32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  init(_ time: timespec) {
    self.init(
      seconds: UInt32(truncatingIfNeeded: time.tv_sec),
      nanoseconds: UInt32(truncatingIfNeeded: time.tv_nsec))
  }

  static func < (left: FileTime, right: FileTime) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}
