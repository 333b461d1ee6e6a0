import ArgumentParser
import VidgitKit
import VidgitModel

struct PaletteShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print a recipe as a palette file, or in FFmpeg's notation.",
    discussion:
      "The file goes to standard output, its id and whether it is exact to standard error.")

  @Argument(help: "The recipe's name.", completion: .paletteName)
  var name: String

  @Flag(help: "Print the graph in FFmpeg's notation.")
  var graph = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let palette = try global.palette()
    guard let entry = try palette.entry(named: name) else { throw palette.unknown(name) }
    let isExact = try entry.isExact()
    let notation = GraphNotation.text(of: entry.recipe)
    if global.json {
      Report.json([
        "name": .string(name), "id": .string(entry.recipe.id),
        "description": .string(entry.description),
        "tags": .array(entry.tags.map { .string($0) }), "exact": .bool(isExact),
        "graph": .string(notation), "recipe": .object(entry.recipe.json),
      ])
      return
    }
    if graph {
      Report.line(TerminalText.escaped(notation))
    } else {
      let file = String(decoding: entry.fileBytes(), as: UTF8.self)
      Report.line(file.hasSuffix("\n") ? String(file.dropLast()) : file)
    }
    let kind =
      isExact
      ? "exact: frames are made again when needed"
      : entry.recipe.scope == .sequence
        ? "looks at neighbouring frames: results are stored" : "not exact: results are stored"
    Report.note("\(entry.recipe.id), \(kind)")
  }
}
