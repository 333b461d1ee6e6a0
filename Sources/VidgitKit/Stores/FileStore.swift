import Curl
import Foundation
import VidgitModel

/// A store in a folder: a disk, a share, or the `.git/vidgit` of another clone.
struct FileStore: Store {
  let title: String
  let folder: String

  var canList: Bool { true }
  var canWrite: Bool { true }
  var partSize: Int64 { 16 << 20 }

  private func path(of name: StoreName) -> String { "\(folder)/\(name.text)" }

  func size(of name: StoreName) async throws -> Int64? {
    try await blocking {
      try requireFolder()
      return FileStatus(path: path(of: name))?.size
    }
  }

  func read(
    _ name: StoreName, part: Range<Int64>?, limit: Int64,
    _ take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async throws {
    let isCancelled = CancellationFlag()
    try await withTaskCancellationHandler {
      try await blocking {
        try requireFolder()
        let path = path(of: name)
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
          if errno == ENOENT { throw missing(name) }
          throw VidgitError.system("read", path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
          throw missing(name)
        }
        let part = part ?? 0..<Int64(status.st_size)
        guard Int64(part.count) <= limit else { throw StoreFault.tooLong(name, limit, self) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        var place = part.lowerBound
        while place < part.upperBound {
          if isCancelled.value { throw CancellationError() }
          let count = pread(
            file, buffer.baseAddress!, min(buffer.count, Int(part.upperBound - place)),
            off_t(place))
          if count < 0, errno == EINTR { continue }
          guard count >= 0 else { throw VidgitError.system("read", path) }
          guard count > 0 else { throw StoreFault.cut(name, self) }
          try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
          place += Int64(count)
        }
      }
    } onCancel: {
      isCancelled.set()
    }
  }

  func put(_ name: StoreName, _ content: StoreContent, replaces: Bool) async throws {
    let isCancelled = CancellationFlag()
    let watch = UploadWatch.current
    try await withTaskCancellationHandler {
      try await blocking {
        do {
          try UploadWatch.$current.withValue(watch) {
            try write(name, content, replaces: replaces, isCancelled)
          }
        } catch let error as VidgitError where error.isDiskFull {
          throw StoreFault.full(
            "cannot write '\(name)' in the store \(title): \(error.message)")
        }
      }
    } onCancel: {
      isCancelled.set()
    }
  }

  private func write(
    _ name: StoreName, _ content: StoreContent, replaces: Bool, _ isCancelled: CancellationFlag
  ) throws {
    try requireFolder()
    // It may be another clone's `.git/vidgit`, which clears away what nobody is writing.
    let use = FolderUse(folder)
    defer { withExtendedLifetime(use) {} }
    let path = path(of: name)
    if !replaces, FileStatus(path: path)?.size == content.size { return }
    let parent = (path as NSString).deletingLastPathComponent
    let isThere = FileStatus.exists(parent)
    let file = try DurableFile.inFolder(parent) { try UnfinishedFile(for: path) }
    if !isThere { try DurableFile.syncFolder(of: parent) }
    do {
      switch content {
      case .bytes(let bytes):
        var rest = bytes[...]
        try file.fill { buffer in
          let piece = rest.prefix(buffer.count)
          buffer.copyBytes(from: piece)
          rest = rest.dropFirst(piece.count)
          return piece.count
        }
      case .file(let source, _, let digest): try copy(source, digest, to: file, isCancelled)
      }
      try file.finish()
    } catch is CancellationError {
      // The next run carries on from there.
      throw CancellationError()
    } catch {
      file.remove()
      throw error
    }
  }

  private func copy(
    _ source: String, _ digest: Digest, to file: UnfinishedFile, _ isCancelled: CancellationFlag
  ) throws {
    let from = open(source, O_RDONLY | O_CLOEXEC)
    guard from >= 0 else { throw VidgitError.system("read", source) }
    defer { close(from) }
    var builder = DigestBuilder()
    try file.fill { buffer in
      while true {
        if isCancelled.value { throw CancellationError() }
        let count = Foundation.read(from, buffer.baseAddress!, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw VidgitError.system("read", source) }
        builder.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        UploadWatch.current?.onSent(count)
        return count
      }
    }
    guard builder.digest() == digest else { throw StoreFault.changed(source) }
  }

  func list(_ prefix: String) async throws -> [StoreName: Int64] {
    try await blocking {
      try requireFolder()
      var found: [StoreName: Int64] = [:]
      let root = "\(folder)/\(prefix)"
      let names = FileManager.default.enumerator(atPath: root)
      while let entry = names?.nextObject() as? String {
        guard let name = StoreName(prefix + entry), name.kind != nil,
          let status = FileStatus(path: root + entry)
        else { continue }
        found[name] = status.size
      }
      return found
    }
  }

  func delete(_ name: StoreName) async throws {
    try await blocking {
      try requireFolder()
      let path = path(of: name)
      if FileStatus.exists(path) { try DurableFile.remove(path) }
    }
  }

  /// A disk that is not mounted must not be written below.
  private func requireFolder() throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue
    else {
      throw VidgitError(
        .notFound, "the folder of the store \(title) is not there",
        hint: "mount its disk, or make it with `mkdir`")
    }
  }
}
