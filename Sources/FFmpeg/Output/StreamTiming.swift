import CFFmpeg

/// Moves the times of one stream's packets into the container's ticks.
struct StreamTiming {
  /// What the packets' owner counts in.
  let timebase: Ratio
  /// Decoding times must rise, not only not fall.
  let strict: Bool
  private var lastDecoding: Int64?

  init(timebase: Ratio, strict: Bool) {
    self.timebase = timebase
    self.strict = strict
  }

  mutating func place(
    _ packet: UnsafeMutablePointer<AVPacket>, from source: AVRational, to target: AVRational
  ) {
    let pts = Frame.time(packet.pointee.pts)
    let dts = Frame.time(packet.pointee.dts)
    let duration = packet.pointee.duration
    // The end is rounded as the next start will be, so that durations add up.
    if let start = pts ?? dts, duration > 0 {
      packet.pointee.duration =
        av_rescale_q(start + duration, source, target) - av_rescale_q(start, source, target)
    }
    if let pts { packet.pointee.pts = av_rescale_q(pts, source, target) }
    guard let dts else { return }
    var decoding = av_rescale_q(dts, source, target)
    if let lastDecoding, decoding < lastDecoding + (strict ? 1 : 0) {
      let moved = lastDecoding + (strict ? 1 : 0)
      if let pts = Frame.time(packet.pointee.pts), pts <= decoding || pts < moved {
        packet.pointee.pts = max(pts, moved)
      }
      decoding = moved
    }
    packet.pointee.dts = decoding
    lastDecoding = decoding
  }
}

extension Ratio {
  /// Whether every tick of this timebase is a whole number of ticks of `other`.
  func isMultiple(of other: Ratio) -> Bool {
    guard isValid, other.isValid else { return false }
    let here = Int64(num) * Int64(other.den)
    let there = Int64(den) * Int64(other.num)
    return here % there == 0
  }
}
