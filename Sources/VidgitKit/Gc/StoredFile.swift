import Foundation
import VidgitModel

/// A file of the local stores that garbage collection may remove.
struct StoredFile: Sendable {
  enum Kind: Hashable, Sendable {
    case object(FrameKey)
    case media(Digest)
    /// Parts of a medium that was not fetched to its end.
    case leftover
    /// What somebody is writing, or a write that was cut off has left.
    case temporary
  }

  let kind: Kind
  let path: String
  /// Bytes.
  let size: Int64
  /// When it came to its place, in seconds since 1970.
  let since: Int64
}

extension StoredFile {
  /// Removes the file, and its folder where nothing is left in that.
  func remove() throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw VidgitError.system("remove", path) }
    if case .media = kind { return }
    rmdir((path as NSString).deletingLastPathComponent)
  }

  /// All files of the local stores by their names; what has another name is none of vidgit's and
  /// is not listed, nor is what has no name yet: see `TemporaryFiles`.
  static func all(in local: LocalFolder) throws -> [StoredFile] {
    var files: [StoredFile] = []
    for folder in try names(in: local.objects) where folder.utf8.count == 2 {
      let path = "\(local.objects)/\(folder)"
      for name in try names(in: path) {
        try Task.checkCancellation()
        guard let kind = objectKind(of: name, in: folder) else { continue }
        files += file(kind, "\(path)/\(name)")
      }
    }
    for name in try names(in: local.media) where !TemporaryFiles.isTemporary(name) {
      guard let kind = mediaKind(of: name) else { continue }
      files += file(kind, "\(local.media)/\(name)")
    }
    // Parts of media that nobody has read on in: they can be fetched again.
    for name in try names(in: local.partial) where Digest(hex: String(name.prefix(64))) != nil {
      files += file(.leftover, "\(local.partial)/\(name)")
    }
    return files
  }

  /// Files that got no name of their own yet.
  static func temporaries(in local: LocalFolder) throws -> [StoredFile] {
    let folders = try names(in: local.objects).filter { $0.utf8.count == 2 }
      .map { "\(local.objects)/\($0)" }
    var files: [StoredFile] = []
    for folder in folders + [local.media] + Set([local.path, local.own]).sorted() {
      try Task.checkCancellation()
      for name in try names(in: folder) where TemporaryFiles.isTemporary(name) {
        files += file(.temporary, "\(folder)/\(name)")
      }
    }
    return files
  }

  private static func objectKind(of name: String, in folder: String) -> Kind? {
    guard name.hasPrefix(folder), let digest = Digest(hex: String(name.prefix(64))) else {
      return nil
    }
    let rest = name.dropFirst(64)
    guard rest.hasPrefix("-"), let dot = rest.range(of: ".nut"),
      let shape = FrameShape(text: String(rest.dropFirst()[..<dot.lowerBound]))
    else { return nil }
    return rest[dot.upperBound...].isEmpty
      ? .object(FrameKey(digest: digest, shape: shape)) : nil
  }

  private static func mediaKind(of name: String) -> Kind? {
    guard let digest = Digest(hex: String(name.prefix(64))) else { return nil }
    return name.utf8.count == 64 ? .media(digest) : nil
  }

  private static func names(in folder: String) throws -> [String] {
    guard FileStatus.exists(folder) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw VidgitError(.system, "cannot read the folder '\(folder)'", underlying: error)
    }
  }

  /// The time is that of the last change of the name, since a linked medium is as old as its file.
  private static func file(_ kind: Kind, _ path: String) -> [StoredFile] {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
    #if canImport(Darwin)
      let (modified, changed) = (status.st_mtimespec.tv_sec, status.st_ctimespec.tv_sec)
    #else
      let (modified, changed) = (status.st_mtim.tv_sec, status.st_ctim.tv_sec)
    #endif
    let isMedia = if case .media = kind { true } else { false }
    return [
      StoredFile(
        kind: kind, path: path, size: Int64(status.st_size),
        since: Int64(isMedia ? max(modified, changed) : modified))
    ]
  }
}
