import CFFmpeg

/// Brings samples into an encoder's format, as one continuous stream, with libswresample.
struct AudioConverter: ~Copyable {
  private let target: AudioFormat
  private var source: AudioFormat?
  private var handle: OpaquePointer?

  init(to target: AudioFormat) {
    self.target = target
  }

  deinit {
    var handle = handle
    swr_free(&handle)
  }

  /// Converts `count` samples of `frame`, starting with the one at `offset`.
  mutating func convert(
    _ frame: Frame, from offset: Int, count: Int
  ) throws(FFmpegError) -> [Frame] {
    let rest = try prepare(for: frame)
    return rest + (try run(frame, from: offset, count: count))
  }

  /// What the resampler holds back. What follows is converted anew.
  mutating func finish() throws(FFmpegError) -> [Frame] {
    guard let handle else { return [] }
    let frame = try target.frame(count: max(1, swr_get_out_samples(handle, 0)))
    let got = try check("resample audio") {
      swr_convert(handle, frame.av.pointee.extended_data, frame.av.pointee.nb_samples, nil, 0)
    }
    frame.av.pointee.nb_samples = got
    swr_free(&self.handle)
    source = nil
    return got > 0 ? [frame] : []
  }

  private func run(
    _ frame: Frame, from offset: Int, count: Int
  ) throws(FFmpegError) -> [Frame] {
    let format = AVSampleFormat(frame.av.pointee.format)
    let planar = av_sample_fmt_is_planar(format) != 0
    let channels = Int(frame.av.pointee.ch_layout.nb_channels)
    let bytes = Int(av_get_bytes_per_sample(format)) * (planar ? 1 : channels)
    var input: [UnsafePointer<UInt8>?] = (0..<(planar ? channels : 1)).map {
      UnsafePointer(frame.av.pointee.extended_data[$0]! + offset * bytes)
    }
    let room = try check("resample audio") { swr_get_out_samples(handle, Int32(count)) }
    guard room > 0 else { return [] }
    let result = try target.frame(count: room)
    result.av.pointee.nb_samples = try check("resample audio") {
      swr_convert(handle, result.av.pointee.extended_data, room, &input, Int32(count))
    }
    return result.sampleCount > 0 ? [result] : []
  }

  /// Builds the resampler for the first frame, and anew where the format or the channels change.
  ///
  /// - Returns: what the old one held back.
  private mutating func prepare(for frame: Frame) throws(FFmpegError) -> [Frame] {
    let format = AVSampleFormat(frame.av.pointee.format)
    if let source, source.sampleFormat == format,
      source.layout.isSame(as: frame.av.pointee.ch_layout)
    {
      return []
    }
    let rest = try finish()
    let layout = try ChannelLayout(frame.av.pointee.ch_layout)
    let known = try layout.known
    let rate = frame.av.pointee.sample_rate
    try check("resample audio") {
      swr_alloc_set_opts2(
        &handle, &target.layout.av, target.sampleFormat, target.sampleRate, &known.av, format,
        rate, 0, nil)
    }
    try check("resample audio") { swr_init(handle) }
    source = AudioFormat(sampleRate: rate, sampleFormat: format, layout: layout)
    return rest
  }
}
