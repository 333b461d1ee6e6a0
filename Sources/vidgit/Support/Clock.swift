import Foundation
import VidgitKit
import VidgitModel

enum Clock {
  /// When a commit was made, by its author's clock: "2024-01-31 12:00:00".
  static func date(_ commit: CommitSummary) -> String {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [
      .withFullDate, .withTime, .withColonSeparatorInTime, .withSpaceBetweenDateAndTime,
    ]
    formatter.timeZone = TimeZone(secondsFromGMT: commit.offsetMinutes * 60)
    return formatter.string(from: Date(timeIntervalSince1970: Double(commit.time)))
  }

  /// Ticks as people read time: "1:02:03.500".
  static func text(_ ticks: Int64, _ timebase: Rational) -> String {
    guard ticks > 0, let times = try? FrameTimes(durations: [ticks], timebase: timebase) else {
      return "0:00.000"
    }
    return times.lengthText
  }
}
