import ArgumentParser
import VidgitKit
import VidgitModel

struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what two revisions differ in, as runs of frames with their times.",
    discussion: """
      Frames are compared by what they are, not by their place: a cut is one run, and what follows \
      it has not changed. Runs begin with + (added), - (removed), > (moved) or ~ (changed).
      """)

  @Argument(help: "The revision before.")
  var old = "HEAD~1"

  @Argument(help: "The revision after.")
  var new = "HEAD"

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let diff = try RevisionDiff(directory: global.directory, from: old, to: new)
    if global.json {
      Report.json(DiffReport.json(diff))
    } else {
      DiffReport.show(diff)
    }
  }
}
