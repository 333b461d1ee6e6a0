import Foundation

/// A file that appears under its name when it is whole: it grows hidden beside its place. A lock tells
/// one that somebody writes from one that a crash has left.
final class OutputFile: Sendable {
  let path: String
  /// Where it is written meanwhile.
  let temporary: String
  private let lock: FileLock

  /// - Parameter repository: what it is made of is not written over; nil where there is none.
  /// - Throws: `VidgitError` where the folder is missing or cannot be written; conflict for a file of
  ///   the repository's, and where somebody else is writing the file.
  init(_ path: String, of repository: VideoRepository?) throws {
    self.path = path
    // By hand: Foundation on Linux ends the program at a name of one character.
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let name = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
    let folder = slash.map { String(path[...$0]) } ?? ""
    guard !name.isEmpty, name != ".", name != ".." else {
      throw VidgitError(.usage, "'\(path)' is no name for a file", hint: "give the file a name")
    }
    temporary = "\(folder).\(name).vidgit-part"
    guard FileStatus.exists(folder.isEmpty ? "." : folder) else {
      throw VidgitError(
        .notFound, "cannot write '\(path)': its folder is not there", hint: "make it with mkdir -p")
    }
    try repository?.requireOutput(path)
    guard let lock = try FileLock.passing(temporary) else {
      throw VidgitError(
        .conflict, "another vidgit is writing '\(path)'", hint: "wait until it is done")
    }
    self.lock = lock
  }

  deinit {
    if lock.isOf(temporary) { discard() }
  }

  /// Writes all of it at once.
  func write(_ bytes: some Sequence<UInt8>) throws {
    try DurableFile.write(bytes, to: path)
  }

  func moveIntoPlace() throws {
    try DurableFile.rename(temporary, to: path)
  }

  func discard() {
    unlink(temporary)
  }

  /// Writes a text that `body` hands out in pieces.
  static func write(
    _ path: String, of repository: VideoRepository, _ body: ((String) throws -> Void) throws -> Void
  ) throws {
    let file = try OutputFile(path, of: repository)
    do {
      // It is there since it was locked, with what a crash has left.
      guard let handle = FileHandle(forWritingAtPath: file.temporary),
        ftruncate(handle.fileDescriptor, 0) == 0
      else { throw VidgitError.system("create", file.temporary) }
      defer { try? handle.close() }
      try body { piece in
        var piece = piece
        try piece.withUTF8 {
          try DurableFile.writeAll(UnsafeRawBufferPointer($0), to: handle.fileDescriptor, path)
        }
      }
      try DurableFile.sync(handle.fileDescriptor, path)
    } catch {
      file.discard()
      throw error
    }
    try file.moveIntoPlace()
  }
}
