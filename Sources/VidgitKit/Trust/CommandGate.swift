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
        hint: "`vidgit trust \(found.name(of: recipe))` shows all of it and allows it; "
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
    guard case .user(let place, _) = found.origin else {
      return (found.recipe, command, nil)
    }
    let folder = CommandFiles.absolute(place)
    let recipe = try CommandFiles.pinning(found.recipe, command, in: folder)
    guard case .command(let pinned) = recipe.engine else { return (recipe, command, nil) }
    return (recipe, pinned, try found.isUsersOwn(in: repository, revision) ? folder : nil)
  }
}
