import CFFmpeg
import Foundation

/// Decodes one packet that is one picture, one thread; what is damaged is an error.
enum SinglePictureDecoder {
  /// - Parameter over: fills the memory that it is decoded onto with a byte.
  static func decode(
    _ bytes: [UInt8], _ id: AVCodecID, _ operation: String, over byte: UInt8 = 0
  ) throws(FFmpegError) -> Frame {
    guard let codec = avcodec_find_decoder(id) else {
      throw FFmpegError(invalid: operation, detail: "this libavcodec has no decoder for it")
    }
    var context: UnsafeMutablePointer<AVCodecContext>? = try allocated(
      operation, avcodec_alloc_context3(codec))
    defer { avcodec_free_context(&context) }
    let decoder = context!
    decoder.pointee.thread_count = 1
    decoder.pointee.err_recognition =
      AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER | AV_EF_EXPLODE
    decoder.pointee.max_pixels = Int64(Demuxer.mostPixels)
    if byte == 0 {
      decoder.pointee.get_buffer2 = { filledBuffer($0, $1, $2, 0) }
    } else {
      decoder.pointee.get_buffer2 = { filledBuffer($0, $1, $2, 0xff) }
    }
    try check(operation) { avcodec_open2(decoder, codec, nil) }
    let packet = try Packet()
    try check(operation) { av_new_packet(packet.av, Int32(clamping: bytes.count)) }
    bytes.withUnsafeBytes { source in
      UnsafeMutableRawBufferPointer(start: packet.av.pointee.data, count: bytes.count)
        .copyMemory(from: source)
    }
    let frame = try Frame()
    try check(operation) { avcodec_send_packet(decoder, packet.av) }
    try check(operation) { avcodec_send_packet(decoder, nil) }
    try check(operation) { avcodec_receive_frame(decoder, frame.av) }
    // Side data, such as an ICC profile, is not pixels.
    while frame.av.pointee.nb_side_data > 0 {
      av_frame_remove_side_data(frame.av, frame.av.pointee.side_data[0]!.pointee.type)
    }
    return frame
  }
}

/// libavcodec's own buffers for a picture, one a plane, filled.
private func filledBuffer(
  _ context: UnsafeMutablePointer<AVCodecContext>?, _ frame: UnsafeMutablePointer<AVFrame>?,
  _ flags: Int32, _ byte: Int32
) -> Int32 {
  let result = avcodec_default_get_buffer2(context, frame, flags)
  guard result >= 0, let frame else { return result }
  let buffers = frame.pointee.buf
  for case let buffer? in [buffers.0, buffers.1, buffers.2, buffers.3] {
    memset(buffer.pointee.data, byte, buffer.pointee.size)
  }
  return result
}
