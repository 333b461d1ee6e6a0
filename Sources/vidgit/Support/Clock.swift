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
}
