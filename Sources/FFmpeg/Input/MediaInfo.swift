import CFFmpeg

/// What a container says of itself and its streams. All of it is a stranger's word.
public struct MediaInfo: Sendable {
  /// The demuxer's short names: "mov,mp4,m4a,3gp,3g2,mj2".
  public let container: String
  /// Microseconds; nil where the container does not say.
  public let duration: Int64?
  /// Microseconds; the earliest start of any stream.
  public let startTime: Int64?
  public let metadata: [String: String]
  public let streams: [StreamInfo]
  public let chapters: [Chapter]
}

/// One stream of a container.
public struct StreamInfo: Sendable {
  public enum Kind: String, Sendable {
    case video, audio, subtitle, data, attachment, unknown
  }

  public let index: Int
  public let kind: Kind
  /// libavcodec's name of the codec: "h264".
  public let codec: String
  public let profile: String?
  public let timebase: Ratio
  /// Ticks of `timebase`.
  public let startTime: Int64?
  public let duration: Int64?
  public let bitRate: Int64?
  public let language: String?
  public let title: String?
  public let isDefault: Bool
  /// A cover picture, not a video.
  public let isAttachedPicture: Bool
  public let video: VideoInfo?
  public let audio: AudioInfo?
}

/// The picture side of a stream, as the container and the first packets tell it.
public struct VideoInfo: Sendable {
  /// The coded size, before rotation.
  public let width: Int
  public let height: Int
  public let pixelFormat: PixelFormat?
  public let sampleAspectRatio: Ratio
  /// Degrees clockwise that a player turns the picture to show it upright; 0 where not told.
  public let rotation: Int
  public let averageFrameRate: Ratio
  public let colour: Colour
  public let fieldOrder: FieldOrder
  public let masteringDisplay: MasteringDisplay?
  public let contentLight: ContentLight?
}

public struct AudioInfo: Sendable {
  public let sampleRate: Int
  public let channels: Int
  public let channelLayout: String
}
