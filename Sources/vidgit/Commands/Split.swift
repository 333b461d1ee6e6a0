import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Split: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a repository of a video: every frame hashed, one first commit.",
    discussion: """
      The video stays where it is; the repository remembers its path, size and digest. Frames are \
      decoded upright, each once, with their exact times.
      """)

  @Argument(help: "The video file.", completion: .file())
  var video: String

  @Argument(
    help: "The new folder; by default the video's name without its ending.", completion: .directory)
  var dir: String?

  @Option(
    help: "Take only this part: 1:00..2:00, 10s.., ..500 (frame numbers). The end is not in it.")
  var range: String?

  @Option(help: ArgumentHelp("Keep every <n>th frame.", valueName: "n"))
  var every: Int?

  @Option(
    help: ArgumentHelp(
      "Keep the frames nearest to <rate> a second (2, 0.5, 30000/1001).", valueName: "rate"))
  var fps: String?

  @Flag(help: "Keep the first frame of each scene.")
  var scenes = false

  @Option(help: "The index of the video stream; by default the one that ffmpeg takes.")
  var stream: Int?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Also write every kept frame as a picture: png, jpg or webp, and a new folder.",
      valueName: "format dir"), completion: .pictureFormat)
  var images: [String] = []

  @Flag(help: "Keep the video in the repository's own store too (linked where possible).")
  var copy = false

  @Flag(help: "Keep the frames that decode of a damaged or truncated file.")
  var salvage = false

  @Option(help: ArgumentHelp("Frames in flight.", valueName: "n"))
  var jobs: Int?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var options = SplitOptions(video: video, directory: dir ?? defaultFolder)
    options.range = try Notation.range(range)
    options.sampling = try sampling()
    options.stream = stream
    options.images = try imageOptions()
    options.keepsCopy = copy
    options.salvages = salvage
    options.jobs = jobs
    options.author = try Identity.author()
    let result = try await VidgitKit.Split(options).run(progress: ProgressLine.show)
    ProgressLine.clear()
    report(result)
  }

  private var defaultFolder: String {
    ((video as NSString).lastPathComponent as NSString).deletingPathExtension
  }

  private func sampling() throws -> SplitOptions.Sampling {
    guard [every != nil, fps != nil, scenes].filter(\.self).count <= 1 else {
      throw VidgitError(.usage, "--every, --fps and --scenes cannot be used together")
    }
    if let every {
      guard every > 0 else { throw VidgitError(.usage, "--every takes a number from 1") }
      return .every(every)
    }
    if let fps {
      guard let rate = Rate.parse(fps) else {
        throw VidgitError(
          .usage, "--fps takes a rate above 0, not '\(fps)'",
          hint: "for example 2, 0.5 or 30000/1001")
      }
      return .rate(rate)
    }
    return scenes ? .scenes : .all
  }

  private func imageOptions() throws -> SplitOptions.Images? {
    if images.isEmpty { return nil }
    guard images.count == 2, let format = ImageFormat(rawValue: images[0]) else {
      throw VidgitError(
        .usage, "--images takes a format (png, jpg, webp) and a folder",
        hint: "for example: --images png frames")
    }
    return .init(format: format, folder: images[1])
  }

  private func report(_ result: SplitResult) {
    for note in result.notes { Report.note("note: \(note)") }
    if global.json {
      Report.json([
        "directory": .string(result.directory), "commit": .string(result.commit),
        "frames": .int(Int64(result.frames)), "duration": .int(result.duration),
        "timebase": .array([.int(result.timebase.num), .int(result.timebase.den)]),
        "width": .int(Int64(result.width)), "height": .int(Int64(result.height)),
        "pixelFormat": .string(result.pixelFormat),
        "audioStreams": .int(Int64(result.audioStreams)), "damage": .int(Int64(result.damage)),
        "notes": .array(result.notes.map { .string($0) }),
      ])
      return
    }
    let length = FrameTimes.text(result.duration, result.timebase)
    Report.line(
      "Split into \(Counted.text(result.frames, "frame")) of \(result.width)x\(result.height) "
        + "\(result.pixelFormat), \(length)")
    Report.line(
      TerminalText.escaped("[main \(result.commit.prefix(10))] \(dir ?? defaultFolder)"))
  }
}
