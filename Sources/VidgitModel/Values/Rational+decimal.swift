extension Rational {
  /// A number as people write it, exactly: "12", "0.040", "-1.5".
  ///
  /// - Parameter places: the most digits after the point, zeros at the end not counted.
  public init?(decimal text: some StringProtocol, places: Int = 9) {
    let isNegative = text.hasPrefix("-")
    let parts = text.dropFirst(isNegative ? 1 : 0).split(
      separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), (1...12).contains(parts[0].utf8.count),
      parts.allSatisfy({ $0.utf8.allSatisfy(\.isASCIIDigit) })
    else { return nil }
    var fraction = parts.count == 2 ? String(parts[1]) : ""
    guard parts.count == 1 || !fraction.isEmpty else { return nil }
    while fraction.last == "0" { fraction.removeLast() }
    guard fraction.utf8.count <= places, places <= 9, let whole = Int64(parts[0]) else {
      return nil
    }
    let den = (0..<fraction.utf8.count).reduce(Int64(1)) { unit, _ in unit * 10 }
    let (scaled, overflow) = whole.multipliedReportingOverflow(by: den)
    guard !overflow else { return nil }
    let num = scaled + (Int64(fraction) ?? 0)
    self = Rational(isNegative ? -num : num, den).reduced
  }

  /// The number as people read it, to a millionth: "2.5", "-0.041667".
  public var decimalText: String {
    let scaled = Int128(num.magnitude) * 1_000_000
    let millionths = (scaled + Int128(den) / 2) / Int128(den)
    var fraction = String(millionths % 1_000_000)
    fraction = String(repeating: "0", count: 6 - fraction.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    let whole = (num < 0 && millionths > 0 ? "-" : "") + String(millionths / 1_000_000)
    return fraction.isEmpty ? whole : "\(whole).\(fraction)"
  }

  /// Seconds as FFmpeg's scripts write them: "12.5", or "[-][HH:]MM:SS[.m...]".
  public init?(clock text: some StringProtocol) {
    let isNegative = text.hasPrefix("-")
    let parts = text.dropFirst(isNegative ? 1 : 0).split(
      separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count), let last = parts.last,
      let seconds = Rational(decimal: last), seconds.num >= 0
    else { return nil }
    var whole: Int64 = 0
    for part in parts.dropLast() {
      guard (1...9).contains(part.utf8.count), part.utf8.allSatisfy(\.isASCIIDigit),
        let number = Int64(part)
      else { return nil }
      whole = whole * 60 + number
    }
    guard let sum = try? seconds.adding(Rational(whole * 60, 1)) else { return nil }
    self = isNegative ? Rational(-sum.num, sum.den) : sum
  }

  /// The largest fraction of which both are whole multiples, taken without their signs: the unit in
  /// which times of two clocks are whole numbers.
  ///
  /// - Throws: where it does not fit the 32 bits that a timebase has.
  public static func commonUnit(_ one: Rational, _ other: Rational) throws(ModelError) -> Rational {
    func divisor(_ a: UInt128, _ b: UInt128) -> UInt128 {
      var (a, b) = (a, b)
      while b != 0 { (a, b) = (b, a % b) }
      return a
    }
    let num = divisor(
      UInt128(one.num.magnitude) * UInt128(other.den),
      UInt128(other.num.magnitude) * UInt128(one.den))
    let den = UInt128(one.den) * UInt128(other.den)
    let common = max(1, divisor(num, den))
    guard let num = Int32(exactly: num / common), let den = Int32(exactly: den / common) else {
      throw ModelError(
        "timeline",
        reason:
          "times in units of \(one) s and \(other) s have no common unit that a timebase holds"
      )
    }
    return Rational(Int64(num), Int64(den))
  }

  /// How many times `unit` goes into this; `nil` where that is no whole number of 64 bits.
  public func multiple(of unit: Rational) -> Int64? {
    let (quotient, remainder) = (Int128(num) * Int128(unit.den)).quotientAndRemainder(
      dividingBy: Int128(den) * Int128(unit.num))
    return remainder == 0 ? Int64(exactly: quotient) : nil
  }
}
