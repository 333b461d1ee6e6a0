import ArgumentParser
import VidgitKit
import VidgitModel

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say where the repository stands: branch, frames, media, uncommitted changes.")

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let status = try RepositoryStatus(directory: global.directory)
    if global.json {
      Report.json(json(status))
      return
    }
    say(status.branch.map { "On \($0)" } ?? "HEAD is on no branch")
    say(
      "\(status.commit.prefix(10)): \(Counted.text(status.frames, "frame")), "
        + FrameTimes.text(status.duration, status.timebase))
    for medium in status.media {
      say(
        medium.path.map { "media: \(medium.name) at \($0)" }
          ?? "media missing: \(medium.problem ?? "")")
    }
    if status.changes.isEmpty {
      Report.line("nothing to commit")
    } else {
      Report.line("not committed:")
      for path in status.changes { say("    \(path)") }
    }
  }

  private func say(_ text: String) {
    Report.line(TerminalText.escaped(text))
  }

  private func json(_ status: RepositoryStatus) -> JSONValue {
    [
      "branch": status.branch.map { .string($0) } ?? .null, "commit": .string(status.commit),
      "frames": .int(Int64(status.frames)), "duration": .int(status.duration),
      "timebase": .array([.int(status.timebase.num), .int(status.timebase.den)]),
      "media": .array(
        status.media.map { medium in
          [
            "name": .string(medium.name), "size": .int(medium.size),
            "path": medium.path.map { .string($0) } ?? .null,
            "problem": medium.problem.map { .string($0) } ?? .null,
          ]
        }),
      "changes": .array(status.changes.map { .string($0) }),
    ]
  }
}
