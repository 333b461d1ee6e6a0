import ArgumentParser
import VidgitKit
import VidgitModel

struct PaletteAdd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Put a recipe of your own into the palette.",
    usage: """
      vidgit palette add FILE [--force]
      vidgit palette add NAME RECIPE [--description TEXT] [--force]
      """,
    discussion: """
      A recipe is a file, FFmpeg's own notation (graph:hue=s=0,eq=contrast=1.4), or the name of one \
      in the palette. It is checked before it is copied.
      """)

  @Argument(
    help: ArgumentHelp("The recipe file, or the new recipe's name.", valueName: "file-or-name"),
    completion: .file())
  var first: String

  @Argument(help: "The recipe.", completion: .recipe)
  var recipe: String?

  @Option(help: ArgumentHelp("What it looks like, in one line.", valueName: "text"))
  var description: String?

  @Flag(help: "Replace a recipe of the same name.")
  var force = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let palette = try global.palette()
    let entry = try palette.add(
      RecipeSource(argument: recipe ?? first), as: recipe == nil ? nil : first,
      description: description, replaces: force)
    if global.json {
      Report.json([
        "name": .string(entry.recipe.name), "id": .string(entry.recipe.id),
        "folder": .string(palette.folder ?? ""),
      ])
    } else {
      Report.line("Added \(entry.recipe.name) (\(entry.recipe.id)) to \(palette.folder ?? "")")
    }
  }
}
