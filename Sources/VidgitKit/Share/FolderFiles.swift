import Foundation

/// The files of a folder that was just made.
enum FolderFiles {
  /// Paths from the folder on, in order.
  static func names(_ folder: String) throws -> [String] {
    guard let walk = FileManager.default.enumerator(atPath: folder) else {
      throw VidgitError.system("read", folder, ENOENT)
    }
    var names: [String] = []
    while let name = walk.nextObject() as? String {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder),
        !isFolder.boolValue
      {
        names.append(name)
      }
    }
    return names.sorted()
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw VidgitError.system("read", path, ENOENT)
    }
    return [UInt8](data)
  }

  /// Runs `body` with the name of a folder that is not there yet, and removes what it made.
  static func temporary<T>(_ body: (String) async throws -> T) async throws -> T {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("vidgit-\(UInt64.random(in: 0 ..< .max))").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
  }
}
