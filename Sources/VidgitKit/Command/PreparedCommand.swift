import Foundation
import VidgitModel

/// A command recipe that the user trusts, with all that it takes to run it.
struct PreparedCommand: Sendable {
  let recipe: Recipe
  let command: CommandRecipe
  /// The absolute path of the program.
  let program: String
  /// All variables that it gets.
  let variables: [String: String]
  /// The absolute path of the folder where it runs.
  let folder: String

  var id: String { recipe.id }

  /// Variables that every program gets.
  private static let common = ["PATH", "HOME", "TMPDIR", "LANG"]
  private static let usualPath = "/usr/local/bin:/usr/bin:/bin"

  /// - Parameter variables: the caller's; what the recipe does not name is left out.
  /// - Throws: `VidgitError`: not found for a program that is not there.
  init(_ recipe: Recipe, _ command: CommandRecipe, folder: String, variables: [String: String])
    throws
  {
    self.recipe = recipe
    self.command = command
    self.folder = folder
    let names = Set(Self.variables(of: command))
    self.variables = variables.filter { names.contains($0.key) }
    guard let program = Self.find(command.argv[0], in: folder, path: variables["PATH"]) else {
      let name = TerminalText.escaped(command.argv[0])
      throw VidgitError(
        .notFound, "the recipe '\(recipe.name)' runs the program '\(name)', which is not here",
        hint: name.contains("/")
          ? "it is looked for from the folder '\(folder)'"
          : "install it, or put its folder into PATH")
    }
    self.program = program
  }

  /// The names of all variables that a command gets where they are set.
  static func variables(of command: CommandRecipe) -> [String] {
    common + command.variables.filter { !common.contains($0) }
  }

  /// A program by its path, or by `PATH` where it has none, as execvp(3) does.
  private static func find(_ name: String, in folder: String, path: String?) -> String? {
    if name.contains("/") {
      let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
      return isProgram(path) ? path : nil
    }
    // An entry that is not absolute, the empty one included, would find what lies beside a recipe.
    return (path ?? usualPath).split(separator: ":").filter { $0.hasPrefix("/") }
      .map { "\($0)/\(name)" }.first(where: isProgram)
  }

  private static func isProgram(_ path: String) -> Bool {
    FileStatus(path: path) != nil && access(path, X_OK) == 0
  }
}
