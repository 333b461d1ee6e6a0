import CFFmpeg

/// An opened media file: its streams, and its packets in the order they lie in the file.
///
/// Not `Sendable`, and a class only so that readers can share it: one task uses it at a time.
public final class Demuxer {
  public let path: String
  public let info: MediaInfo
  let context: UnsafeMutablePointer<AVFormatContext>
  let input: FileInput
  private var selected: Set<Int>?

  /// Containers that hold pictures and sound themselves. Playlists and scripts, which name other
  /// files or addresses (hls, dash, concat, ...), are not among them.
  private static let containers = [
    "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi", "mpegts", "mpeg", "mpegvideo", "flv",
    "asf", "ogg", "nut", "mxf", "h264", "hevc", "m4v", "av1", "obu", "ivf", "dv", "gif", "apng",
    "yuv4mpegpipe", "wtv", "rm", "vc1", "vc1test", "mjpeg", "mjpeg_2000", "dirac", "gxf", "nsv",
    "nuv", "roq", "smjpeg", "swf", "h263", "h261", "cavsvideo", "vvc", "evc",
    "png_pipe", "jpeg_pipe", "webp_pipe", "tiff_pipe", "bmp_pipe", "ppm_pipe", "pgm_pipe",
    "pam_pipe", "exr_pipe", "dpx_pipe", "j2k_pipe", "jpegxl_pipe", "qoi_pipe", "webp",
    "wav", "mp3", "aac", "flac", "w64", "aiff", "ac3", "eac3", "caf",
  ].joined(separator: ",")

  /// Decoded pictures may have at most this many pixels.
  public static let mostPixels = 16384 * 16384

  /// Opens `path` and reads enough of it to know its streams.
  ///
  /// - Parameters:
  ///   - part: the bytes of the file that are taken for the whole; nil takes all.
  ///   - mostPixels: of a picture that is decoded to find out about its stream.
  /// - Throws: `FFmpegError` where the file cannot be read or is none of the known containers.
  public init(
    path: String, part: Range<Int64>? = nil, mostPixels: Int = Demuxer.mostPixels
  ) throws(FFmpegError) {
    self.path = path
    let operation = "read '\(path)'"
    let input = try FileInput(path: path, part: part)
    let context = try allocated(operation, avformat_alloc_context())
    context.pointee.pb = input.context
    context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
    context.pointee.max_streams = 64
    context.pointee.io_open = { _, _, _, _, _ in vg_averror(EACCES) }
    context.pointee.format_whitelist = av_strdup(Self.containers)
    context.pointee.protocol_whitelist = av_strdup("none")
    var opened: UnsafeMutablePointer<AVFormatContext>? = context
    Log.clear()
    let result = avformat_open_input(&opened, nil, nil, nil)
    guard result >= 0, let opened else {
      if input.failure != 0 {
        throw FFmpegError(code: vg_averror(input.failure), operation: operation)
      }
      if Log.last?.contains("not on whitelist") == true {
        throw FFmpegError(
          invalid: operation,
          detail: "it is no container of video, or a list that names other files")
      }
      throw Self.failure(result, operation)
    }
    do {
      try Self.findStreams(opened, mostPixels, operation)
    } catch {
      var context: UnsafeMutablePointer<AVFormatContext>? = opened
      avformat_close_input(&context)
      throw error
    }
    self.context = opened
    self.input = input
    self.info = MediaInfo(opened.pointee)
  }

  deinit {
    var context: UnsafeMutablePointer<AVFormatContext>? = context
    avformat_close_input(&context)
  }

  private static func findStreams(
    _ context: UnsafeMutablePointer<AVFormatContext>, _ mostPixels: Int, _ operation: String
  ) throws(FFmpegError) {
    let count = Int(context.pointee.nb_streams)
    var options = [OpaquePointer?](repeating: nil, count: max(count, 1))
    for index in options.indices {
      av_dict_set_int(&options[index], "max_pixels", Int64(mostPixels), 0)
      av_dict_set_int(&options[index], "threads", 1, 0)
    }
    defer { for index in options.indices { av_dict_free(&options[index]) } }
    Log.clear()
    let result = avformat_find_stream_info(context, &options)
    guard result >= 0 else { throw failure(result, operation) }
  }

