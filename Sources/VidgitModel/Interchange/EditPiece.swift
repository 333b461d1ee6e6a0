/// A stretch of a media file in another program's list of cuts.
public struct EditPiece: Hashable, Sendable {
  /// What time 0 means.
  public enum Clock: Hashable, Sendable {
    /// The file's own timestamps.
    case file
    /// The start of its video stream.
    case stream
  }

  /// As it stands in the list: a path, absolute or relative to the list.
  public var path: String
  public var clock = Clock.file
  /// Seconds; `nil` is the first frame.
  public var start: Rational?
  /// Seconds; the end is not part of it. `nil` is the end of the video.
  public var end: Rational?
  /// The file must hold all up to `end`; else its own end will do.
  public var needsEnd = false
  /// Seconds that the piece shows, whatever the file says.
  public var duration: Rational?
  /// Where it stands in the list, for errors: "list.ffconcat:3".
  public var place: String

  public init(path: String, place: String) {
    self.path = path
    self.place = place
  }
}
