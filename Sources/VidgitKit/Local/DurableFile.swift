import Foundation

/// Files that are whole and on disk, or not there.
enum DurableFile {
  /// Writes `bytes` as `path`: a temporary file beside it, fsync, rename, fsync of the folder.
  static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    let temporary = path + ".tmp-\(getpid())"
    let data = Array(bytes)
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw VidgitError.system("create", path) }
    do {
      defer { close(file) }
      try data.withUnsafeBytes { try writeAll($0, to: file, temporary) }
      try sync(file, temporary)
    } catch {
      unlink(temporary)
      throw error
    }
    try rename(temporary, to: path)
  }

  static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32, _ path: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Foundation.write(
        file, UnsafeRawBufferPointer(rebasing: rest).baseAddress!, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw VidgitError.system("write", path)
      }
      rest = rest.dropFirst(written)
    }
  }

  /// Puts a file's contents on the disk itself.
  static func sync(_ file: Int32, _ path: String) throws {
    #if canImport(Darwin)
      if fcntl(file, F_FULLFSYNC) == 0 { return }
    #endif
    guard fsync(file) == 0 else { throw VidgitError.system("write", path) }
  }

  /// Renames, replacing a file that is there, and puts the folder on disk.
  ///
  /// - Throws: `VidgitError`, the file `from` being gone then; refused for a device or a pipe, which a
  ///   rename would put an end to.
  static func rename(_ from: String, to path: String) throws {
    guard isReplaceable(path) else {
      unlink(from)
      throw VidgitError(
        .refused, "'\(path)' is a device or the like, not a file",
        hint: "name a file; what prints text writes to standard output without -o")
    }
    guard Foundation.rename(from, path) == 0 else {
      let code = errno
      unlink(from)
      throw VidgitError.system("write", path, code)
    }
    try syncFolder(of: path)
  }

  private static func isReplaceable(_ path: String) -> Bool {
    var status = stat()
    guard lstat(path, &status) == 0 else { return true }
    return [S_IFREG, S_IFLNK, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// Removes a file, which may be gone already, and puts the folder on disk.
  static func remove(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw VidgitError.system("remove", path) }
    try syncFolder(of: path)
  }

  static func syncFolder(of path: String) throws {
    // By hand: Foundation on Linux ends the program at a name of one character.
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(path[...$0]) } ?? ""
    let file = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw VidgitError.system("open", folder) }
    defer { close(file) }
    guard fsync(file) == 0 || errno == EINVAL else { throw VidgitError.system("write", folder) }
  }

  /// Makes a file in a folder which somebody may remove whenever it is empty: `make` is called again
  /// where that was so.
  static func inFolder<T>(_ folder: String, _ make: () throws -> T) throws -> T {
    var tries = 0
    while true {
      try makeFolder(folder)
      do {
        return try make()
      } catch let error as VidgitError where error.kind == .notFound {
        tries += 1
        guard tries < 100, !FileStatus.exists(folder) else { throw error }
      }
    }
  }

  static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch let error as CocoaError {
      let posix = (error.userInfo[NSUnderlyingErrorKey] as? NSError)?.code
      throw VidgitError.system("create", path, Int32(posix ?? Int(EIO)))
    }
  }
}
