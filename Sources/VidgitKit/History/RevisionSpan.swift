import Git2
import VidgitModel

/// Two revisions in one word, as git takes them: "A..B", and "A...B" from where they part; a side that is
/// left out is HEAD.
public struct RevisionSpan: Hashable, Sendable {
  public let from: String
  public let to: String
  /// Whether it was written with three dots.
  public let isFromMergeBase: Bool

  /// nil for a single revision: no name of one has two dots in a row.
  public init?(_ text: String) {
    guard let dots = text.firstRange(of: "..") else { return nil }
    let rest = text[dots.upperBound...]
    isFromMergeBase = rest.hasPrefix(".")
    func side(_ text: Substring) -> String { text.isEmpty ? "HEAD" : String(text) }
    from = side(text[..<dots.lowerBound])
    to = side(isFromMergeBase ? rest.dropFirst() : rest)
  }

  /// The revision that a comparison begins with: `from`, or the commit where the two part, in hex.
  ///
  /// - Throws: `VidgitError`: not found for an unknown revision, and where the two have no commit in
  ///   common.
  public func start(directory: String) throws -> String {
    guard isFromMergeBase else { return from }
    let repository = try VideoRepository.open(at: directory)
    let (one, other) = (try repository.commit(from), try repository.commit(to))
    guard let base = try VidgitError.git({ try repository.git.mergeBase(one, other) }) else {
      throw VidgitError(
        .notFound,
        "'\(TerminalText.escaped(from))' and '\(TerminalText.escaped(to))' have no commit in common",
        hint: "with two dots the revisions themselves are compared")
    }
    return base.hex
  }
}
