import CFFmpeg

/// Writes packets into a container.
///
/// Streams first, then `writeHeader`, packets, `finish`. Sequential: one owner, not `Sendable`. A
/// muxer that is dropped before `finish` leaves an unfinished file for its owner to remove.
public struct Muxer: ~Copyable {
  let context: UnsafeMutablePointer<AVFormatContext>
  let sink: Sink
  private var io: UnsafeMutablePointer<AVIOContext>?
  var timing: [StreamTiming] = []
  private var bytesIn: Int64 = 0

  public let format: ContainerFormat

  /// How many bytes of packets may wait for the other streams before they are written as they came.
  public static let queueLimit: Int64 = 64 << 20

  /// Creates or empties the file at `path`. `bitexact` leaves out dates, random numbers and the
  /// library's version, so that the same packets give the same file.
  public init(path: String, format: ContainerFormat, bitexact: Bool = false) throws(FFmpegError) {
    try self.init(FileSink(path: path), format: format, bitexact: bitexact)
  }

  init(_ sink: Sink, format: ContainerFormat, bitexact: Bool) throws(FFmpegError) {
    let io = try sink.context()
    var context: UnsafeMutablePointer<AVFormatContext>?
    do throws(FFmpegError) {
      try check("write \(format.name)") {
        avformat_alloc_output_context2(&context, format.av, nil, nil)
      }
    } catch {
      var io: UnsafeMutablePointer<AVIOContext>? = io
      vg_avio_free(&io)
      throw error
    }
    self.context = context!
    self.io = io
    self.sink = sink
    self.format = format
    self.context.pointee.pb = io
    self.context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
    // A second is enough for streams that are fed side by side, and a sparse stream of subtitles
    // holds no more than that in memory.
    self.context.pointee.max_interleave_delta = 1_000_000
    if bitexact { self.context.pointee.flags |= AVFMT_FLAG_BITEXACT }
    vg_muxer_refuse_files(self.context)
  }

  deinit {
    context.pointee.pb = nil
    avformat_free_context(context)
    var io = io
    vg_avio_free(&io)
  }

  /// Encoders for this file must put their headers beside the packets.
  public var needsGlobalHeaders: Bool { format.needsGlobalHeaders }

  /// Adds a packet in the ticks of `timebase`. The packet is not changed.
  ///
  /// Times are rounded to the container's ticks where it cannot hold them (`exactTimebase`), the end
  /// of the packet like its start, and decoding times that fall together are moved apart as the
  /// container demands.
  public mutating func write(
    _ packet: Packet, to stream: Int, timebase: Ratio
  ) throws(FFmpegError) {
    let copy = try packet.shifted(by: 0)
    let target = Ratio(context.pointee.streams[stream]!.pointee.time_base)
    try timing[stream].place(copy.av, from: timebase, to: target)
    copy.av.pointee.stream_index = Int32(stream)
    copy.av.pointee.pos = -1
    bytesIn += Int64(packet.size)
    try checkWrite("write a packet of \(packet.size) bytes") {
      av_interleaved_write_frame(context, copy.av)
    }
    if bytesIn - sink.size > Self.queueLimit {
      try checkWrite("write what waits") { av_interleaved_write_frame(context, nil) }
      bytesIn = sink.size
    }
  }

  /// Writes what waits and the trailer, brings the file to the disk and closes it.
  public consuming func finish() throws(FFmpegError) {
    try checkWrite("finish the file") { av_write_trailer(context) }
    try checkWrite("finish the file") {
      avio_flush(context.pointee.pb)
      return context.pointee.pb.pointee.error
    }
    if let file = sink as? FileSink, let code = file.sync() {
      throw FFmpegError(code: vg_averror(code), operation: "bring the file to the disk")
    }
  }

  /// Like `check`, and the sink's own failure comes first: the muxers report it as anything or, when
  /// it happens in a buffer, not at all.
  func checkWrite(_ operation: String, _ call: () -> Int32) throws(FFmpegError) {
    Log.clear()
    let result = call()
    if let code = sink.failure {
      throw FFmpegError(code: vg_averror(code), operation: operation)
    }
    guard result < 0 else { return }
    throw FFmpegError(code: result, operation: operation, detail: Log.last)
  }
}
