import ArgumentParser
import VidgitKit

struct Repeat: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play a part of the timeline again, right behind itself: one commit.")

  @Argument(help: "The part: 10s..20s, 1:00.., 100..200 (frame numbers), 10%..20%.")
  var range: String

  @Option(help: ArgumentHelp("How many times more it plays.", valueName: "n"))
  var times = 1

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    EditReport.show(
      try await VidgitKit.Repeat(
        directory: global.directory, range: Notation.range(range), times: times,
        author: Identity.author()
      ).run(), json: global.json)
  }
}
