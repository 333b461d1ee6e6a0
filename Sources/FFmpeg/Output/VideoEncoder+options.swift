import CFFmpeg

extension UnsafeMutablePointer<AVCodecContext> {
  /// Sets everything that must stand before the encoder is opened.
  func configure(
    _ settings: VideoEncoderSettings, for shape: VideoShape, codec: UnsafePointer<AVCodec>,
    globalHeader: Bool
  ) throws(FFmpegError) {
    let format = settings.pixelFormat ?? codec.bestPixelFormat(for: shape.sourceFormat)
    let taken = codec.pixelFormats
    guard taken.isEmpty || taken.contains(format) else {
      throw FFmpegError(
        invalid: "encode \(format.name) with \(codec.codecName)",
        detail: "it takes \(taken.map(\.name).joined(separator: ", "))")
    }
    pointee.width = Int32(shape.width)
    pointee.height = Int32(shape.height)
    pointee.pix_fmt = format.av
    pointee.time_base = shape.timebase.av
    pointee.sample_aspect_ratio = shape.sampleAspectRatio.av
    pointee.framerate = (shape.frameRate ?? Self.usualRate).av
    if codec.codecName == "libsvtav1", let rate = shape.frameRate,
      Int64(rate.num) > Int64(rate.den) * 240
    {
      // It takes no more, and plays no faster or slower for it.
      pointee.framerate = AVRational(num: 240, den: 1)
    }
    pointee.color_range =
      format.withoutImpliedRange == format ? shape.colour.avRange : AVCOL_RANGE_JPEG
    pointee.colorspace = format.encodedMatrix(shape.colour.avMatrix)
    pointee.color_primaries = shape.colour.avPrimaries
    pointee.color_trc = shape.colour.avTransfer
    pointee.chroma_sample_location = shape.colour.avChroma
    pointee.field_order = shape.fieldOrder.av
    if shape.fieldOrder.isInterlaced, codec.codesFields(height: shape.height, format) {
      pointee.flags |= AV_CODEC_FLAG_INTERLACED_DCT
    }
    // Its older bitstream has no place for fields.
    if shape.fieldOrder.isInterlaced, codec.codecName == "ffv1" { pointee.level = 3 }
    pointee.thread_count = Int32(settings.threads)
    if globalHeader { pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
    if settings.bitexact { pointee.flags |= AV_CODEC_FLAG_BITEXACT }
    try set(settings, codec: codec)
  }

  /// For rate control where the frames have no rate: without one, encoders take a frame for every
  /// tick.
  private static var usualRate: Ratio { Ratio(25, 1) }

  private func set(
    _ settings: VideoEncoderSettings, codec: UnsafePointer<AVCodec>
  ) throws(FFmpegError) {
    let name = codec.codecName
    if let bitrate = settings.bitrate {
      // These keep every pixel, or have a quality of their own, and would ignore it silently.
      let fixed = [
        "ffv1", "gif", "rawvideo", "utvideo", "png", "libwebp", "libwebp_anim", "prores_ks",
      ]
      if fixed.contains(name) { throw Self.lacks("bitrate", name) }
      pointee.bit_rate = bitrate
    } else if settings.crf != nil {
      // Without this libvpx and libaom hold the rate below libavcodec's default of 200 kb/s.
      pointee.bit_rate = 0
    }
    if let crf = settings.crf {
      // These take any number, and make of it what they can.
      if ["libx264", "libx265"].contains(name), !(0...51).contains(crf) {
        throw FFmpegError(
          code: vg_averror(EINVAL), operation: "set crf=\(crf.shortText) for the encoder \(name)",
          detail: "it takes 0 to 51")
      }
      try set("crf", crf.shortText, name)
    }
    if let preset = settings.preset {
      try Self.require(preset: preset, name)
      try set("preset", preset, name)
    }
    var options = settings.options
    if name == "libx265" {
      // It writes to the standard error stream by itself otherwise.
      options["x265-params"] = ["log-level=none", options["x265-params"]].compactMap { $0 }
        .joined(separator: ":")
    }
    for (key, value) in options.sorted(by: { $0.key < $1.key }) {
      try set(key, value, name)
    }
  }

  /// Sets an option of the encoder itself, or of every encoder.
  func set(_ key: String, _ value: String, _ encoder: String) throws(FFmpegError) {
    Log.clear()
    let own = pointee.priv_data.map { av_opt_set($0, key, value, 0) } ?? vg_AVERROR_OPTION_NOT_FOUND
    guard own == vg_AVERROR_OPTION_NOT_FOUND else {
      try check("set \(key)=\(value) for the encoder \(encoder)") { own }
      return
    }
    // `crf` and `preset` are nobody's but the encoder's; the rest may be libavcodec's own.
    let common = av_opt_set(self, key, value, 0)
    if common == vg_AVERROR_OPTION_NOT_FOUND { throw Self.lacks(key, encoder) }
    try check("set \(key)=\(value) for the encoder \(encoder)") { common }
  }

  /// x264 and x265 complain of an unknown preset on the standard error stream.
  private static func require(preset: String, _ encoder: String) throws(FFmpegError) {
    let names = [
      "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower",
      "veryslow", "placebo",
    ]
    guard ["libx264", "libx265"].contains(encoder), !names.contains(preset),
      Int(preset).map({ names.indices.contains($0) }) != true
    else { return }
    throw FFmpegError(
      code: vg_averror(EINVAL), operation: "set preset=\(preset) for the encoder \(encoder)",
      detail: "it has \(names.joined(separator: ", "))")
  }

  static func lacks(_ option: String, _ encoder: String) -> FFmpegError {
    FFmpegError(
      code: vg_AVERROR_OPTION_NOT_FOUND, operation: "set \(option) for the encoder \(encoder)",
      detail: "\(encoder) has no \(option)")
  }
}

extension UnsafePointer<AVCodec> {
  /// Whether the encoder codes the two fields of a frame apart, or says in the stream that it has two,
  /// when it is told to. FFV1 says so of each frame by itself; libx265 would want fields for frames.
  fileprivate func codesFields(height: Int, _ format: PixelFormat) -> Bool {
    switch codecName {
    case "prores_ks": return true
    // x264 refuses heights that do not halve to whole rows of chroma.
    case "libx264":
      let rows = 2 << Int(av_pix_fmt_desc_get(format.av)?.pointee.log2_chroma_h ?? 0)
      return height.isMultiple(of: rows)
    default: return false
    }
  }
}

extension PixelFormat {
  /// The matrix that a stream of this format says: RGB has none but RGB's own, and YUV cannot have
  /// RGB's, which is what is left over where a frame was converted.
  func encodedMatrix(_ matrix: AVColorSpace) -> AVColorSpace {
    if holdsRGB { return AVCOL_SPC_RGB }
    return matrix == AVCOL_SPC_RGB ? AVCOL_SPC_UNSPECIFIED : matrix
  }
}

extension Double {
  /// Without the ".0" that options of type int refuse in some encoders.
  fileprivate var shortText: String {
    self == rounded() && magnitude < 1e15 ? String(Int64(self)) : String(self)
  }
}
