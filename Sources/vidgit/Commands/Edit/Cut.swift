import ArgumentParser
import VidgitKit

struct Cut: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take parts out of the timeline: one commit.",
    discussion: "The sound goes with the picture. `vidgit undo` brings it back.")

  @Argument(help: "Parts of the timeline: 10s..20s, 1:00.., 100..200 (frame numbers), 10%..20%.")
  var ranges: [String]

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    EditReport.show(
      try await VidgitKit.Cut(
        directory: global.directory, ranges: Notation.ranges(ranges), author: Identity.author()
      ).run(), json: global.json)
  }
}
