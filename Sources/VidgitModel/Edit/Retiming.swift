/// Turns durations into those of another speed or timebase, in whole ticks.
///
/// Not the durations are rounded but the places between the frames, counted from the first one, so
/// that no error gathers: n frames are together as long as they should be, to half a tick.
public struct Retiming: Sendable {
  private let num: Int128
  private let den: Int128
  private var old: Int128 = 0
  private var new: Int128 = 0
  /// Every place so far came out whole.
  public private(set) var isExact = true

  /// The largest sum of durations, in ticks: what a line's time may be at most.
  private static let longest: Int128 = 1 << 60

  /// - Parameter speed: how many times as fast; above 0.
  public init(speed: Rational) {
    let speed = speed.reduced
    (num, den) = (Int128(speed.den), Int128(speed.num))
  }

  /// From ticks of one timebase to those of another, both above 0.
  public init(from: Rational, to: Rational) {
    let (from, to) = (from.reduced, to.reduced)
    (num, den) = (Int128(from.num) * Int128(to.den), Int128(from.den) * Int128(to.num))
  }

  /// The new duration of the next frame: 0 where less than a tick is left of it, `nil` where the
  /// sum goes beyond what a timeline can hold.
  public mutating func duration(_ duration: Int64) -> Int64? {
    old += Int128(duration)
    let (product, overflow) = old.multipliedReportingOverflow(by: 2 * num)
    guard old <= Self.longest, !overflow else { return nil }
    let (place, rest) = (product + den).quotientAndRemainder(dividingBy: 2 * den)
    guard place <= Self.longest else { return nil }
    if rest != den { isExact = false }
    defer { new = place }
    return Int64(place - new)
  }
}
