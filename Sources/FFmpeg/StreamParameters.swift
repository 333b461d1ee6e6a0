import CFFmpeg

/// What a stream is, without its packets: enough to decode it, or to copy it into another file.
///
/// A class, since a file's streams are kept in arrays, which do not take noncopyable values.
/// `@unchecked Sendable`: immutable after init.
public final class StreamParameters: @unchecked Sendable {
  let av: UnsafeMutablePointer<AVCodecParameters>
  let frameRate: AVRational
  let sideData: [StreamSideData]

  /// Seconds a tick of its packets' times.
  public let timebase: Ratio

  /// The index in the file that it came from.
  public let index: Int

  /// What the file says of it: "language", "title", ...
  public let metadata: [String: String]

  /// What the stream is for.
  public let disposition: Disposition

  /// Copies what an input file says of `stream`.
  init(copying stream: UnsafePointer<AVStream>) throws(FFmpegError) {
    av = try Self.copy(of: stream.pointee.codecpar)
    timebase = Ratio(stream.pointee.time_base)
    frameRate = stream.pointee.avg_frame_rate
    index = Int(stream.pointee.index)
    metadata = [String: String](stream.pointee.metadata)
    disposition = Disposition(rawValue: stream.pointee.disposition)
    sideData = StreamSideData.all(of: stream)
    if stream.pointee.sample_aspect_ratio.num > 0 {
      av.pointee.sample_aspect_ratio = stream.pointee.sample_aspect_ratio
    }
  }

  /// Describes what an opened encoder delivers. A frame rate goes into the container only where every
  /// frame keeps it.
  init(
    encoder context: UnsafePointer<AVCodecContext>, frameRate: Ratio? = nil,
    sideData: [StreamSideData] = []
  ) throws(FFmpegError) {
    av = try allocated("describe a stream", avcodec_parameters_alloc())
    timebase = Ratio(context.pointee.time_base)
    self.frameRate = frameRate?.av ?? AVRational(num: 0, den: 1)
    index = 0
    metadata = [:]
    disposition = []
    self.sideData = sideData
    try check("describe a stream") { avcodec_parameters_from_context(av, context) }
  }

  deinit {
    var parameters: UnsafeMutablePointer<AVCodecParameters>? = av
    avcodec_parameters_free(&parameters)
  }

  private static func copy(
    of parameters: UnsafePointer<AVCodecParameters>
  ) throws(FFmpegError) -> UnsafeMutablePointer<AVCodecParameters> {
    var copy: UnsafeMutablePointer<AVCodecParameters>? = try allocated(
      "describe a stream", avcodec_parameters_alloc())
    do throws(FFmpegError) {
      try check("describe a stream") { avcodec_parameters_copy(copy, parameters) }
    } catch {
      avcodec_parameters_free(&copy)
      throw error
    }
    return copy!
  }
}

extension StreamParameters {
  public enum Kind: String, Sendable {
    case video, audio, subtitle, data, attachment, unknown
  }

  public var kind: Kind {
    switch av.pointee.codec_type {
    case AVMEDIA_TYPE_VIDEO: .video
    case AVMEDIA_TYPE_AUDIO: .audio
    case AVMEDIA_TYPE_SUBTITLE: .subtitle
    case AVMEDIA_TYPE_DATA: .data
    case AVMEDIA_TYPE_ATTACHMENT: .attachment
    default: .unknown
    }
  }

  /// The codec's name, as `ffmpeg -codecs` lists it: "h264", "aac", ...
  public var codec: String { String(cString: avcodec_get_name(av.pointee.codec_id)) }

  /// Coded size of a picture in pixels; 0 where it is not video.
  public var width: Int { Int(av.pointee.width) }
  public var height: Int { Int(av.pointee.height) }

  /// The pixel format of video; nil for other streams, or where it is not known.
  public var pixelFormat: PixelFormat? {
    kind == .video && av.pointee.format >= 0 ? PixelFormat(raw: av.pointee.format) : nil
  }

