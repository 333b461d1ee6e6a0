import ArgumentParser
import VidgitKit
import VidgitModel

struct MediaLocate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "locate", abstract: "Tell where media are; files are known by their bytes.")

  @Argument(help: ArgumentHelp("The files.", valueName: "path"), completion: .file())
  var paths: [String]

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let found = try await VidgitKit.MediaLocate(directory: global.directory, paths: paths).run()
    if global.json {
      Report.json(.array(found.map { ["uri": .string($0.uri), "path": .string($0.path)] }))
      return
    }
    for file in found { Report.line("\(file.uri)  \(TerminalText.escaped(file.path))") }
  }
}
