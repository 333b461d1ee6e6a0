/// How to encode video. What the chosen encoder cannot do is an error, never ignored.
public struct VideoEncoderSettings: Sendable, Equatable {
  public var codec: VideoCodec

  /// An encoder of libavcodec to use in place of the codec's preferred one.
  public var encoder: String?

  /// Constant quality, on the encoder's own scale; lower is better.
  public var crf: Double?

  /// The encoder's name or number of a trade of speed for size: "medium", "8".
  public var preset: String?

  /// Bits a second.
  public var bitrate: Int64?

  /// nil: the format of the encoder that keeps the most of the source.
  public var pixelFormat: PixelFormat?

  /// 0: as many as the machine has cores.
  public var threads = 0

  /// The same input gives the same bytes; no names and versions of libraries in the stream where
  /// the encoder can leave them out.
  public var bitexact = false

  /// Other options of the encoder, by libavcodec's names: "g", "profile", "tune", ...
  public var options: [String: String] = [:]

  public init(codec: VideoCodec) {
    self.codec = codec
  }
}

/// What the pictures that go into an encoder are like.
public struct VideoShape: Sendable, Equatable {
  /// Pixels.
  public var width: Int
  public var height: Int

  /// The pixel format that the pictures have before any conversion for the encoder.
  public var sourceFormat: PixelFormat

  /// Seconds a tick of the frames' times; every packet is in it too.
  public var timebase: Ratio

  /// Unset (0/1) where the pixels' shape is not known.
  public var sampleAspectRatio = Ratio(0, 1)

  /// Frames a second, for rate control; what the times say holds. nil where it varies.
  public var frameRate: Ratio?

  public var colour = Colour()
  public var fieldOrder = FieldOrder.progressive

  /// HDR metadata of the whole stream.
  public var masteringDisplay: MasteringDisplay?
  public var contentLight: ContentLight?

  public init(width: Int, height: Int, sourceFormat: PixelFormat, timebase: Ratio) {
    self.width = width
    self.height = height
    self.sourceFormat = sourceFormat
    self.timebase = timebase
  }
}
