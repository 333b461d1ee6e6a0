import CFFmpeg

/// Decodes one video stream of a file: every frame once, in presentation order, upright.
///
/// Not `Sendable`, and a class only so that pools can hold it: one task uses it at a time.
public final class VideoReader {
  public struct Options: Sendable {
    /// The stream's index; nil takes the one the `ffmpeg` program would take.
    public var stream: Int?
    /// Threads of the decoder; 0 lets libavcodec decide.
    public var threads: Int
    /// Leave out what does not decode, and count it, instead of throwing.
    public var skipsDamage: Bool
    /// The bytes of the file that are taken for the whole; nil takes all.
    public var part: Range<Int64>?
    /// Pictures with more pixels as they are coded are not decoded, which is an error.
    public var mostPixels = Demuxer.mostPixels

    public init(stream: Int? = nil, threads: Int = 0, skipsDamage: Bool = false) {
      self.stream = stream
      self.threads = threads
      self.skipsDamage = skipsDamage
    }
  }

  public let path: String
  public let stream: StreamInfo
  public var info: MediaInfo { demuxer.info }
  /// Times something did not decode so far; above 0 only with `skipsDamage`.
  public private(set) var damageCount = 0
  /// Why the end of the file came too early, where it did; known at the end, with `skipsDamage`.
  public private(set) var missingPart: String?

  private let demuxer: Demuxer
  private let options: Options
  private var decoder: UnsafeMutablePointer<AVCodecContext>?
  private let packet: UnsafeMutablePointer<AVPacket>
  private var state = State.reading
  private var rotator: Rotator?
  private var lastPTS: Int64?
  /// Errors of reading since the last packet that came.
  private var readErrors = 0

  private enum State { case reading, draining, ended }

  /// Opens the file and its decoder.
  ///
  /// - Throws: `FFmpegError` where there is no such file, container, video stream or decoder.
  public init(path: String, options: Options = .init()) throws(FFmpegError) {
    self.path = path
    self.options = options
    demuxer = try Demuxer(path: path, part: options.part, mostPixels: options.mostPixels)
    let operation = "decode '\(path)'"
    guard let index = options.stream ?? demuxer.bestVideoStream else {
      throw FFmpegError(invalid: operation, detail: "it has no video stream")
    }
    guard demuxer.info.streams.indices.contains(index),
      demuxer.info.streams[index].kind == .video
    else {
      throw FFmpegError(invalid: operation, detail: "its stream \(index) is not a video stream")
    }
    stream = demuxer.info.streams[index]
    packet = try allocated(operation, av_packet_alloc())
    demuxer.select([index])
    decoder = try Self.openDecoder(demuxer, stream, options, operation)
  }

  deinit {
    avcodec_free_context(&decoder)
    var packet: UnsafeMutablePointer<AVPacket>? = packet
    av_packet_free(&packet)
  }

  private static func openDecoder(
    _ demuxer: Demuxer, _ stream: StreamInfo, _ options: Options, _ operation: String
  ) throws(FFmpegError) -> UnsafeMutablePointer<AVCodecContext> {
    let av = demuxer.context.pointee.streams[stream.index]!
    guard let codec = avcodec_find_decoder(av.pointee.codecpar.pointee.codec_id) else {
      throw FFmpegError(
        invalid: operation, detail: "this libavcodec has no decoder for '\(stream.codec)'")
    }
    var context: UnsafeMutablePointer<AVCodecContext>? = try allocated(
      operation, avcodec_alloc_context3(codec))
    do {
      try check(operation) { avcodec_parameters_to_context(context, av.pointee.codecpar) }
      let decoder = context!
      decoder.pointee.pkt_timebase = av.pointee.time_base
      decoder.pointee.thread_count = Int32(options.threads)
      decoder.pointee.max_pixels = Int64(options.mostPixels)
      // Where a codec does not fix its inverse transform, take the portable one.
      decoder.pointee.idct_algo = Int32(FF_IDCT_SIMPLE)
      try check(operation) { avcodec_open2(decoder, codec, nil) }
      return decoder
    } catch {
      avcodec_free_context(&context)
      throw error
    }
  }

  /// The next frame, with its pts and duration in ticks of `stream.timebase`; nil at the end.
  ///
  /// Times strictly increase: a frame without a timestamp follows the one before it by one tick of
  /// the frame rate, and one whose timestamp is not later than its predecessor's is moved behind it.
  /// The duration is the container's or codec's word, else one tick of the frame rate, else 1.
  ///
  /// - Throws: `FFmpegError` where data does not decode or the file ends too early, unless
  ///   `skipsDamage`; always where reading fails.
  public func next() throws(FFmpegError) -> Frame? {
    while state != .ended {
      let frame = try Frame()
      Log.clear()
      let result = avcodec_receive_frame(decoder, frame.av)
      if result >= 0 {
        guard frame.isCorrupt else { return try finish(frame) }
        try damaged("a frame at \(frame.bestEffortPTS.map { "\($0)" } ?? "?") is damaged")
        continue
      }
      if result == FFmpegError.endOfFile {
        state = .ended
        try checkEnd()
      } else if result == FFmpegError.tryAgain {
        try feed()
      } else {
        try damaged(Log.last ?? FFmpegError(code: result, operation: "").message)
      }
    }
    return nil
  }

