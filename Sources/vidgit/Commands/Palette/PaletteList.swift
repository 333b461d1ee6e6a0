import ArgumentParser
import VidgitKit
import VidgitModel

struct PaletteList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "All recipes, the subtle ones first.")

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let (items, faults) = try global.palette().items()
    for fault in faults { Report.note("note: left out: \(TerminalText.escaped(fault.message))") }
    if global.json {
      Report.json(.array(items.map(json)))
      return
    }
    let rows = items.map { item in
      [
        item.name, item.isSubtle ? "subtle" : item.entry.tags.contains("loud") ? "loud" : "-",
        group(item), TerminalText.escaped(item.entry.description),
      ]
    }
    for line in Table.lines(rows) { Report.line(line) }
  }

  private func group(_ item: VidgitKit.Palette.Item) -> String {
    let words = item.entry.tags.filter { $0 != "subtle" && $0 != "loud" }
    let shown = (item.isBuiltIn ? [] : ["yours"]) + words
    return shown.isEmpty ? "-" : TerminalText.escaped(shown.joined(separator: ", "))
  }

  private func json(_ item: VidgitKit.Palette.Item) -> JSONValue {
    [
      "name": .string(item.name), "id": .string(item.entry.recipe.id),
      "description": .string(item.entry.description),
      "tags": .array(item.entry.tags.map { .string($0) }),
      "scope": .string(item.entry.recipe.scope.rawValue), "builtIn": .bool(item.isBuiltIn),
    ]
  }
}
