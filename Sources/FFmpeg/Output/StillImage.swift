import CFFmpeg

/// Pictures for people, in the formats that programs everywhere show.
public enum StillImage {
  public enum Format: String, CaseIterable, Sendable {
    case png, jpg, webp

    var encoder: String {
      switch self {
      case .png: "png"
      case .jpg: "mjpeg"
      case .webp: "libwebp"
      }
    }
  }

  /// Encodes `frame` as a file of its own.
  ///
  /// PNG keeps RGB, grey, alpha and palettes as they are, deep samples with 16 bits, and turns YUV
  /// into RGB by the frame's own matrix and range. JPEG is full range with the frame's chroma
  /// sampling. WebP is lossy, and lossless at quality 100.
  ///
  /// - Parameter quality: 0 to 100 for JPEG and WebP; PNG has none.
  public static func encode(
    _ frame: Frame, format: Format, quality: Int = 90
  ) throws(FFmpegError) -> [UInt8] {
    var scaler = Scaler()
    return try encode(frame, format: format, quality: quality, with: &scaler)
  }

  /// The same, with a scaler that is kept for the next picture.
  ///
  /// - Parameter isQuick: makes larger PNG files in less time.
  public static func encode(
    _ frame: Frame, format: Format, quality: Int = 90, with scaler: inout Scaler,
    isQuick: Bool = false
  ) throws(FFmpegError) -> [UInt8] {
    let quality = min(max(quality, 0), 100)
    let target = format.pixelFormat(for: frame.pixelFormat, lossless: quality == 100)
    // JFIF and lossy WebP fix the matrix to BT.601's.
    let converted = try scaler.convert(
      frame, to: target, range: format == .webp && !target.isRGB ? "tv" : "pc",
      matrix: format == .png || target.isRGB ? nil : "smpte170m")
    let coded = try SinglePictureEncoder.encode(converted, as: target, with: format.encoder) {
      context throws(FFmpegError) in
      context.pointee.sample_aspect_ratio = frame.sampleAspectRatio.av
      if isQuick, format == .png { context.pointee.compression_level = 1 }
      try format.configure(context, quality: quality)
    }
    return coded.packet.withBytes { Array($0) }
  }
}

extension StillImage.Format {
  fileprivate func configure(
    _ context: UnsafeMutablePointer<AVCodecContext>, quality: Int
  ) throws(FFmpegError) {
    switch self {
    case .png:
      break
    case .jpg:
      // 2 is the best that the encoder takes by default, 31 the worst.
      context.pointee.color_range = AVCOL_RANGE_JPEG
      context.pointee.flags |= AV_CODEC_FLAG_QSCALE
      context.pointee.global_quality = Int32(2 + (100 - quality) * 29 / 100) * FF_QP2LAMBDA
      context.pointee.qmin = 2
    case .webp:
      try context.set("quality", String(quality), encoder)
      if quality == 100 { try context.set("lossless", "1", encoder) }
    }
  }

  /// What the encoder gets for a picture of `source`.
  fileprivate func pixelFormat(for source: PixelFormat, lossless: Bool) -> PixelFormat {
    let descriptor = av_pix_fmt_desc_get(source.av)!.pointee
    let name =
      switch self {
      case .png: Self.png(source, descriptor)
      case .jpg: Self.jpg(descriptor)
      case .webp: lossless || source.isRGB ? "bgra" : source.hasAlpha ? "yuva420p" : "yuv420p"
      }
    return PixelFormat(name: name)!
  }

  private static func png(_ source: PixelFormat, _ descriptor: AVPixFmtDescriptor) -> String {
    if source.hasPalette { return "pal8" }
    if ["monob", "gray", "ya8"].contains(source.name) { return source.name }
    let deep = descriptor.comp.0.depth > 8
    switch (descriptor.nb_components, source.hasAlpha) {
    case (1, _): return deep ? "gray16be" : "gray"
    case (2, _): return deep ? "ya16be" : "ya8"
    case (_, true): return deep ? "rgba64be" : "rgba"
    default: return deep ? "rgb48be" : "rgb24"
    }
  }

  private static func jpg(_ descriptor: AVPixFmtDescriptor) -> String {
    if descriptor.flags & UInt64(AV_PIX_FMT_FLAG_RGB) != 0 { return "yuvj444p" }
    return switch (descriptor.nb_components, descriptor.log2_chroma_w, descriptor.log2_chroma_h) {
    case (1...2, _, _): "yuvj420p"
    case (_, 0, 0): "yuvj444p"
    case (_, 1, 0): "yuvj422p"
    default: "yuvj420p"
    }
  }
}
