import FFmpeg
import VidgitModel

/// How the frames of a render are encoded, decided when the first one is there.
struct VideoTarget {
  let settings: VideoEncoderSettings
  let shape: VideoShape
  /// What the encoder takes.
  let pixelFormat: PixelFormat

  /// - Parameter path: where the file is going to be written, and a lossless codec is tried before.
  /// - Throws: `VidgitError`: usage for a codec or option that does not work.
  init(
    _ options: RenderOptions, plan: RenderPlan, header: Header, first: Frame,
    container: ContainerFormat, path: String
  ) throws {
    let target = plan.shape(header)
    guard let source = PixelFormat(name: target.pixelFormat) else {
      throw VidgitError(
        .badInput, "this libav does not know the pixel format '\(target.pixelFormat)'")
    }
    var settings = VideoEncoderSettings(
      codec: options.isLossless ? .ffv1 : try Self.codec(options, container))
    settings.crf = options.crf
    settings.preset = options.preset
    settings.bitrate = options.bitrate
    if !container.hasPresentationTimes, [.h264, .hevc].contains(settings.codec) {
      settings.options["bf"] = "0"
    }
    if let name = options.pixelFormat {
      guard let format = PixelFormat(name: name) else {
        throw VidgitError(
          .usage, "there is no pixel format '\(name)'", hint: "`ffmpeg -pix_fmts` lists them")
      }
      settings.pixelFormat = format
    }
    var shape = VideoShape(
      width: target.width, height: target.height, sourceFormat: source, timebase: header.ratio)
    shape.sampleAspectRatio =
      first.width == target.width && first.height == target.height
      ? first.sampleAspectRatio : header.aspect
    shape.frameRate = plan.constantDuration.flatMap { Self.rate($0, header.ratio) }
    shape.colour = first.colour
    // RGB says no matrix of YUV: what becomes of it goes by that of the timeline.
    if first.pixelFormat.isRGB || shape.colour.matrix == nil {
      shape.colour.matrix = header.colorMatrix
      shape.colour.range = shape.colour.range ?? header.colorRange
    }
    shape.fieldOrder = plan.fieldOrder
    shape.masteringDisplay = header.masteringDisplay?.libav
    shape.contentLight = header.contentLight?.libav
    if options.isLossless {
      settings = try LosslessChoice(options, container).settings(for: shape, path: path)
    }
    // Pictures of programs and services are RGB; the film stays what players take, as its source was.
    let own = PixelFormat(name: header.pixelFormat)
    let wanted = source.isRGB && !options.isLossless ? own ?? source : source
    let asked = settings
    pixelFormat = try VidgitError.reading { try VideoEncoder.choose(asked, for: wanted) }
      .pixelFormat
    settings.pixelFormat = pixelFormat
    // FFV1 and the like keep full range in the frames' tags, not in the format's name.
    if source != pixelFormat, source.withoutImpliedRange == pixelFormat {
      shape.colour.range = "pc"
    }
    self.settings = settings
    self.shape = shape
  }

  private static func codec(_ options: RenderOptions, _ container: ContainerFormat) throws
    -> VideoCodec
  {
    guard let name = options.codec else {
      let preferred: [VideoCodec] = [.h264, .vp9, .gif, .ffv1]
      guard let codec = preferred.first(where: { container.canHold($0) && $0.encoder != nil })
      else {
        throw VidgitError(
          .usage, "no codec is known for \(container.name)", hint: "name one with --codec")
      }
      return codec
    }
    let known: [VideoCodec] = [.h264, .hevc, .av1, .vp9, .prores, .ffv1, .gif]
    guard let codec = known.first(where: { $0.rawValue == name }) else {
      let names = known.map(\.rawValue)
      let close =
        otherNames[name.lowercased()].map { [$0.rawValue] } ?? Spelling.close(to: name, in: names)
      throw VidgitError(
        .usage, "there is no codec '\(name)'",
        hint: (close.isEmpty ? "" : "did you mean \(close.joined(separator: " or "))? ")
          + "--codec takes \(names.joined(separator: ", "))")
    }
    guard container.canHold(codec) else {
      throw VidgitError(
        .usage, "\(container.name) cannot hold \(name)",
        hint: "render to .mkv, or leave out --codec")
    }
    return codec
  }

  /// What people call codecs too.
  private static let otherNames: [String: VideoCodec] = [
    "avc": .h264, "h.264": .h264, "x264": .h264, "libx264": .h264,
    "h265": .hevc, "h.265": .hevc, "x265": .hevc, "libx265": .hevc,
  ]

  private static func rate(_ duration: Int64, _ timebase: Ratio) -> Ratio? {
    let (length, overflow) = duration.multipliedReportingOverflow(by: Int64(timebase.num))
    guard !overflow else { return nil }
    let rate = Rational(Int64(timebase.den), length).reduced
    guard rate.num <= Int32.max, rate.den <= Int32.max else { return nil }
    return Ratio(rate)
  }
}
