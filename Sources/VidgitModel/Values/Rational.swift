/// An exact fraction: a timebase in seconds a tick, a rate, an aspect ratio, a time in seconds.
///
/// The terms are kept as they were given, so that a file round-trips; comparing and hashing go by
/// value. In JSON it is `[num, den]`.
public struct Rational: Sendable {
  public var num: Int64
  /// Always more than zero.
  public var den: Int64

  /// - Precondition: `den` is more than zero.
  public init(_ num: Int64, _ den: Int64) {
    precondition(den > 0, "a fraction needs a denominator above zero")
    self.num = num
    self.den = den
  }

  /// The same value in lowest terms.
  public var reduced: Rational {
    let divisor = Self.gcd(num.magnitude, UInt64(den))
    guard divisor > 1 else { return self }
    return Rational(Int64(Int128(num) / Int128(divisor)), Int64(UInt64(den) / divisor))
  }

  static func gcd(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  /// The exact sum.
  ///
  /// - Throws: where its lowest terms do not fit 64 bits.
  public func adding(_ other: Rational) throws(ModelError) -> Rational {
    let left = reduced
    let right = other.reduced
    let (num, overflow) = (Int128(left.num) * Int128(right.den))
      .addingReportingOverflow(Int128(right.num) * Int128(left.den))
    guard !overflow else { throw Self.overflow("sum") }
    return try Self.fit(num, Int128(left.den) * Int128(right.den), "sum")
  }

  /// The exact product.
  ///
  /// - Throws: where its lowest terms do not fit 64 bits.
  public func multiplied(by other: Rational) throws(ModelError) -> Rational {
    try Self.fit(Int128(num) * Int128(other.num), Int128(den) * Int128(other.den), "product")
  }

  private static func fit(
    _ num: Int128, _ den: Int128, _ operation: String
  ) throws(ModelError) -> Rational {
    var (a, b) = (num.magnitude, den.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    let divisor = Int128(max(a, 1))
    guard let num = Int64(exactly: num / divisor), let den = Int64(exactly: den / divisor) else {
      throw overflow(operation)
    }
    return Rational(num, den)
  }

  private static func overflow(_ operation: String) -> ModelError {
    ModelError("fraction", reason: "the \(operation) of two fractions does not fit 64 bits")
  }

  /// The first whole tick of `timebase` at or after this time in seconds, held to the range of
  /// 64 bits.
  ///
  /// - Precondition: `timebase` is more than zero.
  public func ticksRoundedUp(_ timebase: Rational) -> Int64 {
    let (a, b) = (Int128(num) * Int128(timebase.den), Int128(den) * Int128(timebase.num))
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    return Int64(clamping: remainder > 0 ? quotient + 1 : quotient)
  }
}

extension Rational: Hashable, Comparable {
  public static func == (left: Rational, right: Rational) -> Bool {
    Int128(left.num) * Int128(right.den) == Int128(right.num) * Int128(left.den)
  }

  public static func < (left: Rational, right: Rational) -> Bool {
    Int128(left.num) * Int128(right.den) < Int128(right.num) * Int128(left.den)
  }

  public func hash(into hasher: inout Hasher) {
    let value = reduced
    hasher.combine(value.num)
    hasher.combine(value.den)
  }
}

extension Rational: CustomStringConvertible {
  public var description: String { "\(num)/\(den)" }
}
