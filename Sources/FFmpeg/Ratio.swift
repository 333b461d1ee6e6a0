import CFFmpeg

/// A rational number as FFmpeg holds it: a timebase in seconds a tick, a rate, an aspect ratio.
public struct Ratio: Hashable, Sendable {
  public var num: Int32
  public var den: Int32

  public init(_ num: Int32, _ den: Int32) {
    self.num = num
    self.den = den
  }

  init(_ value: AVRational) {
    self.init(value.num, value.den)
  }

  var av: AVRational { AVRational(num: num, den: den) }

  /// Neither zero nor unknown.
  public var isValid: Bool { num > 0 && den > 0 }

  /// Rescales `ticks` of this timebase to `other`, to the nearest tick, halves away from zero
  /// (`av_rescale_q`). What lies beyond `limit` on either side becomes that, so that two results can
  /// be added.
  public func rescale(_ ticks: Int64, to other: Ratio) -> Int64 {
    let result = av_rescale_q(ticks, av, other.av)
    // What does not fit comes back as the smallest number.
    if result == .min { return ticks < 0 ? -Self.limit : Self.limit }
    return min(max(result, -Self.limit), Self.limit)
  }

  /// A stretch of time in ticks of `other`, both ends as `rescale` rounds them.
  public func rescale(_ range: Range<Int64>, to other: Ratio) -> Range<Int64> {
    rescale(range.lowerBound, to: other)..<rescale(range.upperBound, to: other)
  }

  /// No time of a video comes near it.
  public static let limit: Int64 = 1 << 61

  /// A time as a container gives it; nil where it gives none, or one that no video comes near, so
  /// that sums and differences of two of them fit.
  static func bounded(_ ticks: Int64) -> Int64? {
    ticks > -limit && ticks < limit ? ticks : nil
  }
}
