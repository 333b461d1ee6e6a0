/// An error for a person: what failed, on what, and what to do next.
public struct VidgitError: Error, Sendable {
  /// What sort of failure it is; programs decide by this, and a front end maps it to its own codes.
  public enum Kind: String, Sendable, CaseIterable {
    /// Something that was asked for does not make sense: an option, a range, a name.
    case usage
    /// A media file, a manifest, a recipe or a graph that cannot be read.
    case badInput = "bad-input"
    /// A file, a revision, a recipe, a medium or an object that is not there.
    case notFound = "not-found"
    /// It exists already, somebody else is at work, or there are changes that would be lost.
    case conflict
    /// Pixels, objects or media that are not what the manifest says.
    case verification
    /// The disk or the system: full, unreadable, broken.
    case system
    /// Refused for the user's safety.
    case refused
  }

  public let kind: Kind
  /// One sentence without a full stop that names the thing.
  public let message: String
  /// What to do next, where there is something to do.
  public let hint: String?
  public let underlying: (any Error)?

  public init(
    _ kind: Kind, _ message: String, hint: String? = nil, underlying: (any Error)? = nil
  ) {
    self.kind = kind
    self.message = message
    self.hint = hint
    self.underlying = underlying
  }
}

extension VidgitError: CustomStringConvertible {
  public var description: String { message + (hint.map { "\nhint: \($0)" } ?? "") }
}