  /// Goes to the key frame at or before `ticks`. Some files overshoot: compare the times of what
  /// comes next, and open the file again where they are later than wanted.
  public func seek(before ticks: Int64) throws(FFmpegError) {
    try demuxer.seek(stream: stream.index, before: ticks)
    avcodec_flush_buffers(decoder)
    state = .reading
    lastPTS = nil
  }

  private func feed() throws(FFmpegError) {
    guard state == .reading else { return }
    do {
      guard try demuxer.read(into: packet) else {
        state = .draining
        avcodec_send_packet(decoder, nil)
        return
      }
    } catch {
      guard options.skipsDamage, error.code == FFmpegError.invalidData else { throw error }
      damageCount += 1
      readErrors += 1
      // libavformat goes on where it can; errors for ever are an end.
      if readErrors > 10_000 { state = .draining; avcodec_send_packet(decoder, nil) }
      return
    }
    readErrors = 0
    defer { av_packet_unref(packet) }
    // A transport stream says so of every jump of its counters, such as where two were joined;
    // whether data is missing, the decoder finds out.
    if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0, info.container != "mpegts" {
      try damaged("a packet is cut short or damaged")
    }
    Log.clear()
    let result = avcodec_send_packet(decoder, packet)
    if result < 0, result != FFmpegError.endOfFile {
      try damaged(Log.last ?? FFmpegError(code: result, operation: "").message)
    }
  }

  private func damaged(_ what: String) throws(FFmpegError) {
    guard options.skipsDamage else {
      throw FFmpegError(invalid: "decode '\(path)'", detail: what)
    }
    damageCount += 1
  }

  private func checkEnd() throws(FFmpegError) {
    guard let missing = demuxer.missingPart else { return }
    missingPart = missing
    guard options.skipsDamage else {
      throw FFmpegError(invalid: "decode '\(path)' to its end", detail: missing)
    }
  }

  private func finish(_ frame: Frame) throws(FFmpegError) -> Frame {
    guard !frame.pixelFormat.isHardware else {
      throw FFmpegError(invalid: "decode '\(path)'", detail: "its frames lie in a device's memory")
    }
    let duration = frame.duration > 0 ? frame.duration : nominalDuration
    var pts = frame.bestEffortPTS ?? lastPTS.map { $0 + nominalDuration } ?? stream.startTime ?? 0
    if let lastPTS { pts = max(pts, lastPTS + 1) }
    lastPTS = pts
    let matrix =
      DisplayMatrix(frame: frame.av)
      ?? DisplayMatrix(stream: demuxer.context.pointee.streams[stream.index]!)
    guard let matrix, !matrix.uprightFilters.isEmpty else {
      frame.av.pointee.pts = pts
      vg_frame_set_duration(frame.av, duration)
      return frame
    }
    if rotator?.matches(frame, matrix) != true {
      rotator = try Rotator(frame, matrix, timebase: stream.timebase)
    }
    let upright = try rotator!.turn(frame)
    upright.av.pointee.pts = pts
    vg_frame_set_duration(upright.av, duration)
    return upright
  }

  /// One tick of the guessed frame rate, in ticks of the timebase; 1 where no rate is known.
  private lazy var nominalDuration: Int64 = {
    let rate = Ratio(
      av_guess_frame_rate(
        demuxer.context, demuxer.context.pointee.streams[stream.index]!, nil))
    return rate.isValid ? max(1, Ratio(rate.den, rate.num).rescale(1, to: stream.timebase)) : 1
  }()
}

/// Turns frames upright, as their display matrix says.
private final class Rotator {
  private let graph: FilterGraph
  private let matrix: DisplayMatrix
  private var count: Int64 = 0

  init(_ frame: Frame, _ matrix: DisplayMatrix, timebase: Ratio) throws(FFmpegError) {
    let nodes = matrix.uprightFilters
    self.matrix = matrix
    graph = try FilterGraph(
      nodes: nodes, links: FilterGraph.Link.chain(count: nodes.count),
      input: .init(frame, timebase: timebase), largestSide: 32768)
  }

  func matches(_ frame: Frame, _ matrix: DisplayMatrix) -> Bool {
    self.matrix == matrix && graph.input.width == frame.width
      && graph.input.height == frame.height && graph.input.pixelFormat == frame.pixelFormat
  }

  func turn(_ frame: Frame) throws(FFmpegError) -> Frame {
    try graph.push(try frame.with(pts: count))
    count += 1
    guard let upright = try graph.pull() else {
      throw FFmpegError(invalid: "turn a frame upright", detail: "the filter gave no frame")
    }
    av_frame_remove_side_data(upright.av, AV_FRAME_DATA_DISPLAYMATRIX)
    return upright
  }
}
