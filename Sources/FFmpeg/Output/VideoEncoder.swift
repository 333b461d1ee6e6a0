import CFFmpeg

/// Encodes frames, one after the other, with an encoder of libavcodec.
///
/// Sequential: one owner, not `Sendable`.
public struct VideoEncoder: ~Copyable {
  private let context: UnsafeMutablePointer<AVCodecContext>
  private var durations: [Int64: Int64] = [:]
  private var lastPTS: Int64?
  private let fieldOrder: FieldOrder

  /// Whether the stream itself says that its frames are interlaced, where they are.
  public let statesFields: Bool

  /// The encoder's name in libavcodec.
  public let name: String

  /// What `send` takes. A frame in another format goes through a `Scaler` first.
  public let pixelFormat: PixelFormat
  public let width: Int
  public let height: Int

  /// Seconds a tick of the frames' and the packets' times.
  public let timebase: Ratio

  /// What goes into the container.
  public let parameters: StreamParameters

  /// Nothing more comes out.
  public private(set) var isDrained = false

  /// - Parameter globalHeader: the container keeps the codec's headers beside the packets
  ///   (`Muxer.needsGlobalHeaders`).
  /// - Throws: an error that names the encoders looked for, the option that the encoder does not
  ///   have, or the library's own words for a value that it refuses.
  public init(
    _ settings: VideoEncoderSettings, for shape: VideoShape, globalHeader: Bool
  ) throws(FFmpegError) {
    let codec = try Self.find(settings)
    let context = try allocated("open the encoder", avcodec_alloc_context3(codec))
    let parameters: StreamParameters
    do throws(FFmpegError) {
      try context.configure(settings, for: shape, codec: codec, globalHeader: globalHeader)
      try check("open the encoder \(codec.codecName)") { avcodec_open2(context, codec, nil) }
      var sideData: [StreamSideData] = []
      if let display = shape.masteringDisplay { sideData.append(display.sideData) }
      if let light = shape.contentLight { sideData.append(light.sideData) }
      parameters = try StreamParameters(
        encoder: context, frameRate: shape.frameRate, sideData: sideData)
    } catch {
      var context: UnsafeMutablePointer<AVCodecContext>? = context
      avcodec_free_context(&context)
      throw error
    }
    self.context = context
    self.parameters = parameters
    fieldOrder = shape.fieldOrder
    statesFields =
      codec.codecName == "ffv1" || context.pointee.flags & AV_CODEC_FLAG_INTERLACED_DCT != 0
    name = codec.codecName
    pixelFormat = PixelFormat(context.pointee.pix_fmt)
    width = shape.width
    height = shape.height
    timebase = shape.timebase
  }

  deinit {
    var context: UnsafeMutablePointer<AVCodecContext>? = context
    avcodec_free_context(&context)
  }

  /// The encoder that `settings` mean, and the pixel format that it takes pictures of `source` in.
  public static func choose(
    _ settings: VideoEncoderSettings, for source: PixelFormat
  ) throws(FFmpegError) -> (encoder: String, pixelFormat: PixelFormat) {
    let codec = try find(settings)
    return (codec.codecName, settings.pixelFormat ?? codec.bestPixelFormat(for: source))
  }

  /// Takes a frame in presentation order; it must have a pts above the last frame's.
  ///
  /// The frame's `duration` comes back as its packet's, exactly.
  public mutating func send(_ frame: Frame) throws(FFmpegError) {
    guard let pts = frame.pts else {
      throw FFmpegError(invalid: "encode a frame", detail: "it has no time")
    }
    if let lastPTS, pts <= lastPTS {
      throw FFmpegError(invalid: "encode a frame", detail: "time \(pts) comes after \(lastPTS)")
    }
    guard frame.width == width, frame.height == height, frame.pixelFormat == pixelFormat else {
      throw FFmpegError(
        invalid: "encode a frame",
        detail: "it is \(frame.width)x\(frame.height) \(frame.pixelFormat.name), "
          + "the stream is \(width)x\(height) \(pixelFormat.name)")
    }
    let copy = try frame.with(pts: pts, duration: frame.duration)
    // What the decoder found out is not an order to the encoder.
    copy.av.pointee.pict_type = AV_PICTURE_TYPE_NONE
    copy.av.pointee.quality = context.pointee.global_quality
    if fieldOrder.isInterlaced {
      vg_frame_set_interlaced(copy.av, 1, fieldOrder.showsTopFirst ? 1 : 0)
    }
    lastPTS = pts
    durations[pts] = frame.duration
    try check("encode a frame with \(name)") { avcodec_send_frame(context, copy.av) }
  }

  /// Says that no frame follows; `receive` then hands out what is left.
  public mutating func finish() throws(FFmpegError) {
    try check("end the stream of \(name)") { avcodec_send_frame(context, nil) }
  }

  /// The next packet in decoding order; nil where the encoder wants another frame first, or, after
  /// `finish`, where nothing is left.
  public mutating func receive() throws(FFmpegError) -> Packet? {
    let packet = try Packet()
    Log.clear()
    let result = avcodec_receive_packet(context, packet.av)
    if result == FFmpegError.tryAgain { return nil }
    if result == FFmpegError.endOfFile {
      isDrained = true
      return nil
    }
    try check("encode a frame with \(name)") { result }
    // Encoders of libavcodec 59 lose the duration.
    if let duration = durations.removeValue(forKey: packet.av.pointee.pts) {
      packet.av.pointee.duration = duration
    }
    return packet
  }

  private static func find(
    _ settings: VideoEncoderSettings
  ) throws(FFmpegError) -> UnsafePointer<AVCodec> {
    let names = settings.encoder.map { [$0] } ?? settings.codec.encoders
    for name in names {
      if let codec = avcodec_find_encoder_by_name(name), codec.pointee.type == AVMEDIA_TYPE_VIDEO {
        return codec
      }
    }
    throw FFmpegError(
      code: vg_AVERROR_ENCODER_NOT_FOUND, operation: "encode \(settings.codec.rawValue)",
      detail: "looked for \(names.joined(separator: ", ")) in the linked libavcodec")
  }
}
