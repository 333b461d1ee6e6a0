import ArgumentParser
import VidgitKit
import VidgitModel

struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what two revisions differ in, as runs of frames with their times.",
    discussion: """
      Frames are compared by what they are, not by their place: a cut is one run, and what follows \
      it has not changed. Runs begin with + (added), - (removed), > (moved) or ~ (changed). \
      A..B compares A with B, and A...B compares where the two part with B.
      """)

  @Argument(
    help: "The revision before, by default HEAD~1; or both: A..B, A...B.", completion: .revision)
  var old: String?

  @Argument(help: "The revision after, by default HEAD.", completion: .revision)
  var new: String?

  @Flag(help: "Also measure how far the pictures of each run are apart: PSNR and SSIM.")
  var pixels = false

  @Flag(
    help: "Also measure how much each side flickers: what changes along the source's motion.")
  var flicker = false

  @Option(
    help: ArgumentHelp("Draw pairs of frames side by side, with times.", valueName: "picture"),
    completion: .file())
  var contactSheet: String?

  @Option(
    help: ArgumentHelp("Render the two side by side, without sound.", valueName: "video"),
    completion: .file())
  var video: String?

  @Flag(help: "In the video, wipe from one to the other and back instead.")
  var wipe = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let old, let new, RevisionSpan(old) != nil || RevisionSpan(new) != nil {
      throw ValidationError("'\(old)' and '\(new)': A..B stands alone")
    }
    if wipe, video == nil { throw ValidationError("--wipe goes with --video") }
  }

  func run() async throws {
    let span = old.flatMap { RevisionSpan($0) }
    let old = try span?.start(directory: global.directory) ?? self.old ?? "HEAD~1"
    let new = span?.to ?? self.new ?? "HEAD"
    let diff = try RevisionDiff(directory: global.directory, from: old, to: new)
    var measures: [PixelDiff.Measure?]?
    if pixels {
      measures = try await PixelDiff(
        directory: global.directory, from: old, to: new, progress: ProgressLine.show
      ).measures
    }
    var flickering: Flicker?
    if flicker {
      flickering = try await Flicker(
        directory: global.directory, from: old, to: new, progress: ProgressLine.show)
    }
    if let contactSheet {
      let sheet = ComparisonSheet(directory: global.directory, from: old, to: new)
      let (drawn, runs) = try await Output.write(contactSheet, directory: global.directory) {
        try await sheet.draw(to: $0, progress: ProgressLine.show)
      }
      if drawn < runs { Report.note("note: drew the \(drawn) longest of \(runs) runs") }
    }
    if let video {
      let comparison = ComparisonVideo(
        directory: global.directory, from: old, to: new,
        layout: wipe ? .wipe(period: 4) : .sideBySide)
      _ = try await Output.write(video, directory: global.directory) {
        try await comparison.render(to: $0, progress: ProgressLine.show)
      }
    }
    ProgressLine.clear()
    if global.json {
      Report.json(DiffReport.json(diff, measures, flickering))
    } else {
      DiffReport.show(diff, measures)
      if let flickering { FlickerReport.show(flickering) }
    }
  }
}
