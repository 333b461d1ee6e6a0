import Foundation
import VidgitModel

/// The files that a command's words name: a script, a model. They decide what comes out as much as
/// the words do, so their digests are a part of the recipe.
enum CommandFiles {
  /// The absolute path of the folder that a recipe file lies in.
  static func folder(of file: String) -> String {
    let folder = (file as NSString).deletingLastPathComponent
    return absolute(folder.isEmpty ? "." : folder)
  }

  /// `path` as the system knows it, without links; as it is where there is nothing.
  static func absolute(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The words of a command that are names of files: relative ones in `folder`, and absolute ones
  /// behind the program.
  static func named(by command: CommandRecipe, in folder: String) -> [String] {
    var names: [String] = []
    for (index, word) in command.argv.enumerated() {
      guard !word.isEmpty, !word.hasPrefix("-"), !names.contains(word),
        index > 0 || (word.contains("/") && !word.hasPrefix("/")),
        FileStatus(path: path(of: word, in: folder)) != nil
      else { continue }
      names.append(word)
    }
    return names
  }

  static func path(of name: String, in folder: String) -> String {
    name.hasPrefix("/") ? name : "\(folder)/\(name)"
  }

  /// The recipe with the digests of all files that it names and does not pin yet.
  static func pinning(_ recipe: Recipe, _ command: CommandRecipe, in folder: String) throws
    -> Recipe
  {
    var files = recipe.json["files"]?.object ?? [:]
    for name in named(by: command, in: folder).prefix(CommandRecipe.mostFiles)
    where files[name] == nil {
      let digest = try MediaLibrary.digest(of: path(of: name, in: folder))
      files[name] = .string(digest.text)
    }
    guard !files.isEmpty else { return recipe }
    var json = recipe.json
    json["files"] = .object(files)
    return try VidgitError.model { [json] in
      try Recipe(json: .object(json), file: "the recipe '\(recipe.name)'")
    }
  }

  /// Whether a file is there as the recipe has it.
  enum State: String, Sendable {
    case present, missing, different
  }

  static func state(of file: CommandRecipe.File, in folder: String) throws -> State {
    let path = path(of: file.path, in: folder)
    guard FileStatus(path: path) != nil else { return .missing }
    return try MediaLibrary.digest(of: path) == file.digest ? .present : .different
  }

  /// - Throws: `VidgitError` for a file that is missing, or is another one.
  static func check(_ command: CommandRecipe, of recipe: Recipe, in folder: String) throws {
    for file in command.files {
      let name = "'\(TerminalText.escaped(file.path))', which the recipe '\(recipe.id)' needs"
      switch try state(of: file, in: folder) {
      case .present: continue
      case .missing:
        throw VidgitError(
          .notFound, "there is no file \(name), in '\(folder)'",
          hint: "get it from who made the recipe (\(file.digest.text)), then "
            + "`vidgit trust \(recipe.id) --folder FOLDER`")
      case .different:
        throw VidgitError(
          .verification, "the file \(name), has changed in '\(folder)'",
          hint: "give the recipe as a file again, and it becomes a new one; or put the file back "
            + "(\(file.digest.text))")
      }
    }
  }
}
