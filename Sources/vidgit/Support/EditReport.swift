import VidgitKit
import VidgitModel

/// What a command that changed the timeline says.
enum EditReport {
  static func show(_ result: EditResult, json: Bool) {
    ProgressLine.clear()
    for note in result.notes { Report.note("note: \(TerminalText.escaped(note))") }
    if json {
      Report.json([
        "commit": result.commit.map { .string($0) } ?? .null, "branch": .string(result.branch),
        "framesBefore": .int(Int64(result.framesBefore)), "frames": .int(Int64(result.frames)),
        "durationBefore": .int(result.durationBefore), "duration": .int(result.duration),
        "timebase": .array([.int(result.timebase.num), .int(result.timebase.den)]),
        "notes": .array(result.notes.map { .string($0) }),
      ])
      return
    }
    guard let commit = result.commit else {
      Report.line("The timeline stays as it is: nothing to commit")
      return
    }
    if result.wasFinished {
      Report.line("[\(result.branch) \(commit.prefix(10))] finished what was interrupted")
      return
    }
    let (before, after) = (
      FrameTimes.text(result.durationBefore, result.timebase),
      FrameTimes.text(result.duration, result.timebase)
    )
    Report.line(
      "[\(result.branch) \(commit.prefix(10))] \(result.framesBefore) frames (\(before)) became "
        + "\(result.frames) (\(after))")
  }
}
