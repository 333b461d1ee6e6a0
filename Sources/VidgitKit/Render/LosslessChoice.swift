import FFmpeg
import VidgitModel

/// How a render keeps every pixel: the first codec that, tried in the container itself, gives back
/// what went in.
///
/// What libav says of codecs and containers does not settle it: H.264 takes grey and gives back
/// colour, FFV1 loses chroma of some odd sizes, Matroska takes few of the bare pixel formats.
struct LosslessChoice {
  private let container: ContainerFormat

  /// - Throws: `VidgitError`: usage for options that do not go with it.
  init(_ options: RenderOptions, _ container: ContainerFormat) throws {
    if options.codec != nil || options.crf != nil || options.bitrate != nil
      || options.pixelFormat != nil
    {
      throw VidgitError(
        .usage, "--lossless decides codec and pixel format itself",
        hint: "leave out --codec, --crf, --bitrate and --pix-fmt")
    }
    self.container = container
  }

  /// - Parameter path: a file that is written for the trial, and left.
  /// - Throws: `VidgitError`: usage where nothing keeps such pictures in the container.
  func settings(for shape: VideoShape, path: String) throws -> VideoEncoderSettings {
    let format = shape.sourceFormat.withoutImpliedRange
    for var settings in candidates where container.canHold(settings.codec) {
      let own = try? VideoEncoder.choose(settings, for: format).pixelFormat
      guard own == format else { continue }
      settings.pixelFormat = format
      let isKept = try VidgitError.reading {
        try LosslessTrial.keepsEveryBit(settings, shape, in: container, path: path)
      }
      if isKept { return settings }
    }
    throw VidgitError(
      .usage,
      "\(container.name) cannot hold \(shape.width)x\(shape.height) \(shape.sourceFormat.name) "
        + "without loss",
      hint: container.name == "nut"
        ? "render without --lossless, or to pictures: --codec png -o FOLDER/"
        : "render to .nut, which holds the most pixel formats")
  }

  /// Codecs that keep every pixel, the best first: FFV1 is made for it; where a container has no
  /// place for it, H.264 with quantiser 0; raw video where nothing else takes the pixel format.
  private var candidates: [VideoEncoderSettings] {
    var h264 = VideoEncoderSettings(codec: .h264)
    h264.options = ["qp": "0"]
    let raw = container.isISOBaseMedia ? [] : [VideoEncoderSettings(codec: .rawvideo)]
    return [VideoEncoderSettings(codec: .ffv1), h264] + raw
  }
}
