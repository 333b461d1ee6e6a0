import VidgitModel

enum Rate {
  /// A rate above zero: "25", "0.5", "30000/1001".
  static func parse(_ text: String) -> Rational? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 2, let num = Int64(parts[0]), let den = Int64(parts[1]), num > 0, den > 0 {
      return num <= 1_000_000_000 && den <= 1_000_000_000 ? Rational(num, den) : nil
    }
    let decimal = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(decimal.count), let whole = Int64(decimal[0]), whole >= 0,
      whole <= 1_000_000
    else { return nil }
    guard decimal.count == 2 else { return whole > 0 ? Rational(whole, 1) : nil }
    guard (1...6).contains(decimal[1].count), let part = Int64(decimal[1]), part >= 0 else {
      return nil
    }
    let den = (0..<decimal[1].count).reduce(Int64(1)) { value, _ in value * 10 }
    let num = whole * den + part
    return num > 0 ? Rational(num, den) : nil
  }
}
