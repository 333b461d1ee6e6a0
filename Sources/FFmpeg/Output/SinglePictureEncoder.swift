import CFFmpeg

/// Encodes one picture as one packet with an intra-only encoder of libavcodec, one thread.
enum SinglePictureEncoder {
  /// The packet and the stream that it makes up.
  static func encode(
    _ frame: Frame, as pixelFormat: PixelFormat, with name: String,
    _ configure: (UnsafeMutablePointer<AVCodecContext>) throws(FFmpegError) -> Void
  ) throws(FFmpegError) -> (packet: Packet, parameters: StreamParameters) {
    guard let codec = avcodec_find_encoder_by_name(name) else {
      throw FFmpegError(
        code: vg_AVERROR_ENCODER_NOT_FOUND, operation: "encode a picture",
        detail: "the linked libavcodec has no \(name)")
    }
    var context: UnsafeMutablePointer<AVCodecContext>? = try allocated(
      "open the encoder \(name)", avcodec_alloc_context3(codec))
    defer { avcodec_free_context(&context) }
    let open = context!
    open.pointee.width = frame.av.pointee.width
    open.pointee.height = frame.av.pointee.height
    open.pointee.pix_fmt = pixelFormat.av
    open.pointee.time_base = AVRational(num: 1, den: 25)
    open.pointee.thread_count = 1
    open.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    try configure(open)
    try check("open the encoder \(name)") { avcodec_open2(open, codec, nil) }

    let picture = try frame.with(pts: 0)
    picture.av.pointee.format = pixelFormat.av.rawValue
    picture.av.pointee.pict_type = AV_PICTURE_TYPE_NONE
    picture.av.pointee.quality = open.pointee.global_quality
    // Side data, such as an ICC profile or a display matrix, is not pixels.
    while picture.av.pointee.nb_side_data > 0 {
      av_frame_remove_side_data(picture.av, picture.av.pointee.side_data[0]!.pointee.type)
    }
    let packet = try Packet()
    try check("encode a picture with \(name)") { avcodec_send_frame(open, picture.av) }
    try check("encode a picture with \(name)") { avcodec_send_frame(open, nil) }
    try check("encode a picture with \(name)") { avcodec_receive_packet(open, packet.av) }
    return (packet, try StreamParameters(encoder: open))
  }

  /// Whether the packet decodes to the same bytes as `frame`.
  static func decodes(
    _ coded: (packet: Packet, parameters: StreamParameters), to frame: Frame
  ) throws(FFmpegError) -> Bool {
    let codec = avcodec_find_decoder(coded.parameters.av.pointee.codec_id)
    var context: UnsafeMutablePointer<AVCodecContext>? = try allocated(
      "decode a picture", avcodec_alloc_context3(codec))
    defer { avcodec_free_context(&context) }
    context!.pointee.thread_count = 1
    let picture = try Frame()
    try check("decode a picture") { avcodec_parameters_to_context(context, coded.parameters.av) }
    try check("decode a picture") { avcodec_open2(context, codec, nil) }
    try check("decode a picture") { avcodec_send_packet(context, coded.packet.av) }
    try check("decode a picture") { avcodec_send_packet(context, nil) }
    try check("decode a picture") { avcodec_receive_frame(context, picture.av) }
    guard picture.width == frame.width, picture.height == frame.height,
      picture.pixelFormat == frame.pixelFormat.withoutImpliedRange
    else { return false }
    return picture.copyOfBytes == frame.copyOfBytes
  }
}
