import FFmpeg
import Foundation

/// Formats of still pictures.
public enum ImageFormat: String, CaseIterable, Sendable {
  case png, jpg, webp

  var still: StillImage.Format { StillImage.Format(rawValue: rawValue)! }
}

/// A folder that gets one picture a frame: `frame-000000.png`, counted from 0.
///
/// It grows hidden beside its place and appears with all its pictures or not at all. A lock tells one
/// that somebody works in from one that a crash has left.
final class ImageFolder: Sendable {
  private let path: String
  private let temporary: String
  private let format: ImageFormat
  private let lock: FileLock

  convenience init(_ images: SplitOptions.Images) throws {
    try self.init(images.folder, images.format)
  }

  /// - Throws: `VidgitError`: conflict where the folder holds something already, or where somebody
  ///   else is writing it.
  init(_ folder: String, _ format: ImageFormat) throws {
    self.format = format
    path = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    try Self.requireFree(path, folder)
    let parent = (path as NSString).deletingLastPathComponent
    let name = (path as NSString).lastPathComponent
    temporary = (parent as NSString).appendingPathComponent(".\(name).vidgit-part")
    try DurableFile.makeFolder(temporary)
    guard let lock = try FileLock(folder: temporary) else {
      throw VidgitError(
        .conflict, "another vidgit is writing '\(folder)'", hint: "wait until it is done")
    }
    self.lock = lock
    for left in try FileManager.default.contentsOfDirectory(atPath: temporary) {
      try FileManager.default.removeItem(atPath: "\(temporary)/\(left)")
    }
  }

  /// Writes one picture.
  func write(_ frame: Frame, index: Int) throws {
    let digits = String(index)
    let number = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    let bytes = try VidgitError.reading { try StillImage.encode(frame, format: format.still) }
    try DurableFile.write(bytes, to: "\(temporary)/frame-\(number).\(format.rawValue)")
  }

  /// Gives the folder its name; nothing is written after it.
  func moveIntoPlace() throws {
    try Self.requireFree(path, path)
    guard rename(temporary, path) == 0 else { throw VidgitError.system("create", path) }
    try DurableFile.syncFolder(of: path)
  }

  func discard() {
    try? FileManager.default.removeItem(atPath: temporary)
  }

  private static func requireFree(_ path: String, _ name: String) throws {
    guard path != FileManager.default.currentDirectoryPath else {
      throw VidgitError(
        .conflict, "pictures go into a new folder and cannot use the current one",
        hint: "name another folder")
    }
    guard FileStatus.exists(path) else { return }
    guard let contents = try? FileManager.default.contentsOfDirectory(atPath: path),
      contents.isEmpty
    else {
      throw VidgitError(
        .conflict, "'\(name)' is not empty", hint: "name a new folder for the pictures")
    }
  }
}
