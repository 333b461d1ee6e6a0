import ArgumentParser
import VidgitKit
import VidgitModel

struct Render: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Render any revision to a video, every frame checked, sound along.",
    discussion: """
      The ending of OUT names the container; a folder gets one picture a frame. Nothing is checked \
      out, and OUT appears whole or not at all.
      """)

  @Argument(
    help: "Anything that Git resolves: a branch, a tag, a commit; by default HEAD.",
    completion: .revision)
  var rev: String?

  @Option(
    help: ArgumentHelp(
      "Play parts of several revisions one after the other: --use noir:0s..10s --use main:10s..",
      valueName: "rev:range"), completion: .revision)
  var use: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file, or the folder for pictures; also in a store: disk:noir.mp4, dropbox:falls/noir.mp4.",
      valueName: "out"), completion: .file())
  var output: String

  @Option(help: "Only this part: 10s..20s, 1:00.., 100..200 (frame numbers), 10%..20%.")
  var range: String?

  @Option(
    help: "h264, hevc, av1, vp9, prores, ffv1, gif; for a folder png, jpg, webp.",
    completion: .list(["h264", "hevc", "av1", "vp9", "prores", "ffv1", "gif", "png", "jpg", "webp"])
  )
  var codec: String?

  @Option(help: "Constant quality on the encoder's own scale; lower is better.")
  var crf: Double?

  @Option(help: "The encoder's trade of speed for size: medium, slow, 8, ...")
  var preset: String?

  @Option(help: "Bits a second: 4000000, 800k, 4M.")
  var bitrate: String?

  @Option(help: "The pixel format of the encoded video: yuv420p, yuv444p, ...")
  var pixFmt: String?

  @Flag(
    help:
      "Keep every pixel as it is: FFV1, else H.264 without loss, else raw video, the first that the container holds."
  )
  var lossless = false

  @Flag(inversion: .prefixedNo, help: "Compare every frame with its hash.")
  var verify = true

  @Flag(inversion: .prefixedNo, help: "Take the sound along.")
  var audio = true

  @Option(help: ArgumentHelp("Frames in flight.", valueName: "n"))
  var jobs: Int?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1") }
    if rev != nil, !use.isEmpty {
      throw ValidationError("--use names the revisions: leave out '\(rev!)'")
    }
  }

  func run() async throws {
    var options = RenderOptions(
      directory: global.directory, revision: rev ?? "HEAD", output: output)
    options.parts = try use.map { try Notation.part($0) }
    options.range = try Notation.range(range)
    options.codec = codec
    options.crf = crf
    options.preset = preset
    options.bitrate = try bitrate.map(bits)
    options.pixelFormat = pixFmt
    options.isLossless = lossless
    options.verifies = verify
    options.carriesAudio = audio
    options.jobs = jobs
    let isFolder = output.hasSuffix("/")
    var result = try await Output.write(output, isFolder: isFolder, directory: global.directory) {
      options.output = isFolder && !$0.hasSuffix("/") ? $0 + "/" : $0
      return try await VidgitKit.Render(options).run(progress: ProgressLine.show)
    }
    result.output = output
    for note in result.notes { Report.note("note: \(note)") }
    // Pictures are as their format has them.
    let isLossless = lossless && !result.pixelFormat.isEmpty
    if global.json {
      Report.json([
        "output": .string(result.output), "commit": .string(result.commit),
        "frames": .int(Int64(result.frames)), "encoder": .string(result.encoder),
        "pixelFormat": .string(result.pixelFormat), "lossless": .bool(isLossless),
        "notes": .array(result.notes.map { .string($0) }),
      ])
      return
    }
    let words = [result.encoder, result.pixelFormat, isLossless ? "lossless" : ""]
    Report.line(
      TerminalText.escaped(
        "Rendered \(Counted.text(result.frames, "frame")) of \(name(result.commit)) to \(result.output) "
          + "(\(words.filter { !$0.isEmpty }.joined(separator: ", ")))"))
  }

  /// What was rendered, for people: ids cut short.
  private func name(_ commit: String) -> String {
    commit.split(separator: " ").map { part in
      let words = part.split(separator: ":", maxSplits: 1)
      return ([words[0].prefix(10)] + words.dropFirst()).joined(separator: ":")
    }.joined(separator: " + ")
  }

  private func bits(_ text: String) throws -> Int64 {
    let units: [Character: Int64] = ["k": 1000, "M": 1_000_000]
    let unit = text.last.flatMap { units[$0] }
    let digits = unit == nil ? text[...] : text.dropLast()
    guard let number = Int64(digits), number > 0, number < 1_000_000_000_000 else {
      throw VidgitError(
        .usage, "--bitrate takes bits a second, not '\(text)'", hint: "for example 800k or 4M")
    }
    return number * (unit ?? 1)
  }
}
