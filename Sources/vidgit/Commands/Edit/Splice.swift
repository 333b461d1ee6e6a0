import ArgumentParser
import VidgitKit

struct Splice: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put another revision or a new video into the timeline: one commit.",
    usage: "vidgit splice <rev|video> at <place> [--range <range>]",
    discussion: """
      A new video is decoded and hashed, as a split does, and stays where it is. Frames of another \
      size or format are fitted when the timeline is rendered; the sound comes along.
      """)

  @Argument(
    help: ArgumentHelp(
      "Anything that Git resolves, or the path of a video.", valueName: "rev|video"),
    completion: .revisionOrFile)
  var source: String

  @Argument(help: "The word 'at'.", completion: .list(["at"]))
  var at: String

  @Argument(
    help: ArgumentHelp(
      "Where it goes, on the timeline as it is now: 30s, 1:00.5, 750 (before this frame), 100%.",
      valueName: "place"))
  var place: String

  @Option(help: "Only this part of what is put in: 10s..20s, 1:00.., 100..200 (frame numbers).")
  var range: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    guard at == "at" else {
      throw VidgitError(
        .usage, "the word 'at' is expected, not '\(at)'",
        hint: "for example: vidgit splice intro.mp4 at 0")
    }
    EditReport.show(
      try await VidgitKit.Splice(
        directory: global.directory, source: source, at: Notation.place(place),
        range: Notation.range(range), author: Identity.author()
      ).run(progress: ProgressLine.show), json: global.json)
  }
}
