/// `media/<name>.json`: a source file, named by the SHA-256 of its bytes, which are not committed.
public struct MediaDescriptor: Hashable, Sendable {
  /// The file's own name, without its folder.
  public var name: String
  /// The SHA-256 of the file's bytes.
  public var sha256: Digest
  /// Bytes.
  public var size: Int64
  /// FFmpeg's name of the container, such as "mov,mp4,m4a,3gp,3g2,mj2".
  public var container: String
  /// The index of the stream that the frames come from.
  public var videoStream: Int
  public var streams: [MediaStream]
  /// Public URIs where the bytes can be fetched; never a local path.
  public var locations: [String]
  /// The frames are what was saved of a damaged file: they come back only where it is decoded from
  /// its beginning, with one thread.
  public var isSalvaged = false
  /// Keys that this version does not know, kept as they were.
  public var extra = JSONObject()

  public init(
    name: String, sha256: Digest, size: Int64, container: String, videoStream: Int,
    streams: [MediaStream], locations: [String] = []
  ) {
    self.name = name
    self.sha256 = sha256
    self.size = size
    self.container = container
    self.videoStream = videoStream
    self.streams = streams
    self.locations = locations
  }

  /// The stream that the frames come from.
  public var video: MediaStream? { streams.first { $0.index == videoStream } }
}

/// One stream of a media, as its container describes it.
public struct MediaStream: Hashable, Sendable {
  public var index: Int
  /// "video", "audio", "subtitle", "data" or "attachment".
  public var type: String
  /// FFmpeg's name of the codec, such as "h264".
  public var codec: String
  /// Seconds a tick: the unit of `start` and of the `pts` of lines.
  public var timebase: Rational?
  /// The first timestamp, in ticks of `timebase`.
  public var start: Int64?
  /// Pixels as coded, before rotation.
  public var width: Int?
  public var height: Int?
  public var pixelFormat: String?
  public var sampleAspectRatio: Rational?
  /// Degrees clockwise by which a picture is turned to stand upright.
  public var rotation: Int?
  /// The average rate that the container states, in frames a second: a hint, never a clock.
  public var frameRate: Rational?
  /// Samples a second.
  public var sampleRate: Int?
  public var channels: Int?
  /// FFmpeg's name, such as "stereo" or "5.1(side)".
  public var channelLayout: String?
  public var language: String?
  public var title: String?
  /// FFmpeg's names of the flags that are set, such as "default" or "attached_pic".
  public var disposition: [String] = []
  /// Keys that this version does not know, kept as they were.
  public var extra = JSONObject()

  public init(index: Int, type: String, codec: String) {
    self.index = index
    self.type = type
    self.codec = codec
  }
}
