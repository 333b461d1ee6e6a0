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
  /// (`av_rescale_q`).
  public func rescale(_ ticks: Int64, to other: Ratio) -> Int64 {
    av_rescale_q(ticks, av, other.av)
  }

  /// Like `rescale`, and held to times whose differences fit 64 bits: what a stranger's file says
  /// may be beyond them.
  public func rescaleClamped(_ ticks: Int64, to other: Ratio) -> Int64 {
    let limit: Int64 = 1 << 60
    let result = rescale(ticks, to: other)
    // What does not fit comes out as the least number.
    if result == .min { return ticks < 0 ? -limit : limit }
    return min(max(result, -limit), limit)
  }

  /// A stretch of time in ticks of `other`, as `rescaleClamped` does it.
  public func rescaleClamped(_ range: Range<Int64>, to other: Ratio) -> Range<Int64> {
    rescaleClamped(range.lowerBound, to: other)..<rescaleClamped(range.upperBound, to: other)
  }
}
