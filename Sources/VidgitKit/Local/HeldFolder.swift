import Foundation

/// A folder for the files of one operation, which other processes may run beside. Its lock tells it from
/// what killed runs have left, and those go with the next one.
struct HeldFolder: Sendable {
  let path: String
  private let lock: FileLock

  /// Makes a folder below `base`.
  init(in base: String) throws {
    try DurableFile.makeFolder(base)
    for name in try FileManager.default.contentsOfDirectory(atPath: base) {
      let left = "\(base)/\(name)"
      guard let lock = try? FileLock(folder: left) else { continue }
      withExtendedLifetime(lock) { try? FileManager.default.removeItem(atPath: left) }
    }
    for _ in 0..<Self.mostTries {
      let path = "\(base)/\(UInt64.random(in: 0 ..< .max))"
      try DurableFile.makeFolder(path)
      // Another run may have taken it for a leftover before it was locked.
      if FileStatus.exists(path), let lock = try FileLock(folder: path), FileStatus.exists(path) {
        (self.path, self.lock) = (path, lock)
        return
      }
    }
    throw VidgitError(
      .system, "cannot keep a folder of its own in '\(base)'",
      hint: "other vidgits clear it away at once: run the same command again")
  }

  private static let mostTries = 16

  func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }
}
