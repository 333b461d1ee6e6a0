import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a repository of pictures, of an ffconcat script, or of an OTIO timeline.",
    discussion: """
      A folder of pictures: every file in it that is not hidden, whatever its name, in natural order \
      (shot2 before shot10), packed as it is into one medium of the repository's own. An ffconcat script: its files one after the other, \
      with their in and out points and durations. OpenTimelineIO: the clips of the first video \
      track. Videos stay where they are, as with `vidgit split`.
      """)

  @Argument(
    help: "A folder of pictures, an ffconcat script, or an .otio file.", completion: .file())
  var source: String

  @Argument(
    help: "The new folder; by default the source's name without its ending.", completion: .directory
  )
  var dir: String?

  @Option(
    help: ArgumentHelp("Pictures: <rate> a second (25, 30000/1001).", valueName: "rate"))
  var fps: String?

  @Option(
    help: ArgumentHelp(
      "Pictures: a file of timecodes, version 2: the start of each in milliseconds.",
      valueName: "file"), completion: .file())
  var timecodes: String?

  @Option(
    help: ArgumentHelp(
      "Then compare every frame with FFmpeg's framehash of SHA-256.", valueName: "framehash"),
    completion: .file())
  var check: String?

  @Flag(help: "Keep the videos in the repository's own store too (linked where possible).")
  var copy = false

  @Option(help: ArgumentHelp("Frames in flight.", valueName: "n"))
  var jobs: Int?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var options = ImportOptions(source: source, directory: dir ?? defaultFolder)
    if let fps {
      guard let rate = Rate.parse(fps) else {
        throw VidgitError(
          .usage, "--fps takes a rate above 0, not '\(TerminalText.escaped(fps))'",
          hint: "for example 25, 0.5 or 30000/1001")
      }
      options.rate = rate
    }
    options.timecodes = timecodes
    options.keepsCopy = copy
    options.jobs = jobs
    options.author = try Identity.author()
    let expected = try check.map { try FrameHashCheck(file: $0) }
    let result = try await VidgitKit.Import(options).run(progress: ProgressLine.show)
    ProgressLine.clear()
    let comparison = try expected?.run(directory: result.directory, revision: "HEAD")
    report(result, comparison)
    if comparison?.isEqual == false { throw ExitCode(ExitStatus.fault) }
  }

  private var defaultFolder: String {
    let name = (source as NSString).lastPathComponent
    return (name as NSString).deletingPathExtension
  }

  private func report(_ result: ImportResult, _ comparison: FrameHashCheck.Result?) {
    for note in result.notes { Report.note("note: \(TerminalText.escaped(note))") }
    if global.json {
      Report.json([
        "directory": .string(result.directory), "commit": .string(result.commit),
        "frames": .int(Int64(result.frames)), "duration": .int(result.duration),
        "timebase": .array([.int(result.timebase.num), .int(result.timebase.den)]),
        "width": .int(Int64(result.width)), "height": .int(Int64(result.height)),
        "pixelFormat": .string(result.pixelFormat), "media": .int(Int64(result.media)),
        "audioStreams": .int(Int64(result.audioStreams)),
        "notes": .array(result.notes.map { .string($0) }),
        "check": comparison.map { FrameHashReport.json($0) } ?? .null,
      ])
      return
    }
    let length = FrameTimes.text(result.duration, result.timebase)
    Report.line(
      "Imported \(Counted.text(result.frames, "frame")) of \(result.width)x\(result.height) "
        + "\(result.pixelFormat), \(length), from \(Counted.text(result.media, "medium", "media"))")
    Report.line("[main \(result.commit.prefix(10))] \(TerminalText.escaped(result.directory))")
    if let comparison { FrameHashReport.say(comparison) }
  }
}
