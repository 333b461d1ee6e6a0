public import VidgitModel

/// What `Split` is asked to do.
public struct SplitOptions: Sendable {
  /// Which of the decoded frames become frames of the timeline. Times stay what they are: a kept
  /// frame shows until the next kept one.
  public enum Sampling: Sendable, Equatable {
    case all
    /// Every Nth frame, from the first.
    case every(Int)
    /// The frames nearest to the ticks of a rate in frames a second; none is invented.
    case rate(Rational)
    /// The first frame of each scene.
    case scenes
  }

  /// Pictures to write beside the repository, one a kept frame.
  public struct Images: Sendable {
    public var format: ImageFormat
    public var folder: String

    public init(format: ImageFormat, folder: String) {
      self.format = format
      self.folder = folder
    }
  }

  public var video: String
  /// The folder of the new repository; empty or not there yet.
  public var directory: String
  /// The video stream's index; nil takes the one that the `ffmpeg` program takes.
  public var stream: Int?
  /// The part of the video that is taken; nil takes all.
  public var range: RangeExpression?
  public var sampling = Sampling.all
  public var images: Images?
  /// Keep the source file in the repository's own store too.
  public var keepsCopy = false
  /// Keep what decodes of a damaged file.
  public var salvages = false
  public var author: Author?
  /// Frames in flight and their transforms; nil takes the machine's.
  public var jobs: Int?

  public init(video: String, directory: String) {
    self.video = video
    self.directory = directory
  }
}

/// What `Split` made.
public struct SplitResult: Sendable {
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
  public var audioStreams: Int
  /// Damage that was passed over; 0 unless salvaging.
  public var damage: Int
  /// Things the user should know.
  public var notes: [String]
}
