import Foundation
import GRDB
import VidgitModel

/// Where the source files of a repository lie on this machine.
///
/// A path is remembered with the file's size, modification time and digest: a file whose size and
/// time are as remembered is taken at its word, any other is hashed again.
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
    if let status = FileStatus(path: copy), status.size == descriptor.size { return copy }
    var changed: String?
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

  /// Remembers that `path` holds the medium of this digest.
  func remember(_ path: String, digest: Digest) throws {
    guard let status = FileStatus(path: path) else {
      throw VidgitError.system("read", path, ENOENT)
    }
    try mapped {
      try database.queue.write { database in
        try database.execute(
          sql: "INSERT OR REPLACE INTO media (digest, path, size, modified) VALUES (?, ?, ?, ?)",
          arguments: [digest.data, path, status.size, status.modified])
      }
    }
  }

  func locations(
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
    try FileCopy.make(from: path, to: target)
  }

  /// Where the repository's own copy of a medium is, or would be.
  func copyPath(of digest: Digest) -> String { "\(folder)/\(digest.hex)" }

  /// SHA-256 of a file's bytes.
  static func digest(of path: String) throws -> Digest {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw VidgitError.system("read", path)
    }
    defer { try? file.close() }
    var builder = DigestBuilder()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      try Task.checkCancellation()
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
      throw VidgitError(error, path: database.queue.path)
    }
  }
}
