import VidgitKit
import VidgitModel

/// Says whose frames a pass takes over, since nobody should wonder where a picture came from.
enum BorrowedReport {
  static func show(_ borrowed: [(branch: String, frames: Int)]) {
    for (branch, frames) in borrowed {
      Report.note(
        "note: \(frames) frame\(frames == 1 ? " is that" : "s are those") of "
          + "'\(TerminalText.escaped(branch))', which has the same recipe")
    }
  }

  static func json(_ borrowed: [(branch: String, frames: Int)]) -> JSONValue {
    .array(
      borrowed.map { ["branch": .string($0.branch), "frames": .int(Int64($0.frames))] })
  }
}
