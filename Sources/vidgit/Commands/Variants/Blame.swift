import ArgumentParser
import VidgitKit
import VidgitModel

struct Blame: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say which commit and recipe made each run of frames what it is.")

  @Argument(help: "Anything that Git resolves, or the range.", completion: .revision)
  var first: String?

  @Argument(help: "Only this part: 10s..20s, 1:00.., 100..200 (frame numbers), 10%..20%.")
  var range: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    // What has two dots is no name for a revision.
    let isRange = range == nil && first?.contains("..") == true
    let blame = try VidgitKit.Blame(
      directory: global.directory, revision: isRange ? "HEAD" : first ?? "HEAD",
      range: Notation.range(isRange ? first : range))
    if global.json {
      Report.json(.array(blame.runs.map { json($0, blame.times) }))
      return
    }
    let rows = blame.runs.map { run in
      let (start, end) = (
        blame.times.starts[run.frames.lowerBound], blame.times.starts[run.frames.upperBound]
      )
      return [
        "\(run.frames.lowerBound)..\(run.frames.upperBound)",
        blame.times.clock(start) + ".." + blame.times.clock(end),
        String(run.commit.id.prefix(10)), run.commit.author, Clock.date(run.commit),
        run.filters.isEmpty ? "source" : run.filters.joined(separator: " "), run.commit.subject,
      ].map { TerminalText.escaped($0) }
    }
    for line in Table.lines(rows) { Report.line(line) }
  }

  private func json(_ run: VidgitKit.Blame.Run, _ times: FrameTimes) -> JSONValue {
    [
      "first": .int(Int64(run.frames.lowerBound)), "end": .int(Int64(run.frames.upperBound)),
      "startTicks": .int(times.starts[run.frames.lowerBound]),
      "endTicks": .int(times.starts[run.frames.upperBound]),
      "commit": .string(run.commit.id), "subject": .string(run.commit.subject),
      "author": .string(run.commit.author), "time": .int(run.commit.time),
      "filters": .array(run.filters.map { .string($0) }),
    ]
  }
}