  /// Where the disk gave all that it was asked for, libavformat's EIO means data that ends in
  /// mid-word.
  private static func failure(_ code: Int32, _ operation: String) -> FFmpegError {
    guard code == vg_averror(EIO) else {
      return FFmpegError(code: code, operation: operation, detail: Log.last)
    }
    return FFmpegError(invalid: operation, detail: "it ends before its streams are known")
  }

  /// The video stream that the `ffmpeg` program takes by itself: the most pixels, default streams
  /// first (`open_output_file` in fftools 5.1). Cover pictures are not taken.
  public var bestVideoStream: Int? {
    var best: (index: Int, score: Int)?
    for stream in info.streams {
      guard let video = stream.video, !stream.isAttachedPicture else { continue }
      let events = context.pointee.streams[stream.index]!.pointee.event_flags
      let score =
        video.width * video.height
        + (events & AVSTREAM_EVENT_FLAG_NEW_PACKETS != 0 ? 100_000_000 : 0)
        + (stream.isDefault ? 5_000_000 : 0)
      if score > best?.score ?? 0 { best = (stream.index, score) }
    }
    return best?.index
  }

  /// Reads only these streams; packets of others are dropped early.
  public func select(_ streams: Set<Int>) {
    selected = streams
    for index in info.streams.indices {
      context.pointee.streams[index]!.pointee.discard =
        streams.contains(index) ? AVDISCARD_DEFAULT : AVDISCARD_ALL
    }
  }

  /// Reads the next packet of any selected stream into `packet`; false at the end of the file.
  func read(into packet: UnsafeMutablePointer<AVPacket>) throws(FFmpegError) -> Bool {
    while true {
      Log.clear()
      let result = av_read_frame(context, packet)
      if input.failure != 0 {
        throw FFmpegError(code: vg_averror(input.failure), operation: "read '\(path)'")
      }
      if result == FFmpegError.endOfFile { return false }
      guard result >= 0 else {
        throw FFmpegError(code: result, operation: "read '\(path)'", detail: Log.last)
      }
      Self.boundTimes(packet)
      // Packets that were read to find out about the streams come whatever was selected since.
      if selected?.contains(Int(packet.pointee.stream_index)) ?? true { return true }
      av_packet_unref(packet)
    }
  }

  /// A time that no video comes near is as good as none.
  private static func boundTimes(_ packet: UnsafeMutablePointer<AVPacket>) {
    packet.pointee.pts = Ratio.bounded(packet.pointee.pts) ?? vg_AV_NOPTS_VALUE
    packet.pointee.dts = Ratio.bounded(packet.pointee.dts) ?? vg_AV_NOPTS_VALUE
    packet.pointee.duration = Ratio.bounded(packet.pointee.duration) ?? 0
  }

  /// The next packet of any selected stream; nil at the end of the file.
  public func next() throws(FFmpegError) -> Packet? {
    let packet = try Packet()
    return try read(into: packet.av) ? packet : nil
  }

  /// What a stream is, to copy it elsewhere.
  public func parameters(of stream: Int) throws(FFmpegError) -> StreamParameters {
    try StreamParameters(copying: context.pointee.streams[stream]!)
  }

  /// Goes to the key frame at or before `ticks` of that stream's timebase. Some files overshoot:
  /// compare the times of what comes next.
  public func seek(stream: Int, before ticks: Int64) throws(FFmpegError) {
    try check("seek in '\(path)'") {
      av_seek_frame(context, Int32(stream), ticks, AVSEEK_FLAG_BACKWARD)
    }
  }

  /// What the container's index or header promises and the file does not hold: nil where the file
  /// seems whole.
  var missingPart: String? {
    if info.container.hasPrefix("matroska"), let end = input.matroskaEnd, end > input.size {
      return "its header promises \(end) bytes, it has \(input.size)"
    }
    guard info.container.hasPrefix("mov") else { return nil }
    for stream in info.streams {
      let pointer = context.pointee.streams[stream.index]!
      let count = avformat_index_get_entries_count(pointer)
      guard count > 0, let entry = avformat_index_get_entry(pointer, count - 1) else { continue }
      let size = Int64(vg_index_entry_size(entry))
      if entry.pointee.pos > input.size - size {
        return "its index points past the end of the file"
      }
    }
    return nil
  }
}
