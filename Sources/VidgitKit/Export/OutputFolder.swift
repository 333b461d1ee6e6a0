import Foundation

/// A folder that appears under its name with all that belongs into it, or not at all.
///
/// It grows hidden beside its place. A lock tells one that somebody works in from one that a crash
/// has left, which is emptied.
final class OutputFolder: Sendable {
  private let path: String
  /// Where it is written meanwhile.
  let temporary: String
  private let lock: FileLock
  private let contents: String

  /// - Parameters:
  ///   - contents: what goes into it, for messages: "pictures".
  ///   - repository: it does not lie among what that is made of; nil where there is none.
  /// - Throws: `VidgitError`: conflict where the folder holds something already, or where somebody
  ///   else is writing it.
  init(_ folder: String, for contents: String, of repository: VideoRepository?) throws {
    try repository?.requireOutput(folder)
    self.contents = contents
    path = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    try Self.requireFree(path, folder, contents)
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

  /// Gives the folder its name; nothing is written after it.
  func moveIntoPlace() throws {
    try Self.requireFree(path, path, contents)
    guard rename(temporary, path) == 0 else { throw VidgitError.system("create", path) }
    try DurableFile.syncFolder(of: path)
  }

  func discard() {
    try? FileManager.default.removeItem(atPath: temporary)
  }

  private static func requireFree(_ path: String, _ name: String, _ contents: String) throws {
    guard path != FileManager.default.currentDirectoryPath else {
      throw VidgitError(
        .conflict, "\(contents) go into a new folder and cannot use the current one",
        hint: "name another folder")
    }
    guard FileStatus.exists(path) else { return }
    guard let inside = try? FileManager.default.contentsOfDirectory(atPath: path), inside.isEmpty
    else {
      throw VidgitError(
        .conflict, "'\(name)' is not empty", hint: "name a new folder for the \(contents)")
    }
  }
}