  public var sampleAspectRatio: Ratio { Ratio(av.pointee.sample_aspect_ratio) }
  public var averageFrameRate: Ratio { Ratio(frameRate) }

  /// Bits a second by the file's word; 0 where unknown.
  public var bitrate: Int64 { av.pointee.bit_rate }

  /// Samples a second of audio; 0 for other streams.
  public var sampleRate: Int { Int(av.pointee.sample_rate) }

  /// The number of audio channels; 0 for other streams.
  public var channels: Int { Int(av.pointee.ch_layout.nb_channels) }

  public var language: String? { metadata["language"] }
  public var title: String? { metadata["title"] }

  public var fieldOrder: FieldOrder { FieldOrder(av.pointee.field_order) }

  /// What the stream says of its colours.
  public var colour: Colour { Colour(av.pointee) }

  /// SMPTE ST 2086 metadata of the whole stream, if any.
  public var masteringDisplay: MasteringDisplay? {
    sideData.lazy.compactMap { MasteringDisplay($0) }.first
  }

  /// CTA-861.3 metadata of the whole stream, if any.
  public var contentLight: ContentLight? {
    sideData.lazy.compactMap { ContentLight($0) }.first
  }
}

/// The order of the fields of interlaced video.
public enum FieldOrder: String, Sendable {
  case unknown, progressive
  /// Top or bottom field first, in coding and in showing.
  case topFirst = "tt"
  case bottomFirst = "bb"
  /// One field is coded first, the other shown first.
  case topCodedBottomShown = "tb"
  case bottomCodedTopShown = "bt"

  init(_ order: AVFieldOrder) {
    switch order {
    case AV_FIELD_PROGRESSIVE: self = .progressive
    case AV_FIELD_TT: self = .topFirst
    case AV_FIELD_BB: self = .bottomFirst
    case AV_FIELD_TB: self = .topCodedBottomShown
    case AV_FIELD_BT: self = .bottomCodedTopShown
    default: self = .unknown
    }
  }

  public var isInterlaced: Bool { self != .unknown && self != .progressive }

  /// Which of the fields is shown first.
  var showsTopFirst: Bool { self == .topFirst || self == .bottomCodedTopShown }

  var av: AVFieldOrder {
    switch self {
    case .unknown: AV_FIELD_UNKNOWN
    case .progressive: AV_FIELD_PROGRESSIVE
    case .topFirst: AV_FIELD_TT
    case .bottomFirst: AV_FIELD_BB
    case .topCodedBottomShown: AV_FIELD_TB
    case .bottomCodedTopShown: AV_FIELD_BT
    }
  }
}

/// What a stream is for: `AV_DISPOSITION_*`.
public struct Disposition: OptionSet, Hashable, Sendable {
  public let rawValue: Int32

  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  public static let `default` = Disposition(rawValue: AV_DISPOSITION_DEFAULT)
  public static let dub = Disposition(rawValue: AV_DISPOSITION_DUB)
  public static let original = Disposition(rawValue: AV_DISPOSITION_ORIGINAL)
  public static let comment = Disposition(rawValue: AV_DISPOSITION_COMMENT)
  public static let lyrics = Disposition(rawValue: AV_DISPOSITION_LYRICS)
  public static let forced = Disposition(rawValue: AV_DISPOSITION_FORCED)
  public static let hearingImpaired = Disposition(rawValue: AV_DISPOSITION_HEARING_IMPAIRED)
  public static let visualImpaired = Disposition(rawValue: AV_DISPOSITION_VISUAL_IMPAIRED)
  /// A cover picture, not a video that plays.
  public static let attachedPicture = Disposition(rawValue: AV_DISPOSITION_ATTACHED_PIC)
  public static let timedThumbnails = Disposition(rawValue: AV_DISPOSITION_TIMED_THUMBNAILS)
}
