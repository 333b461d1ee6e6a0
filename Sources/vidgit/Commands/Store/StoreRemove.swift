import ArgumentParser
import VidgitKit
import VidgitModel

struct StoreRemove: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take a store out of this clone; what it holds stays.")

  @Argument(help: "Its name.", completion: .store)
  var name: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let store = try VidgitKit.StoreRemove(directory: global.directory, name: name).run()
    if global.json {
      Report.json(["name": .string(store.name), "uri": .string(store.location.text)])
      return
    }
    Report.line("Removed the store \(store.name) (\(TerminalText.escaped(store.location.text)))")
  }
}
