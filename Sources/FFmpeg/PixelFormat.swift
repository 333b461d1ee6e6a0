import CFFmpeg

/// A pixel format of libavutil.
public struct PixelFormat: Hashable, Sendable {
  let av: AVPixelFormat

  init(_ av: AVPixelFormat) {
    self.av = av
  }

  init(raw: Int32) {
    self.init(AVPixelFormat(raw))
  }

  /// The format of this name, as `ffmpeg -pix_fmts` lists it; nil where this libavutil has none.
  public init?(name: String) {
    let format = av_get_pix_fmt(name)
    guard format != AV_PIX_FMT_NONE else { return nil }
    self.init(format)
  }

  public var name: String {
    av_get_pix_fmt_name(av).map { String(cString: $0) } ?? "none"
  }

  /// Pixels that lie in the memory of a device, not in planes that can be read.
  var isHardware: Bool { flags & UInt64(AV_PIX_FMT_FLAG_HWACCEL) != 0 }
  public var hasAlpha: Bool { flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0 }
  public var isRGB: Bool { flags & UInt64(AV_PIX_FMT_FLAG_RGB) != 0 }
  var hasPalette: Bool { flags & UInt64(AV_PIX_FMT_FLAG_PAL) != 0 }

  /// The full-range `yuvj` twin's limited name: the same planes, the range told elsewhere.
  public var withoutImpliedRange: PixelFormat {
    let name = name
    guard name.hasPrefix("yuvj") else { return self }
    return PixelFormat(name: "yuv" + name.dropFirst(4)) ?? self
  }

  private var flags: UInt64 { av_pix_fmt_desc_get(av)?.pointee.flags ?? 0 }
}

extension PixelFormat {
  /// The bytes of all planes of a picture without padding; nil for a size that has none.
  public func byteCount(width: Int, height: Int) -> Int? {
    let count = av_image_get_buffer_size(
      av, Int32(clamping: width), Int32(clamping: height), 1)
    return count > 0 ? Int(count) : nil
  }
}

extension PixelFormat {
  /// Samples of more than eight bits.
  public var isDeep: Bool { bitsPerSample > 8 }

  /// Bits of a sample of the first component.
  public var bitsPerSample: Int { Int(av_pix_fmt_desc_get(av)?.pointee.comp.0.depth ?? 8) }

  /// By how much colour is coarser than the picture, as a power of two: 0 where each pixel has its own,
  /// 2 in 4:2:0. nil without colour.
  public var colourShare: Int? {
    guard let descriptor = av_pix_fmt_desc_get(av)?.pointee,
      descriptor.nb_components >= 3 || hasPalette
    else { return nil }
    return Int(descriptor.log2_chroma_w) + Int(descriptor.log2_chroma_h)
  }
}
