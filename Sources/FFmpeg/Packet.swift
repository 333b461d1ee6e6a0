import CFFmpeg

/// One piece of a coded stream: a picture, some samples, a subtitle.
///
/// `@unchecked Sendable`: immutable once it is handed on; the bytes of an `AVPacket` are reference
/// counted and are never written through a `Packet`.
public final class Packet: @unchecked Sendable {
  let av: UnsafeMutablePointer<AVPacket>

  /// Takes ownership of `packet`.
  init(owning packet: UnsafeMutablePointer<AVPacket>) {
    av = packet
  }

  /// An empty packet, for a C call to fill.
  convenience init() throws(FFmpegError) {
    self.init(owning: try allocated("allocate a packet", av_packet_alloc()))
  }

  deinit {
    var packet: UnsafeMutablePointer<AVPacket>? = av
    av_packet_free(&packet)
  }

  /// The presentation time in ticks of its stream's timebase; nil where it has none.
  public var pts: Int64? { Frame.time(av.pointee.pts) }

  /// The decoding time in ticks of its stream's timebase; nil where it has none.
  public var dts: Int64? { Frame.time(av.pointee.dts) }

  /// How long it lasts, in the same ticks; 0 where unknown.
  public var duration: Int64 { av.pointee.duration }

  /// Decoding can start here.
  public var isKey: Bool { av.pointee.flags & AV_PKT_FLAG_KEY != 0 }

  /// Decode it, then throw the result away: an edit list hides it (`AV_PKT_FLAG_DISCARD`).
  public var isDiscarded: Bool { av.pointee.flags & AV_PKT_FLAG_DISCARD != 0 }

  /// The number of coded bytes.
  public var size: Int { Int(av.pointee.size) }

  /// Hands out the coded bytes, which are valid during the call only.
  public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try body(UnsafeRawBufferPointer(start: av.pointee.data, count: size))
  }

  /// Another handle on the same bytes, moved by `offset` ticks in time.
  public func shifted(by offset: Int64) throws(FFmpegError) -> Packet {
    let copy = Packet(owning: try allocated("reference a packet", av_packet_clone(av)))
    if let pts { copy.av.pointee.pts = pts + offset }
    if let dts { copy.av.pointee.dts = dts + offset }
    return copy
  }
}
