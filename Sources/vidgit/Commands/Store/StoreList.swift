import ArgumentParser
import VidgitKit
import VidgitModel

struct StoreList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The stores of this clone, and those that video.json names.")

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let (stores, named) = try VidgitKit.StoreList(directory: global.directory).run()
    if global.json {
      Report.json([
        "stores": .array(
          stores.map {
            [
              "name": .string($0.name), "uri": .string($0.location.text),
              "public": $0.publicBase.map { .string($0) } ?? .null,
            ]
          }), "named": .array(named.map { .string($0) }),
      ])
      return
    }
    let rows =
      stores.map { [$0.name, TerminalText.escaped($0.location.text)] }
      + named.map { ["-", TerminalText.escaped($0) + "  (in video.json)"] }
    for line in Table.lines(rows) { Report.line(line) }
    if rows.isEmpty { Report.note("hint: add a store with `vidgit store add NAME URI`") }
  }
}
