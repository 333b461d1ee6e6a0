import CFFmpeg

/// Decodes an audio stream and says which sample each frame starts with.
struct AudioDecoder: ~Copyable {
  private let context: UnsafeMutablePointer<AVCodecContext>
  private let timebase: Ratio
  /// Where the next frame starts if it follows on the last.
  private var expected: Int64?

  /// Samples a second.
  let sampleRate: Int32

  init(_ stream: StreamParameters) throws(FFmpegError) {
    let name = stream.codec
    guard stream.kind == .audio, stream.sampleRate > 0, stream.channels > 0 else {
      throw FFmpegError(invalid: "decode audio", detail: "the stream has no audio that is known")
    }
    guard let codec = avcodec_find_decoder(stream.av.pointee.codec_id) else {
      throw FFmpegError(
        invalid: "decode \(name)", detail: "the linked libavcodec has no decoder for it")
    }
    let context = try allocated("decode \(name)", avcodec_alloc_context3(codec))
    do throws(FFmpegError) {
      try check("decode \(name)") { avcodec_parameters_to_context(context, stream.av) }
      context.pointee.pkt_timebase = stream.timebase.av
      context.pointee.thread_count = 1
      try check("decode \(name)") { avcodec_open2(context, codec, nil) }
    } catch {
      var context: UnsafeMutablePointer<AVCodecContext>? = context
      avcodec_free_context(&context)
      throw error
    }
    self.context = context
    timebase = stream.timebase
    sampleRate = Int32(stream.sampleRate)
  }

  deinit {
    var context: UnsafeMutablePointer<AVCodecContext>? = context
    avcodec_free_context(&context)
  }

  mutating func discontinuity() {
    avcodec_flush_buffers(context)
    expected = nil
  }

  /// false where the packet cannot be decoded.
  func send(_ packet: Packet) throws(FFmpegError) -> Bool {
    let result = avcodec_send_packet(context, packet.av)
    guard result == vg_averror(ENOMEM) else { return result >= 0 }
    throw FFmpegError(code: result, operation: "decode audio")
  }

  func finish() throws(FFmpegError) {
    try check("end the audio") { avcodec_send_packet(context, nil) }
  }

  /// The next frame and the number of its first sample, counted from time 0; nil where the decoder
  /// wants another packet.
  mutating func receive() throws(FFmpegError) -> (Frame, Int64)? {
    let frame = try Frame()
    while true {
      let result = avcodec_receive_frame(context, frame.av)
      if result == FFmpegError.tryAgain || result == FFmpegError.endOfFile { return nil }
      if result == vg_averror(ENOMEM) {
        throw FFmpegError(code: result, operation: "decode audio")
      }
      // What is damaged is passed over, as `ffmpeg` does; the times of what follows still hold.
      if result >= 0 { break }
    }
    guard frame.av.pointee.sample_rate == sampleRate else {
      throw FFmpegError(
        invalid: "cut the audio",
        detail: "it changes from \(sampleRate) to \(frame.av.pointee.sample_rate) samples a second")
    }
    let start = position(of: frame)
    expected = start + Int64(frame.av.pointee.nb_samples)
    return (frame, start)
  }

  private func position(of frame: Frame) -> Int64 {
    guard let pts = frame.bestEffortPTS ?? frame.pts else { return expected ?? 0 }
    let clock = Ratio(1, sampleRate)
    let said = timebase.rescale(pts, to: clock)
    guard let expected else { return said }
    // Times in coarse ticks (Matroska's milliseconds) jitter by rounding; the samples do not.
    let tolerance =
      timebase.isMultiple(of: clock) && timebase.num == 1 && timebase.den == sampleRate
      ? 0 : 2 * timebase.rescale(1, to: clock) + 1
    return abs(said - expected) <= tolerance ? expected : said
  }
}
