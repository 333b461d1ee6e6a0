import CFFmpeg

/// A titled part of a file.
public struct Chapter: Sendable, Equatable {
  /// Ticks of `timebase`, half open.
  public var start: Int64
  public var end: Int64
  public var timebase: Ratio
  public var title: String?

  public init(start: Int64, end: Int64, timebase: Ratio, title: String?) {
    self.start = start
    self.end = end
    self.timebase = timebase
    self.title = title
  }
}

extension Muxer {
  /// Adds a stream whose packets come as they are from another file, or from an encoder. Its
  /// language, title and disposition travel along unless others are given.
  ///
  /// - Returns: the index for `write`.
  public mutating func addStream(
    copying parameters: StreamParameters, metadata: [String: String]? = nil,
    disposition: Disposition? = nil
  ) throws(FFmpegError) -> Int {
    guard format.canHold(parameters) else {
      throw FFmpegError(
        invalid: "put \(parameters.codec) into \(format.name)",
        detail: "the container has no place for it")
    }
    let stream = try allocated("add a stream", avformat_new_stream(context, nil))
    try check("add a stream") {
      avcodec_parameters_copy(stream.pointee.codecpar, parameters.av)
    }
    stream.pointee.codecpar.pointee.codec_tag = tag(of: parameters)
    stream.pointee.time_base = parameters.timebase.av
    stream.pointee.avg_frame_rate = parameters.frameRate
    stream.pointee.sample_aspect_ratio = parameters.av.pointee.sample_aspect_ratio
    stream.pointee.disposition = (disposition ?? parameters.disposition).rawValue
    try (metadata ?? parameters.metadata.travelling).add(to: &stream.pointee.metadata)
    for data in parameters.sideData { try data.add(to: stream) }
    // The MP4 family keeps durations in 32 bits.
    timing.append(
      StreamTiming(
        timebase: parameters.timebase, strict: format.av.pointee.isStrict,
        longestDuration: format.isISOBaseMedia ? Int64(Int32.max) : Ratio.limit))
    return Int(stream.pointee.index)
  }

  /// Adds the stream that `encoder` makes.
  public mutating func addStream(
    _ encoder: borrowing VideoEncoder, metadata: [String: String] = [:],
    disposition: Disposition = .default
  ) throws(FFmpegError) -> Int {
    try addStream(copying: encoder.parameters, metadata: metadata, disposition: disposition)
  }

  /// Metadata of the whole file: "title", "comment", ... A container keeps the keys that it knows.
  public mutating func setMetadata(_ metadata: [String: String]) throws(FFmpegError) {
    try metadata.add(to: &context.pointee.metadata)
  }

  public mutating func addChapters(_ chapters: [Chapter]) throws(FFmpegError) {
    for (index, chapter) in chapters.enumerated() {
      try check("add the chapter \(index + 1)") {
        vg_muxer_add_chapter(
          context, Int64(index), chapter.timebase.av, chapter.start, chapter.end, chapter.title)
      }
    }
  }

  /// Writes what stands before the packets. No stream can be added after it.
  ///
  /// - Parameter indexRoom: bytes that are kept before the packets for the index of a file of the MP4
  ///   family, which a browser wants to have first; `finish` fails where they are too few. nil puts
  ///   the index behind the packets.
  public mutating func writeHeader(indexRoom: Int? = nil) throws(FFmpegError) {
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    if format.isISOBaseMedia {
      if let indexRoom {
        try check("keep room for the index") {
          av_dict_set_int(&options, "moov_size", Int64(indexRoom), 0)
        }
      }
      // The edit list, which holds offsets between streams, is in ticks of this; its default of
      // 1/1000 s is too coarse.
      try check("choose a timebase") {
        av_dict_set_int(&options, "movie_timescale", movieTimescale, 0)
      }
    }
    try checkWrite("write the header of \(format.name)") {
      avformat_write_header(context, &options)
    }
  }

  /// Seconds a tick of the stream's times in the file; valid after `writeHeader`.
  public func timebase(ofStream stream: Int) -> Ratio {
    Ratio(context.pointee.streams[stream]!.pointee.time_base)
  }

  /// Whether the file keeps every time of the stream exactly; valid after `writeHeader`.
  public func exactTimebase(ofStream stream: Int) -> Bool {
    timing[stream].timebase.isMultiple(of: timebase(ofStream: stream))
  }

  /// The first of the streams' clocks that all others fit into, or the video's.
  private var movieTimescale: Int64 {
    let video = timing.indices.first {
      context.pointee.streams[$0]!.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
    }
    var scale = Int64((video ?? timing.indices.first).map { timing[$0].timebase.den } ?? 1000)
    for stream in timing.indices {
      let parameters = context.pointee.streams[stream]!.pointee.codecpar.pointee
      let clock = Int64(
        parameters.codec_type == AVMEDIA_TYPE_AUDIO && parameters.sample_rate > 0
          ? parameters.sample_rate : timing[stream].timebase.den)
      let common = scale / av_gcd(scale, clock) * clock
      if common <= 1 << 30 { scale = common }
    }
    return max(scale, 1000)
  }

  /// The codec's tag where the container knows it under this codec, or has no other for it.
  private func tag(of parameters: StreamParameters) -> UInt32 {
    let tag = parameters.av.pointee.codec_tag
    let id = parameters.av.pointee.codec_id
    guard let tags = format.av.pointee.codec_tag else { return tag }
    var other: UInt32 = 0
    if av_codec_get_id(tags, tag) == id || av_codec_get_tag2(tags, id, &other) == 0 { return tag }
    return 0
  }
}

extension AVOutputFormat {
  /// Decoding times must rise, not only not fall.
  fileprivate var isStrict: Bool { flags & AVFMT_TS_NONSTRICT == 0 }
}

extension [String: String] {
  /// Without what describes the file that the stream came from.
  fileprivate var travelling: [String: String] {
    filter { key, _ in
      let key = key.lowercased()
      return !key.hasPrefix("_statistics") && !key.hasPrefix("duration")
        && !key.hasPrefix("number_of_") && !key.hasPrefix("bps") && key != "encoder"
        && key != "vendor_id"
    }
  }
}
