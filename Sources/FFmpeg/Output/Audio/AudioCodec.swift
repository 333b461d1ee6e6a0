import CFFmpeg

/// A kind of coded audio, and the encoders of libavcodec that make it, the preferred one first.
public enum AudioCodec: String, CaseIterable, Sendable {
  case aac, opus, flac
  case pcm16 = "pcm_s16le"
  case mp3, vorbis

  /// The names that `ffmpeg -encoders` lists.
  public var encoders: [String] {
    switch self {
    case .aac: ["aac"]
    case .opus: ["libopus"]
    case .flac: ["flac"]
    case .pcm16: ["pcm_s16le"]
    case .mp3: ["libmp3lame"]
    case .vorbis: ["libvorbis"]
    }
  }

  /// The encoder that is used: the first of `encoders` in the linked libavcodec, nil without one.
  public var encoder: String? {
    encoders.first { avcodec_find_encoder_by_name($0) != nil }
  }

  var id: AVCodecID {
    avcodec_descriptor_get_by_name(rawValue)?.pointee.id ?? AV_CODEC_ID_NONE
  }
}
