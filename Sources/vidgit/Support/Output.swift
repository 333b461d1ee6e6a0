import VidgitKit

/// What a command makes, where the user wants it: a path of this machine, or a place in a store.
enum Output {
  /// Has something made, and sends it where it is to lie in a store; one that is not there is found out
  /// before the work.
  ///
  /// - Parameters:
  ///   - output: what the user wrote.
  ///   - isFolder: it is a folder of files.
  ///   - make: gets the path of this machine to write to.
  static func write<T>(
    _ output: String, isFolder: Bool = false, directory: String,
    _ make: (String) async throws -> T
  ) async throws -> T {
    defer { ProgressLine.clear() }
    guard let place = try StoreOutput(output, isFolder: isFolder, directory: directory) else {
      return try await make(output)
    }
    defer { place.discard() }
    try await place.check()
    let made = try await make(place.path)
    try await place.send(progress: ProgressLine.show)
    return made
  }
}
