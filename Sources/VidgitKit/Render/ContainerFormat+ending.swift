import FFmpeg
import VidgitModel

extension ContainerFormat {
  /// The container that the ending of a file's name asks for.
  ///
  /// - Parameter takesPictures: a folder would get pictures instead.
  /// - Throws: `VidgitError`: usage for an ending that names none.
  static func named(by path: String, takesPictures: Bool = false) throws -> ContainerFormat {
    do {
      return try ContainerFormat(endingOf: path)
    } catch {
      let name = TerminalText.escaped(path.split(separator: "/").last.map(String.init) ?? path)
      let folder = "; '\(name)/', with a slash, gets one picture a frame"
      throw VidgitError(
        .usage, "cannot \(error.operation): \(error.words)",
        hint: "the ending names the container: .mp4, .mov, .mkv, .webm, .nut, .gif"
          + (takesPictures ? folder : ""),
        underlying: error)
    }
  }
}
