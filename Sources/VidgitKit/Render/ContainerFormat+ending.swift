import FFmpeg

extension ContainerFormat {
  /// The container that the ending of a file's name asks for.
  ///
  /// - Throws: `VidgitError`: usage for an ending that names none.
  static func named(by path: String) throws -> ContainerFormat {
    do {
      return try ContainerFormat(endingOf: path)
    } catch {
      throw VidgitError(
        .usage, "cannot \(error.operation): \(error.words)",
        hint: "the ending names the container: .mp4, .mov, .mkv, .webm, .nut, .gif",
        underlying: error)
    }
  }
}
