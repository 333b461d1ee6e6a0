import Git2

/// What a list of commits tells of each.
public struct CommitSummary: Hashable, Sendable {
  /// In hex.
  public let id: String
  /// The message's first line.
  public let subject: String
  public let author: String
  /// Seconds since 1970, and minutes east of UTC.
  public let time: Int64
  public let offsetMinutes: Int

  init(_ commit: Commit) {
    id = commit.id.hex
    subject = commit.subject
    author = commit.author.name
    time = commit.author.time
    offsetMinutes = Int(commit.author.offsetMinutes)
  }
}

extension Commit {
  /// The first line of the message.
  var subject: String { String(message.prefix { $0 != "\n" }) }
}
