import CFFmpeg

/// A kind of coded video, and the encoders of libavcodec that make it, the preferred one first.
public enum VideoCodec: String, CaseIterable, Sendable {
  case h264, hevc, av1, vp9, prores, ffv1, gif, rawvideo, utvideo, png, mjpeg, webp

  /// The names that `ffmpeg -encoders` lists.
  public var encoders: [String] {
    switch self {
    case .h264: ["libx264", "h264_videotoolbox", "libopenh264"]
    case .hevc: ["libx265", "hevc_videotoolbox"]
    case .av1: ["libsvtav1", "libaom-av1", "librav1e"]
    case .vp9: ["libvpx-vp9"]
    case .prores: ["prores_ks"]
    case .ffv1: ["ffv1"]
    case .gif: ["gif"]
    case .rawvideo: ["rawvideo"]
    case .utvideo: ["utvideo"]
    case .png: ["png"]
    case .mjpeg: ["mjpeg"]
    case .webp: ["libwebp_anim", "libwebp"]
    }
  }

  /// The encoder that is used: the first of `encoders` in the linked libavcodec, nil without one.
  public var encoder: String? {
    encoders.first { avcodec_find_encoder_by_name($0) != nil }
  }

  /// libavcodec's number for what the encoders make.
  var id: AVCodecID {
    encoders.lazy.compactMap { avcodec_find_encoder_by_name($0)?.pointee.id }.first
      ?? avcodec_descriptor_get_by_name(rawValue)?.pointee.id ?? AV_CODEC_ID_NONE
  }
}

extension UnsafePointer<AVCodec> {
  var codecName: String { String(cString: pointee.name) }

  /// The pixel formats that the encoder takes; empty where it takes any, or does not say.
  var pixelFormats: [PixelFormat] {
    guard var list = vg_encoder_pixel_formats(self) else { return [] }
    var formats: [PixelFormat] = []
    while list.pointee != AV_PIX_FMT_NONE {
      formats.append(PixelFormat(list.pointee))
      list += 1
    }
    // The limited-range formats of mjpeg are for `-strict unofficial` only, in `ffmpeg` as here.
    if pointee.id == AV_CODEC_ID_MJPEG {
      formats = formats.filter { $0.name.hasPrefix("yuvj") }
    }
    return formats.filter { !$0.isHardware }
  }

  /// The format of `pixelFormats` that keeps the most of `source`, as `ffmpeg` picks it
  /// (`av_find_best_pix_fmt_of_2`, alpha counted only where the source has it).
  func bestPixelFormat(for source: PixelFormat) -> PixelFormat {
    let formats = pixelFormats
    guard !formats.isEmpty, !formats.contains(source) else { return source }
    var list = formats.map(\.av)
    list.append(AV_PIX_FMT_NONE)
    return PixelFormat(
      avcodec_find_best_pix_fmt_of_list(list, source.av, source.hasAlpha ? 1 : 0, nil))
  }
}
