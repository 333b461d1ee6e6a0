import CFFmpeg

/// Moves the times of one stream's packets into the container's ticks.
struct StreamTiming {
  /// What the packets' owner counts in.
  let timebase: Ratio
  /// Decoding times must rise, not only not fall.
  let strict: Bool
  /// In the container's ticks.
  let longestDuration: Int64
  private var lastDecoding: Int64?

  init(timebase: Ratio, strict: Bool, longestDuration: Int64) {
    self.timebase = timebase
    self.strict = strict
    self.longestDuration = longestDuration
  }

  /// - Throws: for times that the container's ticks cannot count.
  mutating func place(
    _ packet: UnsafeMutablePointer<AVPacket>, from source: Ratio, to target: Ratio
  ) throws(FFmpegError) {
    let pts = Frame.time(packet.pointee.pts)
    let dts = Frame.time(packet.pointee.dts)
    let duration = packet.pointee.duration
    // The end is rounded as the next start will be, so that durations add up.
    if let start = pts ?? dts, duration > 0 {
      let (end, overflow) = start.addingReportingOverflow(duration)
      guard !overflow else { throw Self.beyond }
      packet.pointee.duration =
        try Self.rescale(end, source, target) - Self.rescale(start, source, target)
      guard packet.pointee.duration <= longestDuration else { throw Self.beyond }
    }
    if let pts { packet.pointee.pts = try Self.rescale(pts, source, target) }
    guard let dts else { return }
    var decoding = try Self.rescale(dts, source, target)
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

  private static func rescale(
    _ ticks: Int64, _ source: Ratio, _ target: Ratio
  ) throws(FFmpegError) -> Int64 {
    let result = source.rescale(ticks, to: target)
    guard result.magnitude < Ratio.limit.magnitude else { throw beyond }
    return result
  }

  private static let beyond = FFmpegError(
    invalid: "write a packet", detail: "its time or duration is beyond what the container can count"
  )
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
