public import VidgitModel

/// What `Import` is asked to do.
public struct ImportOptions: Sendable {
  /// A folder of pictures, an ffconcat script, or an OpenTimelineIO file.
  public var source: String
  /// The folder of the new repository; empty or not there yet.
  public var directory: String
  /// Pictures a second, for a folder of pictures.
  public var rate: Rational?
  /// A file of timecodes, version 2, for a folder of pictures.
  public var timecodes: String?
  /// Keep the videos in the repository's own store too; pictures always are.
  public var keepsCopy = false
  public var author: Author?
  /// Frames in flight; nil takes what memory and cores allow.
  public var jobs: Int?

  public init(source: String, directory: String) {
    self.source = source
    self.directory = directory
  }
}

/// What `Import` made.
public struct ImportResult: Sendable {
  public var directory: String
  /// The first commit's id in hex.
  public var commit: String
  public var frames: Int
  /// Ticks of `timebase`.
  public var duration: Int64
  public var timebase: Rational
  public var width: Int
  public var height: Int
  public var pixelFormat: String
  public var media: Int
  public var audioStreams: Int
  /// Things the user should know.
  public var notes: [String]
}

/// A new timeline before its first commit.
struct ImportedTimeline {
  var writer = TimelineWriter()
  /// By path in the tree.
  var media: [String: MediaDescriptor] = [:]
  /// Where the media lie, by path in the tree; nil for what the repository has itself.
  var places: [String: String] = [:]
  var notes: [String] = []
}
