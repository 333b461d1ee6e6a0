import FFmpeg
import Foundation
import Synchronization
import VidgitModel

/// The pixels of frames that cannot be made again, on this machine: one file a frame, by its key.
///
/// An object is any file that libav decodes to exactly one picture; what this store writes is
/// lossless. Objects never change, so a path that exists is complete.
final class ObjectStore: Sendable {
  private let folder: String
  private let use: FolderUse?
  /// Folders that got files since the last `sync()`.
  private let touched = Mutex<Set<String>>([])
  /// Held as long as names are on their way to the disk: who asks for that meanwhile waits, since some
  /// may be its own.
  private let syncing = Mutex(())
  private let syncFolder: @Sendable (String) throws -> Void

  /// - Parameters:
  ///   - use: of the folder that holds it, kept as long as this.
  ///   - syncFolder: puts the names in a folder on the disk.
  init(
    folder: String, use: FolderUse? = nil,
    syncFolder: @escaping @Sendable (String) throws -> Void = {
      try DurableFile.syncFolder(of: $0 + "/.")
    }
  ) {
    self.folder = folder
    self.use = use
    self.syncFolder = syncFolder
  }

  func path(of key: FrameKey) -> String {
    let hex = key.digest.hex
    return "\(folder)/\(hex.prefix(2))/\(hex)-\(key.shape.text).nut"
  }

  func has(_ key: FrameKey) -> Bool {
    FileStatus(path: path(of: key)) != nil
  }

  /// Stores a frame; nothing is written where it is stored already.
  ///
  /// The file itself is on disk when this returns; its name is after `sync()`.
  func put(_ frame: Frame, key: FrameKey) throws {
    guard !isThere(path(of: key)) else { return }
    try put(file: VidgitError.reading { try FrameFile.encode(frame) }[...], key: key, looks: false)
  }

  /// Stores an object whose bytes were made elsewhere, likewise.
  ///
  /// - Parameter looks: whether its pixels are compared with the key first.
  /// - Returns: false where they are others, and nothing was stored.
  @discardableResult
  func put(file bytes: ArraySlice<UInt8>, key: FrameKey, looks: Bool) throws -> Bool {
    let path = path(of: key)
    guard !isThere(path) else { return true }
    let parent = (path as NSString).deletingLastPathComponent
    let temporary = "\(path).tmp-\(getpid())-\(UInt64.random(in: 0 ..< .max))"
    let file = try DurableFile.inFolder(parent) {
      let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
      guard file >= 0 else { throw VidgitError.system("create", temporary) }
      return file
    }
    do {
      defer { close(file) }
      try bytes.withUnsafeBytes { try DurableFile.writeAll($0, to: file, temporary) }
      if looks, !Self.shows(temporary, key) {
        unlink(temporary)
        return false
      }
      try DurableFile.sync(file, temporary)
      guard rename(temporary, path) == 0 else { throw VidgitError.system("write", path) }
    } catch {
      unlink(temporary)
      throw error
    }
    touched.withLock { _ = $0.insert(parent) }
    return true
  }

  /// Whether an object has its name, which a run that was killed may have left before it was on disk.
  private func isThere(_ path: String) -> Bool {
    guard FileStatus(path: path) != nil else { return false }
    touched.withLock { _ = $0.insert((path as NSString).deletingLastPathComponent) }
    return true
  }

  /// Whether a file holds the pixels of a key.
  private static func shows(_ path: String, _ key: FrameKey) -> Bool {
    guard let frame = try? ObjectFile.decode(path: path, as: key.shape) else {
      return false
    }
    return frame.shape == key.shape && frame.digest == key.digest
  }

  /// Puts the names of all stored objects on disk. A commit that needs them comes after.
  func sync() throws {
    try syncing.withLock { _ in
      let folders = touched.withLock { touched in
        defer { touched = [] }
        return touched
      }
      do {
        for folder in folders { try syncIfThere(folder) }
        if !folders.isEmpty { try syncFolder(folder) }
      } catch {
        touched.withLock { $0.formUnion(folders) }
        throw error
      }
    }
  }

  private func syncIfThere(_ folder: String) throws {
    do {
      try syncFolder(folder)
    } catch let error as VidgitError where error.kind == .notFound && !FileStatus.exists(folder) {
      // Somebody has freed what was in it since, and with it the folder.
    }
  }

  /// Decodes an object and checks its pixels.
  func frame(_ key: FrameKey) throws -> Frame {
    let path = path(of: key)
    guard FileStatus(path: path) != nil else {
      throw VidgitError(
        .notFound, "the pixels of frame \(key.digest.text) are not in the local store",
        hint: "run the pass that made it again, or fetch the object from where it was made")
    }
    let frame = try VidgitError.reading(hint: "the object is damaged: delete '\(path)'") {
      try ObjectFile.decode(path: path, as: key.shape)
    }
    guard frame.shape == key.shape, frame.digest == key.digest else {
      throw VidgitError(
        .verification, "the object '\(path)' does not hold the pixels of its name",
        hint: "delete it and run the pass that made it again")
    }
    return frame
  }
}
