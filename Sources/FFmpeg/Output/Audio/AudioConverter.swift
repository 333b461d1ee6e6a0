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
    _ frame: Frame, from offset: Int, count: Int, into encoder: inout AudioEncoder
  ) throws(FFmpegError) {
    try prepare(for: frame, &encoder)
    try run(frame, from: offset, count: count, into: &encoder)
  }

  /// Lets `count` samples of the source's rate be silent. Before the first samples there is nothing
  /// to be silent between.
  func silence(_ count: Int64, into encoder: inout AudioEncoder) throws(FFmpegError) {
    guard count > 0, let source else { return }
    let step = Int32(min(count, 1 << 14))
    let quiet = try source.frame(count: step)
    try check("make silence") {
      av_samples_set_silence(
        quiet.av.pointee.extended_data, 0, step, source.layout.av.nb_channels,
        source.sampleFormat)
    }
    var left = count
    while left > 0 {
      let now = min(left, Int64(step))
      try run(quiet, from: 0, count: Int(now), into: &encoder)
      left -= now
    }
  }

  /// Hands over what the resampler holds back.
  mutating func finish(into encoder: inout AudioEncoder) throws(FFmpegError) {
    guard let handle else { return }
    let frame = try target.frame(count: max(1, swr_get_out_samples(handle, 0)))
    let got = try check("resample audio") {
      swr_convert(handle, frame.av.pointee.extended_data, frame.av.pointee.nb_samples, nil, 0)
    }
    frame.av.pointee.nb_samples = got
    try encoder.take(frame)
    swr_free(&self.handle)
    source = nil
  }

  private func run(
    _ frame: Frame, from offset: Int, count: Int, into encoder: inout AudioEncoder
  ) throws(FFmpegError) {
    let format = AVSampleFormat(frame.av.pointee.format)
    let planar = av_sample_fmt_is_planar(format) != 0
    let channels = Int(frame.av.pointee.ch_layout.nb_channels)
    let bytes = Int(av_get_bytes_per_sample(format)) * (planar ? 1 : channels)
    var input: [UnsafePointer<UInt8>?] = (0..<(planar ? channels : 1)).map {
      UnsafePointer(frame.av.pointee.extended_data[$0]! + offset * bytes)
    }
    let room = try check("resample audio") { swr_get_out_samples(handle, Int32(count)) }
    guard room > 0 else { return }
    let result = try target.frame(count: room)
    result.av.pointee.nb_samples = try check("resample audio") {
      swr_convert(handle, result.av.pointee.extended_data, room, &input, Int32(count))
    }
    try encoder.take(result)
  }

  /// Builds the resampler for the first frame, and anew where the format or the channels change.
  private mutating func prepare(
    for frame: Frame, _ encoder: inout AudioEncoder
  ) throws(FFmpegError) {
    let format = AVSampleFormat(frame.av.pointee.format)
    if let source, source.sampleFormat == format,
      source.layout.isSame(as: frame.av.pointee.ch_layout)
    {
      return
    }
    try finish(into: &encoder)
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
  }
}
