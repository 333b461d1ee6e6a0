import ArgumentParser
import VidgitKit
import VidgitModel

struct MediaList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The media of a revision, and whether they are at hand.")

  @Argument(help: "The revision.", completion: .revision)
  var revision = "HEAD"

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let media = try await VidgitKit.MediaList(directory: global.directory, revision: revision).run()
    if global.json {
      Report.json(.array(media.map(json)))
      return
    }
    let rows = media.map { medium in
      [
        medium.state.rawValue, TerminalText.escaped(medium.descriptor.name),
        "\(medium.descriptor.size)", medium.path.map { TerminalText.escaped($0) } ?? "-",
      ]
    }
    for line in Table.lines(rows) { Report.line(line) }
    if media.contains(where: { $0.state != .ok }) {
      Report.note("hint: point to a file with `vidgit media locate PATH`; it is known by its bytes")
    }
  }

  private func json(_ medium: MediaStatus) -> JSONValue {
    [
      "uri": .string(medium.uri), "name": .string(medium.descriptor.name),
      "sha256": .string(medium.descriptor.sha256.text), "size": .int(medium.descriptor.size),
      "state": .string(medium.state.rawValue), "path": medium.path.map { .string($0) } ?? .null,
    ]
  }
}
