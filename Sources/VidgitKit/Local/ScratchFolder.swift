import Foundation

/// A folder for the files of one operation that holds the repository's lock.
struct ScratchFolder: Sendable {
  let path: String

  /// Removes what killed runs have left below `base`, and makes a new folder there.
  init(in base: String) throws {
    try? FileManager.default.removeItem(atPath: base)
    path = "\(base)/\(UInt64.random(in: 0 ..< .max))"
    try DurableFile.makeFolder(path)
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }
}
