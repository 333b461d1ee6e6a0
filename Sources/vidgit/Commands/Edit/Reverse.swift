import ArgumentParser
import VidgitKit

struct Reverse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play a part of the timeline backwards: one commit.",
    discussion: "A render is silent there.")

  @Argument(help: "The part: 10s..20s, 1:00.., 100..200 (frame numbers), 10%..20%.")
  var range: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    EditReport.show(
      try await VidgitKit.Reverse(
        directory: global.directory, range: Notation.range(range), author: Identity.author()
      ).run(), json: global.json)
  }
}
