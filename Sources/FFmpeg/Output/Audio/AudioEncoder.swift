import CFFmpeg

/// Encodes one continuous stream of samples.
struct AudioEncoder: ~Copyable {
  private let context: UnsafeMutablePointer<AVCodecContext>
  private let fifo: OpaquePointer
  private var ready: [Packet] = []
  /// The time of the next sample, in samples; nil before the first.
  private var clock: Int64?

  /// What `take` takes.
  let format: AudioFormat
  let parameters: StreamParameters

  init(
    _ settings: AudioEncoderSettings, for stream: StreamParameters, globalHeader: Bool
  ) throws(FFmpegError) {
    let names = settings.codec.encoders
    guard let codec = names.lazy.compactMap({ avcodec_find_encoder_by_name($0) }).first else {
      throw FFmpegError(
        code: vg_AVERROR_ENCODER_NOT_FOUND, operation: "encode \(settings.codec.rawValue)",
        detail: "looked for \(names.joined(separator: ", ")) in the linked libavcodec")
    }
    let format = try codec.bestAudioFormat(for: stream)
    let context = try allocated("open the encoder", avcodec_alloc_context3(codec))
    let parameters: StreamParameters
    let fifo: OpaquePointer
    do throws(FFmpegError) {
      context.pointee.sample_rate = format.sampleRate
      context.pointee.sample_fmt = format.sampleFormat
      try check("describe audio") {
        av_channel_layout_copy(&context.pointee.ch_layout, &format.layout.av)
      }
      context.pointee.time_base = AVRational(num: 1, den: format.sampleRate)
      context.pointee.thread_count = 1
      if let bitrate = settings.bitrate { context.pointee.bit_rate = bitrate }
      if globalHeader { context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
      if settings.bitexact { context.pointee.flags |= AV_CODEC_FLAG_BITEXACT }
      try check("open the encoder \(codec.codecName)") { avcodec_open2(context, codec, nil) }
      parameters = try StreamParameters(encoder: context)
      fifo = try allocated(
        "hold audio",
        av_audio_fifo_alloc(format.sampleFormat, format.layout.av.nb_channels, 4096))
    } catch {
      var context: UnsafeMutablePointer<AVCodecContext>? = context
      avcodec_free_context(&context)
      throw error
    }
    self.context = context
    self.parameters = parameters
    self.fifo = fifo
    self.format = format
  }

  deinit {
    av_audio_fifo_free(fifo)
    var context: UnsafeMutablePointer<AVCodecContext>? = context
    avcodec_free_context(&context)
  }

  /// Says, once, when the first sample plays: at `position` samples of `rate` a second.
  mutating func startIfNeeded(at position: Int64, of rate: Int32) {
    if clock == nil {
      clock = Ratio(1, rate).rescale(position, to: parameters.timebase)
    }
  }

  /// Takes the samples of `frame` as the next ones.
  mutating func take(_ frame: Frame) throws(FFmpegError) {
    let count = frame.av.pointee.nb_samples
    guard count > 0 else { return }
    try frame.av.pointee.extended_data.withMemoryRebound(
      to: UnsafeMutableRawPointer?.self, capacity: 1
    ) { data throws(FFmpegError) in
      _ = try check("hold audio") { av_audio_fifo_write(fifo, data, count) }
    }
    // Encoders of PCM take any number of samples.
    let size = context.pointee.frame_size > 0 ? context.pointee.frame_size : 1024
    while av_audio_fifo_size(fifo) >= size { try encode(count: size) }
  }

  mutating func finish() throws(FFmpegError) {
    let rest = av_audio_fifo_size(fifo)
    if rest > 0 { try encode(count: rest) }
    try check("end the audio") { avcodec_send_frame(context, nil) }
    try collect()
  }

  mutating func receive() throws(FFmpegError) -> Packet? {
    ready.isEmpty ? nil : ready.removeFirst()
  }

  private mutating func encode(count: Int32) throws(FFmpegError) {
    let frame = try format.frame(count: count)
    try frame.av.pointee.extended_data.withMemoryRebound(
      to: UnsafeMutableRawPointer?.self, capacity: 1
    ) { data throws(FFmpegError) in
      _ = try check("hold audio") { av_audio_fifo_read(fifo, data, count) }
    }
    let time = clock ?? 0
    frame.av.pointee.pts = time
    clock = time + Int64(count)
    try check("encode audio") { avcodec_send_frame(context, frame.av) }
    try collect()
  }

  private mutating func collect() throws(FFmpegError) {
    while true {
      let packet = try Packet()
      let result = avcodec_receive_packet(context, packet.av)
      if result == FFmpegError.tryAgain || result == FFmpegError.endOfFile { return }
      try check("encode audio") { result }
      ready.append(packet)
    }
  }
}

extension UnsafePointer<AVCodec> {
  /// What the encoder takes that is nearest to `stream`: no fewer samples a second, bits and
  /// channels where it can.
  fileprivate func bestAudioFormat(for stream: StreamParameters) throws(FFmpegError) -> AudioFormat
  {
    let rates = list(vg_encoder_sample_rates(self)) { $0 == 0 }
    let rate = Int32(stream.sampleRate)
    let bestRate =
      rates.isEmpty || rates.contains(rate)
      ? rate : rates.filter { $0 > rate }.min() ?? rates.max()!
    let formats = list(vg_encoder_sample_formats(self)) { $0 == AV_SAMPLE_FMT_NONE }
    let source = AVSampleFormat(stream.av.pointee.format)
    let bytes = av_get_bytes_per_sample(source)
    let bestFormat =
      formats.first { $0 == source }
      ?? formats.first { av_get_packed_sample_fmt($0) == av_get_packed_sample_fmt(source) }
      ?? formats.filter { av_get_bytes_per_sample($0) >= bytes }
      .min { av_get_bytes_per_sample($0) < av_get_bytes_per_sample($1) }
      ?? formats.max { av_get_bytes_per_sample($0) < av_get_bytes_per_sample($1) } ?? source
    return try AudioFormat(
      sampleRate: bestRate, sampleFormat: bestFormat, layout: bestLayout(for: stream))
  }

  private func bestLayout(for stream: StreamParameters) throws(FFmpegError) -> ChannelLayout {
    let wanted = try ChannelLayout(stream.av.pointee.ch_layout).known
    let layouts = list(vg_encoder_channel_layouts(self)) { $0.nb_channels == 0 }
    if layouts.isEmpty || layouts.contains(where: wanted.isSame(as:)) { return wanted }
    let channels = wanted.av.nb_channels
    return try ChannelLayout(
      layouts.first { $0.nb_channels == channels }
        ?? layouts.filter { $0.nb_channels < channels }.max { $0.nb_channels < $1.nb_channels }
        ?? layouts[0])
  }

  private func list<T>(_ first: UnsafePointer<T>?, until isEnd: (T) -> Bool) -> [T] {
    guard var item = first else { return [] }
    var all: [T] = []
    while !isEnd(item.pointee) {
      all.append(item.pointee)
      item += 1
    }
    return all
  }
}
