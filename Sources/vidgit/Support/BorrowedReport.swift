import VidgitKit
import VidgitModel

/// Says whose frames a pass takes over, since nobody should wonder where a picture came from.
enum BorrowedReport {
  static func show(_ borrowed: [BorrowedFrames]) {
    for origin in borrowed {
      Report.note(
        "note: " + Counted.text(origin.frames, "frame is that", "frames are those")
          + " of '\(TerminalText.escaped(origin.branch))', which has the same recipe")
    }
  }

  static func json(_ borrowed: [BorrowedFrames]) -> JSONValue {
    .array(borrowed.map { ["branch": .string($0.branch), "frames": .int(Int64($0.frames))] })
  }
}
