import Foundation
import Git2
import VidgitModel

/// Decides whether a command may run.
///
/// What the user hands over runs, and is trusted by that act. What came with the repository runs
/// after `vidgit trust`, and so does a recipe file that the repository brought along.
struct CommandGate {
  private let repository: VideoRepository
  private let revision: Revision

  init(_ repository: VideoRepository, _ revision: Revision) {
    self.repository = repository
    self.revision = revision
  }

  /// A command that may run, with its files checked.
  ///
  /// - Throws: `VidgitError`: refused for one that is not trusted, not found and verification where
  ///   the program or a file is not there as the recipe has it.
  func admit(
    _ found: RecipeSource.Found, variables: [String: String]
  ) throws -> PreparedCommand {
    let (recipe, command, given) = try resolve(found)
    let known = try repository.trust.folder(of: recipe)
    guard let folder = given ?? known else {
      throw VidgitError(
        .refused,
        "the recipe '\(recipe.id)' came with the repository and would run a program: \(command.text)",
        hint: "`vidgit trust \(name(of: found, recipe))` shows all of it and allows it; "
          + "with --dry-run it only shows")
    }
    try CommandFiles.check(command, of: recipe, in: folder)
    let prepared = try PreparedCommand(recipe, command, folder: folder, variables: variables)
    if given != nil { try repository.trust.add(recipe, folder: folder) }
    return prepared
  }

  /// The recipe with its files pinned; the folder where it is the user's own word.
  func resolve(
    _ found: RecipeSource.Found
  ) throws -> (recipe: Recipe, command: CommandRecipe, folder: String?) {
    guard case .command(let command) = found.recipe.engine else {
      throw VidgitError(
        .usage, "the recipe '\(found.recipe.name)' runs no program: it needs no trust",
        hint: "`vidgit palette show` and `vidgit show` tell what a recipe does")
    }
    guard case .user(let place, let file) = found.origin else {
      return (found.recipe, command, nil)
    }
    let folder = CommandFiles.absolute(place)
    let recipe = try CommandFiles.pinning(found.recipe, command, in: folder)
    guard case .command(let pinned) = recipe.engine else { return (recipe, command, nil) }
    return (recipe, pinned, try file.map(cameAlong) ?? false ? nil : folder)
  }

  /// Whether a file is one of those that the revision holds.
  private func cameAlong(_ file: String) throws -> Bool {
    let path = CommandFiles.absolute(file)
    let tree = CommandFiles.absolute(repository.path) + "/"
    guard path.hasPrefix(tree) else { return false }
    let name = String(path.dropFirst(tree.count))
    return try VidgitError.git { try repository.git.entry(at: name, in: revision.tree) } != nil
  }

  private func name(of found: RecipeSource.Found, _ recipe: Recipe) -> String {
    if case .user(_, let file?) = found.origin { return TerminalText.escaped(file) }
    return recipe.id
  }
}
