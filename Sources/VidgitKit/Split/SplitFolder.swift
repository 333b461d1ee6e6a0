import Foundation

/// The hidden folder in which a new repository grows, beside the place where it will be.
///
/// A lock tells a folder that somebody works in from one that a crash has left.
struct SplitFolder {
  let path: String
  private let target: String
  private let lock: FileLock
  private let usage: String

  /// - Parameter usage: how the command is written that makes the folder, for messages.
  /// - Throws: `VidgitError`: conflict where the target is in use or another command works on it.
  init(for directory: String, usage: String = "vidgit split VIDEO DIR") throws {
    self.usage = usage
    target = URL(fileURLWithPath: directory).standardizedFileURL.path
    let name = (target as NSString).lastPathComponent
    let parent = (target as NSString).deletingLastPathComponent
    path = "\(parent)/.\(name).vidgit-split"
    try Self.requireFree(target, usage)
    guard FileManager.default.isWritableFile(atPath: parent) else {
      throw VidgitError.system("write into", parent, FileStatus.exists(parent) ? EACCES : ENOENT)
    }
    let inside = "\(path)/.git/vidgit"
    // For its owner alone, as `LocalFolder` makes it.
    try DurableFile.makeFolder((inside as NSString).deletingLastPathComponent)
    guard mkdir(inside, 0o700) == 0 || errno == EEXIST else {
      throw VidgitError.system("create", inside)
    }
    guard let lock = try FileLock(path: "\(inside)/lock") else {
      let verb = usage.split(separator: " ")[1]
      throw VidgitError(
        .conflict, "another \(verb) is writing '\(directory)'", hint: "wait until it is done")
    }
    self.lock = lock
    try Self.empty(path, keeping: [".git", "vidgit", "lock"])
  }

  /// Moves the finished repository to its place.
  func moveIntoPlace() throws {
    try Self.requireFree(target, usage)
    guard rename(path, target) == 0 else { throw VidgitError.system("create", target) }
    try DurableFile.syncFolder(of: target)
  }

  func discard() {
    try? FileManager.default.removeItem(atPath: path)
  }

  private static func requireFree(_ target: String, _ usage: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: target, isDirectory: &isFolder) else { return }
    if target == FileManager.default.currentDirectoryPath {
      throw VidgitError(
        .conflict, "a new folder is made for the repository, and the current one cannot be it",
        hint: "name another folder: \(usage)")
    }
    let contents = try? FileManager.default.contentsOfDirectory(atPath: target)
    guard isFolder.boolValue, contents?.isEmpty == true else {
      throw VidgitError(
        .conflict, "'\(target)' exists and is not an empty folder",
        hint: "name another folder: \(usage)")
    }
  }

  /// Removes what a crash has left, all but the chain of names that leads to the lock.
  private static func empty(_ folder: String, keeping chain: ArraySlice<String>) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      if name == chain.first {
        if chain.count > 1 { try empty("\(folder)/\(name)", keeping: chain.dropFirst()) }
      } else {
        try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      }
    }
  }
}
