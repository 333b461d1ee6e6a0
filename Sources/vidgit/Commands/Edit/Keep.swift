import ArgumentParser
import VidgitKit

struct Keep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep parts of the timeline and cut the rest: one commit.",
    discussion: "The parts stay in the order that they play in; `vidgit move` changes it.")

  @Argument(help: "Parts of the timeline: 10s..20s, 1:00.., 100..200 (frame numbers), 10%..20%.")
  var ranges: [String]

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    EditReport.show(
      try await VidgitKit.Cut(
        directory: global.directory, ranges: Notation.ranges(ranges), keeps: true,
        author: Identity.author()
      ).run(), json: global.json)
  }
}
