import Foundation
import GRDB
import VidgitModel

/// Where the source files of a repository lie on this machine.
///
/// A path is remembered with the file's size, modification time and digest: a file whose size and
/// time are as remembered is taken at its word, any other is hashed again. So are copies in the
/// repository's own folder, which may share their bytes with the user's file: for them the time of the
/// last change of anything counts.
struct MediaLibrary: Sendable {
  private let database: LocalDatabase
  /// Copies that belong to this repository, by digest.
  private let folder: String
  private let use: FolderUse
  /// Those that are fetched as they are read.
  let partial = PartialMedia()

  /// - Parameter use: of the folder that holds it, kept as long as this.
  init(database: LocalDatabase, folder: String, use: FolderUse) {
    self.database = database
    self.folder = folder
    self.use = use
  }

  /// The path of a medium whose bytes are known to be those of `descriptor`.
  ///
  /// - Throws: `VidgitError` that names the medium, says where it was, and how to point to it.
  func path(of descriptor: MediaDescriptor) throws -> String {
    let copy = copyPath(of: descriptor.sha256)
    var changed: String?
    if let status = FileStatus(path: copy) {
      if status.size == descriptor.size, try isCopy(of: descriptor.sha256, status) { return copy }
      changed = copy
    }
    var gone: String?
    for known in try locations(of: descriptor.sha256) {
      guard let status = FileStatus(path: known.path) else {
        gone = known.path
        continue
      }
      if status.size == known.size, status.modified == known.modified { return known.path }
      if status.size == descriptor.size, try Self.digest(of: known.path) == descriptor.sha256 {
        try remember(known.path, digest: descriptor.sha256)
        return known.path
      }
      changed = known.path
    }
    if let path = partial.path(of: descriptor.sha256) { return path }
    throw Self.missing(descriptor, changed: changed, gone: gone)
  }

  /// Remembers that `path` holds the medium of this digest; nothing where the repository is for reading
  /// only.
  func remember(_ path: String, digest: Digest) throws {
    guard let status = FileStatus(path: path) else {
      throw VidgitError.system("read", path, ENOENT)
    }
    try remember(path, digest, status.size, status.modified)
  }

  /// Remembers that the repository's own copy holds the medium of this digest, as somebody has just
  /// found.
  func rememberCopy(of digest: Digest) throws {
    let copy = copyPath(of: digest)
    guard let status = FileStatus(path: copy) else {
      throw VidgitError.system("read", copy, ENOENT)
    }
    try remember(copy, digest, status.size, status.changed)
  }

  /// Whether the copy of this status holds what its name says.
  private func isCopy(of digest: Digest, _ status: FileStatus) throws -> Bool {
    let copy = copyPath(of: digest)
    let isKnown = try all(of: digest).contains {
      $0.path == copy && $0.size == status.size && $0.modified == status.changed
    }
    if isKnown { return true }
    guard try Self.digest(of: copy) == digest else { return false }
    // Taken before it was read: what changed meanwhile is found next time.
    try remember(copy, digest, status.size, status.changed)
    return true
  }

  private func remember(
    _ path: String, _ digest: Digest, _ size: Int64, _ time: Int64
  ) throws {
    guard database.isWritable else { return }
    try mapped {
      try database.queue.write { database in
        try database.execute(
          sql: "INSERT OR REPLACE INTO media (digest, path, size, modified) VALUES (?, ?, ?, ?)",
          arguments: [digest.data, path, size, time])
      }
    }
  }

  /// The user's files that hold the medium of this digest, or did.
  func locations(
    of digest: Digest
  ) throws -> [(path: String, size: Int64, modified: Int64)] {
    let copy = copyPath(of: digest)
    return try all(of: digest).filter { $0.path != copy }
  }

  /// Every file of this machine that holds a medium of this repository, or did.
  func places() throws -> [String] {
    try mapped {
      try database.queue.read { database in
        try String.fetchAll(database, sql: "SELECT path FROM media ORDER BY path")
      }
    }
  }

  private func all(
    of digest: Digest
  ) throws -> [(path: String, size: Int64, modified: Int64)] {
    try mapped {
      try database.queue.read { database in
        try Row.fetchAll(
          database, sql: "SELECT path, size, modified FROM media WHERE digest = ? ORDER BY path",
          arguments: [digest.data]
        ).map { ($0[0], $0[1], $0[2]) }
      }
    }
  }

  /// Puts a copy of `path` into the repository's own folder: a reflink or a hard link where the
  /// file system can, else a copy.
  func keepCopy(of path: String, digest: Digest) throws {
    let target = copyPath(of: digest)
    guard FileStatus(path: target) == nil else { return }
    try DurableFile.makeFolder(folder)
    let source = FileStatus(path: path)
    try FileCopy.make(from: path, to: target)
    // Else it is hashed when it is used.
    let isAsKnown = try locations(of: digest).contains {
      $0.path == path && $0.size == source?.size && $0.modified == source?.modified
    }
    if isAsKnown, FileStatus(path: path)?.modified == source?.modified {
      try rememberCopy(of: digest)
    }
  }

  /// Where the repository's own copy of a medium is, or would be.
  func copyPath(of digest: Digest) -> String { "\(folder)/\(digest.hex)" }

  /// SHA-256 of a file's bytes, made on another thread; it ends when the task does.
  static func hash(_ path: String) async throws -> Digest {
    try await blocking { try digest(of: path, $0) }
  }

  /// SHA-256 of a file's bytes.
  static func digest(of path: String, _ isCancelled: CancellationFlag? = nil) throws -> Digest {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw VidgitError.system("read", path)
    }
    defer { try? file.close() }
    var builder = DigestBuilder()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      try Task.checkCancellation()
      if isCancelled?.value == true { throw CancellationError() }
      let count = read(file.fileDescriptor, buffer.baseAddress!, buffer.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw VidgitError.system("read", path)
      }
      builder.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    return builder.digest()
  }

  private static func missing(
    _ descriptor: MediaDescriptor, changed: String?, gone: String?
  ) -> VidgitError {
    let name = "'\(descriptor.name)' (\(descriptor.size) bytes, \(descriptor.sha256.text))"
    let hint =
      "if you have the file, point to it with `vidgit media locate PATH`; it is known by its bytes"
    if let changed {
      return VidgitError(
        .verification, "the media file \(name) has changed since the split: '\(changed)'",
        hint: hint)
    }
    let place = gone.map { "is no longer at '\($0)'" } ?? "is not known on this machine"
    return VidgitError(.notFound, "the media file \(name) \(place)", hint: hint)
  }

  private func mapped<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw VidgitError(error, path: database.path)
    }
  }
}
