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
}
