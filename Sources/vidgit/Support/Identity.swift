import Foundation
import VidgitKit

/// Who commits, as Git's environment variables say; Git's configuration fills the rest.
enum Identity {
  static func author() throws -> Author {
    let environment = ProcessInfo.processInfo.environment
    func value(_ key: String) -> String? {
      environment["GIT_AUTHOR_\(key)"] ?? environment["GIT_COMMITTER_\(key)"]
    }
    var author = Author(name: value("NAME"), email: value("EMAIL"))
    if let date = value("DATE") {
      guard let (time, offset) = parse(date) else {
        throw VidgitError(
          .usage, "GIT_AUTHOR_DATE is '\(date)'",
          hint: "give seconds and a zone (1700000000 +0100), or 2024-01-31T12:00:00Z")
      }
      author.time = time
      author.offsetMinutes = offset
    }
    return author
  }

  private static func parse(_ text: String) -> (time: Int64, offsetMinutes: Int)? {
    let parts = text.split(separator: " ")
    if let first = parts.first, let time = Int64(first.hasPrefix("@") ? first.dropFirst() : first) {
      guard parts.count == 2 else { return (time, 0) }
      guard let zone = Int(parts[1]) else { return nil }
      return (time, zone / 100 * 60 + zone % 100)
    }
    let iso = ISO8601DateFormatter()
    return iso.date(from: text).map { (Int64($0.timeIntervalSince1970), 0) }
  }
}
