import ArgumentParser
import VidgitKit
import VidgitModel

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a revision: its video, its media, and which frames carry which recipes.")

  @Argument(help: "Anything that Git resolves.", completion: .revision)
  var rev = "HEAD"

  @Option(help: ArgumentHelp("Show the line of one frame, counted from 0.", valueName: "n"))
  var frame: Int?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    if let frame { return try show(frame: frame) }
    let summary = try RevisionSummary(directory: global.directory, revision: rev)
    if global.json {
      Report.json(json(summary))
      return
    }
    let header = summary.header
    say("\(summary.commit.prefix(10)) \(header.name)")
    say(
      "\(Counted.text(summary.frames, "frame")) of \(header.width)x\(header.height) \(header.pixelFormat), "
        + "\(FrameTimes.text(summary.duration, header.timebase))")
    for (path, media) in summary.media.sorted(by: { $0.key < $1.key }) {
      say("\(path): \(media.name), \(media.size) bytes, \(media.sha256.text)")
    }
    Report.line()
    for run in summary.runs {
      let times =
        FrameTimes.text(run.start, header.timebase) + ".."
        + FrameTimes.text(run.end, header.timebase)
      let recipes = run.filters.isEmpty ? "as in \(run.uri)" : run.filters.joined(separator: " ")
      say("\(run.frames.lowerBound)..\(run.frames.upperBound)  \(times)  \(recipes)")
    }
    if !summary.recipes.isEmpty { Report.line() }
    for recipe in summary.recipes { say("\(recipe.id): \(GraphNotation.text(of: recipe))") }
  }

  private func show(frame number: Int) throws {
    let (line, start, header) = try RevisionSummary.frame(
      number, directory: global.directory, revision: rev)
    var bytes: [UInt8] = []
    line.encode(into: &bytes)
    let text = String(decoding: bytes.dropLast(), as: UTF8.self)
    if global.json {
      Report.line(text)
    } else {
      say("frame \(number) at \(FrameTimes.text(start, header.timebase))")
      say(text)
    }
  }

  private func say(_ text: String) {
    Report.line(TerminalText.escaped(text))
  }

  private func json(_ summary: RevisionSummary) -> JSONValue {
    [
      "commit": .string(summary.commit), "video": summary.header.json,
      "frames": .int(Int64(summary.frames)), "duration": .int(summary.duration),
      "runs": .array(
        summary.runs.map { run in
          [
            "first": .int(Int64(run.frames.lowerBound)), "end": .int(Int64(run.frames.upperBound)),
            "startTicks": .int(run.start), "endTicks": .int(run.end), "uri": .string(run.uri),
            "filters": .array(run.filters.map { .string($0) }),
          ]
        }),
      "recipes": .array(summary.recipes.map { .object($0.json) }),
    ]
  }
}
