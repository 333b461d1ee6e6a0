import Foundation
import VidgitModel

/// Reads a recipe or palette file of the user's.
enum PaletteFile {
  private static let largest = 1 << 18

  static func read(_ path: String) throws -> PaletteEntry {
    guard let status = FileStatus(path: path) else {
      throw VidgitError(
        .notFound, "there is no recipe file '\(TerminalText.escaped(path))'",
        hint: "a recipe of the palette is named without a folder: `vidgit palette list`")
    }
    guard status.size <= largest, let data = FileManager.default.contents(atPath: path) else {
      throw VidgitError(
        .badInput,
        "'\(TerminalText.escaped(path))' is no recipe: it has \(status.size) bytes, or may not be read",
        hint: "a recipe is a small JSON file; `vidgit palette show noir` prints one")
    }
    return try VidgitError.model {
      let json = try JSONValue(parsing: [UInt8](data), what: path)
      // A recipe as a repository holds it has no description.
      return json.object?["description"] == nil
        ? PaletteEntry(description: "", recipe: try Recipe(json: json, file: path))
        : try PaletteEntry(json: json, file: path)
    }
  }
}
