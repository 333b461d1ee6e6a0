import Foundation
import VidgitModel

/// Gathers objects of the local store into packs, one file after the other.
///
/// The same objects in the same order make the same pack, so that a push that was cut short finds
/// what it has sent.
final class PackBuilder {
  struct Pack: Sendable {
    let path: String
    let digest: Digest
    let index: PackIndex
  }

  /// Bytes of a pack, unless one object is larger.
  static let packSize: Int64 = 64 << 20

  private let objects: ObjectStore
  private let folder: String
  private var rest: ArraySlice<FrameKey>
  private var number = 0

  /// - Parameter keys: all in the local store.
  init(_ objects: ObjectStore, _ keys: [FrameKey], folder: String) {
    self.objects = objects
    self.folder = folder
    rest = keys[...]
  }

  /// The next pack, as a file that the caller removes; nil at the end.
  func next() throws -> Pack? {
    guard !rest.isEmpty else { return nil }
    number += 1
    let path = "\(folder)/\(number).pack"
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw VidgitError.system("create", path) }
    defer { close(file) }
    var index = PackIndex()
    var builder = DigestBuilder()
    do {
      while let key = rest.first, index.entries.count < PackIndex.mostEntries {
        try Task.checkCancellation()
        let source = objects.path(of: key)
        guard let data = FileManager.default.contents(atPath: source), !data.isEmpty else {
          throw VidgitError.system("read", source, ENOENT)
        }
        let size = Int64(data.count)
        if index.packSize > 0, index.packSize + size > Self.packSize { break }
        try data.withUnsafeBytes { bytes in
          builder.update(bytes)
          index.append(key, size: size, digest: Digest(of: bytes))
          try DurableFile.writeAll(bytes, to: file, path)
        }
        rest.removeFirst()
      }
    } catch {
      unlink(path)
      throw error
    }
    return Pack(path: path, digest: builder.digest(), index: index)
  }
}
