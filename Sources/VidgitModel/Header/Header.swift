/// `video.json`: what every line of the timeline shares.
public struct Header: Hashable, Sendable {
  /// The version of the format that this code writes, and the major version that it reads.
  public static let format = "vidgit/1"
  static let major = 1

  /// "vidgit/1".
  public var format = Header.format
  /// What people call the video.
  public var name: String
  /// Seconds a tick: the unit of `start` and of every line's `dur`.
  public var timebase: Rational
  /// Where the first frame stood on the clock of the source, in ticks: audio is placed against it.
  public var start: Int64
  /// Pixels a row, upright.
  public var width: Int
  /// Rows, upright.
  public var height: Int
  /// How wide a pixel is to its height; 0/1 where unknown.
  public var sampleAspectRatio: Rational
  /// FFmpeg's name, such as "yuv420p".
  public var pixelFormat: String
  /// FFmpeg's names: "tv", "bt709", ...; `nil` where the source does not say.
  public var colorRange: String?
  public var colorMatrix: String?
  public var colorPrimaries: String?
  public var colorTransfer: String?
  public var chromaLocation: String?
  /// FFmpeg's names: "progressive", "tt", "bb", "tb", "bt".
  public var fieldOrder: String?
  public var masteringDisplay: MasteringDisplay?
  public var contentLight: ContentLight?
  /// Which audio streams travel along.
  public var audio: [AudioSource]
  /// Public bases where objects can be fetched.
  public var stores: [String]
  /// Keys that this version does not know, kept as they were.
  public var extra: JSONObject

  public init(
    name: String, timebase: Rational, start: Int64 = 0, width: Int, height: Int,
    sampleAspectRatio: Rational = Rational(0, 1), pixelFormat: String, audio: [AudioSource] = [],
    stores: [String] = []
  ) {
    self.name = name
    self.timebase = timebase
    self.start = start
    self.width = width
    self.height = height
    self.sampleAspectRatio = sampleAspectRatio
    self.pixelFormat = pixelFormat
    self.audio = audio
    self.stores = stores
    extra = JSONObject()
  }

  /// The shape of a frame whose line overrides nothing.
  public var shape: FrameShape {
    FrameShape(width: width, height: height, pixelFormat: pixelFormat)
  }
}

/// An audio stream of a media that the timeline takes along.
public struct AudioSource: Hashable, Sendable {
  /// "media/<name>.json".
  public var media: String
  /// The stream's index in that media.
  public var stream: Int
  public var extra = JSONObject()

  public init(media: String, stream: Int) {
    self.media = media
    self.stream = stream
  }
}

/// The display that HDR was graded on (SMPTE ST 2086).
public struct MasteringDisplay: Hashable, Sendable {
  /// A colour by its CIE 1931 x and y.
  public struct Chromaticity: Hashable, Sendable {
    public var x: Rational
    public var y: Rational

    public init(x: Rational, y: Rational) {
      self.x = x
      self.y = y
    }
  }

  public struct Primaries: Hashable, Sendable {
    public var red: Chromaticity
    public var green: Chromaticity
    public var blue: Chromaticity
    public var whitePoint: Chromaticity

    public init(
      red: Chromaticity, green: Chromaticity, blue: Chromaticity, whitePoint: Chromaticity
    ) {
      self.red = red
      self.green = green
      self.blue = blue
      self.whitePoint = whitePoint
    }
  }

  /// Candela a square metre.
  public struct Luminance: Hashable, Sendable {
    public var minimum: Rational
    public var maximum: Rational

    public init(minimum: Rational, maximum: Rational) {
      self.minimum = minimum
      self.maximum = maximum
    }
  }

  public var primaries: Primaries?
  public var luminance: Luminance?

  public init(primaries: Primaries?, luminance: Luminance?) {
    self.primaries = primaries
    self.luminance = luminance
  }
}

/// How bright HDR gets (CTA-861.3), in candela a square metre.
public struct ContentLight: Hashable, Sendable {
  /// MaxCLL: the brightest pixel.
  public var maximum: Int
  /// MaxFALL: the brightest frame's average.
  public var frameAverage: Int

  public init(maximum: Int, frameAverage: Int) {
    self.maximum = maximum
    self.frameAverage = frameAverage
  }
}
