/// Reads one end of a range: "100", "10s", "250ms", "1:02:03.5", "12.5%".
enum BoundParser {
  static func bound(
    _ bytes: [UInt8], column: Int, what: String
  ) throws(ModelError) -> RangeExpression.Bound {
    func failure(_ offset: Int, _ reason: String) -> ModelError {
      ModelError(what, column: column + offset, reason: reason)
    }
    if bytes.contains(UInt8(ascii: ":")) {
      return .time(try clock(bytes, column: column, what: what))
    }
    let digits = bytes.prefix { $0.isASCIIDigit || $0 == UInt8(ascii: ".") }
    let unit = String(decoding: bytes[digits.count...], as: UTF8.self)
    if unit.isEmpty, digits.allSatisfy(\.isASCIIDigit), !digits.isEmpty {
      guard let frame = Int(String(decoding: digits, as: UTF8.self)) else {
        throw failure(0, "the frame number is too large")
      }
      return .frame(frame)
    }
    guard let value = decimal(digits) else {
      throw failure(
        0, "a frame number (100), a time (10s, 250ms, 1:00.5) or a percentage is expected")
    }
    switch unit {
    case "s": return .time(value)
    case "ms":
      guard let seconds = try? value.multiplied(by: Rational(1, 1000)) else {
        throw failure(0, "the time is too long or too fine")
      }
      return .time(seconds)
    case "%":
      guard value <= Rational(100, 1) else { throw failure(0, "more than 100 percent") }
      return .percent(value)
    case "":
      throw failure(
        digits.count,
        "a frame number is whole; a time needs a unit, as in "
          + String(decoding: digits, as: UTF8.self) + "s")
    default:
      throw failure(
        digits.count, "'s', 'ms', '%' or ':' is expected, not '\(TerminalText.escaped(unit))'")
    }
  }

  /// "m:ss", "h:mm:ss", the last with a fraction.
  private static func clock(
    _ bytes: [UInt8], column: Int, what: String
  ) throws(ModelError) -> Rational {
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let expected = "a time is m:ss or h:mm:ss, as in 1:02:03.5"
    guard parts.count <= 3 else { throw ModelError(what, column: column, reason: expected) }
    var sum = Rational(0, 1)
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      let isInner = index > 0
      let whole = part.prefix(while: \.isASCIIDigit).count
      guard let value = decimal(part), isLast || whole == part.count, !isInner || whole == 2 else {
        throw ModelError(what, column: column + part.startIndex, reason: expected)
      }
      guard !isInner || value < Rational(60, 1) else {
        throw ModelError(
          what, column: column + part.startIndex,
          reason: "minutes after hours, and seconds after minutes, are below 60")
      }
      sum = try sum.multiplied(by: Rational(60, 1)).adding(value)
    }
    return sum
  }

  /// Digits with at most one point and nine digits after it, exactly.
  private static func decimal(_ bytes: ArraySlice<UInt8>) -> Rational? {
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), (1...9).contains(parts[0].count),
      parts.joined().allSatisfy(\.isASCIIDigit)
    else { return nil }
    let fraction = parts.count == 2 ? parts[1] : []
    guard parts.count == 1 || (1...9).contains(fraction.count) else { return nil }
    let digits = String(decoding: parts[0] + fraction, as: UTF8.self)
    guard let num = Int64(digits) else { return nil }
    let den = fraction.reduce(Int64(1)) { den, _ in den * 10 }
    return Rational(num, den)
  }
}
