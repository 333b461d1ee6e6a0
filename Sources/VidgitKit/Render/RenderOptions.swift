public import VidgitModel

/// What `Render` is asked to do.
public struct RenderOptions: Sendable {
  /// Any folder of the repository.
  public var directory: String
  public var revision: String
  /// Parts of several revisions to play one after the other, in place of `revision`.
  public var parts: [RevisionPart] = []
  /// A file whose ending names the container, or a folder (with a slash at the end, or there
  /// already) for one picture a frame.
  public var output: String
  /// The part of the timeline; nil takes all.
  public var range: RangeExpression?
  /// "h264", "hevc", "av1", "vp9", "prores", "ffv1", "gif"; for a folder "png", "jpg", "webp".
  public var codec: String?
  public var crf: Double?
  public var preset: String?
  /// Bits a second.
  public var bitrate: Int64?
  public var pixelFormat: String?
  /// Keep every pixel as it is.
  public var isLossless = false
  /// Compare every frame with its hash.
  public var verifies = true
  public var carriesAudio = true
  public var jobs: Int?

  public init(directory: String, revision: String, output: String) {
    self.directory = directory
    self.revision = revision
    self.output = output
  }
}

/// What `Render` made.
public struct RenderResult: Sendable {
  public var output: String
  /// The id in hex of what was rendered; with parts, each as "id:range".
  public var commit: String
  public var frames: Int
  /// The encoder's name, or the pictures' format.
  public var encoder: String
  public var pixelFormat: String
  /// Things the user should know: what was fitted, re-encoded or left out.
  public var notes: [String]
}
