import CGit2

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// The few things that must be done to files beside libgit2. Each names the path in its error.

private func failure(_ operation: String) -> Git2Error {
  let reason = String(cString: strerror(errno))
  return Git2Error(GIT_ERROR, operation, reason)
}

/// Waits until what was written to `file` is on the disk, not only in its cache.
private func sync(_ file: Int32) -> Bool {
  #if canImport(Darwin)
    // fsync leaves data in the drive's cache there; not every file system has F_FULLFSYNC.
    if fcntl(file, F_FULLFSYNC) == 0 { return true }
  #endif
  return fsync(file) == 0
}

private func syncPath(_ path: String) throws(Git2Error) {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw failure("open '\(path)'") }
  defer { close(file) }
  if !sync(file) { throw failure("write '\(path)' to disk") }
}

func syncFolder(_ path: String) throws(Git2Error) { try syncPath(path) }

func parent(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
  return String(path[..<slash])
}

/// Writes every file and folder below `folder`, and itself, to disk.
func syncAll(in folder: String) throws(Git2Error) {
  for entry in try entries(of: folder) {
    switch entry.kind {
    case .folder: try syncAll(in: entry.path)
    case .file: try syncPath(entry.path)
    case .link, .absent, .other: break
    }
  }
  try syncPath(folder)
}

struct FolderEntry {
  let name: String
  let path: String
  let state: FileState

  var kind: FileState.Kind { state.kind }
}

/// What is in a folder, in no order; links are not followed. An absent folder has nothing in it.
func entries(of folder: String) throws(Git2Error) -> [FolderEntry] {
  guard let stream = opendir(folder) else {
    if errno == ENOENT || errno == ENOTDIR { return [] }
    throw failure("read the folder '\(folder)'")
  }
  defer { closedir(stream) }
  var found: [FolderEntry] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { start in
      start.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
    }
    if name == "." || name == ".." { continue }
    let path = folder + "/" + name
    found.append(FolderEntry(name: name, path: path, state: FileState(at: path)))
  }
  return found
}

/// Seconds since 1970.
func currentTime() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_REALTIME, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

/// The bytes of a file; nil if there is none.
func readIfPresent(_ path: String) throws(Git2Error) -> [UInt8]? {
  let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
  guard file >= 0 else {
    if errno == ENOENT { return nil }
    throw failure("read '\(path)'")
  }
  defer { close(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(file, &buffer, buffer.count)
    if count == 0 { return bytes }
    if count < 0 {
      if errno == EINTR { continue }
      throw failure("read '\(path)'")
    }
    bytes += buffer[..<count]
  }
}

/// Puts a file in place whole: temporary file, fsync, rename, fsync of the folder.
func replaceFile(_ path: String, with bytes: [UInt8]) throws(Git2Error) {
  let temporary = path + ".lock"
  let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  guard file >= 0 else {
    if errno == EEXIST {
      throw Git2Error(GIT_ELOCKED, "write '\(path)'", "'\(temporary)' is in the way")
    }
    throw failure("write '\(path)'")
  }
  let error =
    bytes.withUnsafeBytes { writeAll($0, to: file) && sync(file) }
    ? nil : failure("write '\(path)'")
  close(file)
  if let error {
    unlink(temporary)
    throw error
  }
  try move(temporary, to: path)
  try syncFolder(parent(of: path))
}

/// Puts a file into a work tree by way of `temporary`; not fsynced.
func replaceWorkFile(
  _ path: String, with bytes: UnsafeRawBufferPointer, isExecutable: Bool, by temporary: String
) throws(Git2Error) {
  unlink(temporary)
  let mode: mode_t = isExecutable ? 0o777 : 0o666
  let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
  guard file >= 0 else { throw failure("write '\(path)'") }
  let error = writeAll(bytes, to: file) ? nil : failure("write '\(path)'")
  // A full disk or quota may show only here.
  let closed = close(file) == 0
  if let error = error ?? (closed ? nil : failure("write '\(path)'")) {
    unlink(temporary)
    throw error
  }
  try move(temporary, to: path)
}

/// Puts a symbolic link into a work tree by way of `temporary`.
func replaceLink(_ path: String, target: [UInt8], by temporary: String) throws(Git2Error) {
  unlink(temporary)
  let text = target.map { CChar(bitPattern: $0) } + [0]
  guard symlink(text, temporary) == 0 else { throw failure("make the link '\(path)'") }
  try move(temporary, to: path)
}

/// What a symbolic link says; nil if it is none.
func linkTarget(of path: String) -> [UInt8]? {
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  let count = buffer.withUnsafeMutableBytes {
    readlink(path, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
  }
  return count < 0 ? nil : Array(buffer[..<count])
}

private func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
  var written = 0
  while written < bytes.count {
    let count = write(file, bytes.baseAddress! + written, bytes.count - written)
    if count > 0 {
      written += count
    } else if count == 0 || errno != EINTR {
      return false
    }
  }
  return true
}

private func move(_ temporary: String, to path: String) throws(Git2Error) {
  if rename(temporary, path) == 0 { return }
  let error = failure("write '\(path)'")
  unlink(temporary)
  throw error
}

/// Makes a folder; one that is there will do.
func makeFolder(_ path: String) throws(Git2Error) {
  if mkdir(path, 0o777) != 0 && errno != EEXIST { throw failure("make the folder '\(path)'") }
}

/// Removes a file; false if it was gone already.
func removeFile(_ path: String) throws(Git2Error) -> Bool {
  if unlink(path) == 0 { return true }
  if errno == ENOENT { return false }
  throw failure("remove '\(path)'")
}

/// Removes an empty folder; false if it is not one.
@discardableResult
func removeIfEmpty(_ path: String) -> Bool { rmdir(path) == 0 }

/// Removes a folder in which there are only empty folders.
func removeEmptyFolders(_ path: String) {
  guard case .folder = FileState(at: path).kind else { return }
  for entry in (try? entries(of: path)) ?? [] { removeEmptyFolders(entry.path) }
  removeIfEmpty(path)
}

var processID: Int32 { getpid() }
