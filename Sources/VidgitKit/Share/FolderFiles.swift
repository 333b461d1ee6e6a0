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

  /// Runs `body` with the name of a folder of this clone that is not there yet, and removes what it made.
  static func temporary<T>(
    of repository: VideoRepository, _ body: (String) async throws -> T
  ) async throws -> T {
    let folder = try HeldFolder(in: repository.local.outgoing)
    defer { folder.remove() }
    return try await body(folder.path + "/files")
  }
}
