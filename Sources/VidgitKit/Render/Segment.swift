/// A stretch of one medium that plays without a cut.
struct Segment: Equatable, Sendable {
  /// How the picture goes through its medium, which decides what becomes of the sound.
  enum Motion: Sendable {
    /// At the medium's own speed.
    case forward
    /// At another, constant speed: the lengths of `source` and `output` say which.
    case stretched
    case backward
    /// One frame over and over.
    case still
  }

  let uri: String
  /// Ticks of the medium's video stream.
  let source: Range<Int64>
  /// Ticks of the timeline, from the first rendered frame.
  let output: Range<Int64>
  let motion: Motion
}
