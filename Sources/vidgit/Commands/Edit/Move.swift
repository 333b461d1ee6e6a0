import ArgumentParser
import VidgitKit

struct Move: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Move a part of the timeline to another place: one commit.",
    discussion: "The sound goes with the picture.")

  @Argument(help: "The part: 10s..20s, 1:00.., 100..200 (frame numbers), 10%..20%.")
  var range: String

  @Argument(
    help: ArgumentHelp(
      "Where it goes, on the timeline as it is now: 30s, 1:00.5, 750 (before this frame), 100%.",
      valueName: "place"))
  var place: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    EditReport.show(
      try await VidgitKit.Move(
        directory: global.directory, range: Notation.range(range), to: Notation.place(place),
        author: Identity.author()
      ).run(), json: global.json)
  }
}
