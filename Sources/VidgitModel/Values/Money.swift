/// An amount of one currency, exact to a billionth.
public struct Money: Hashable, Sendable {
  /// Billionths of the currency's unit.
  public var nanos: Int64
  /// "USD": three capital letters (ISO 4217), or whatever a service counts in: "credits".
  public let currency: String

  /// More than anybody pays, and small enough for every sum.
  public static let most: Int64 = 1_000_000_000 * 1_000_000_000

  public init(nanos: Int64, currency: String) {
    self.nanos = max(0, min(Self.most, nanos))
    self.currency = currency
  }

  public static func zero(_ currency: String) -> Money { Money(nanos: 0, currency: currency) }

  /// Reads "5USD", "0.25 EUR", "120credits".
  public init?(text: String) {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    var currency = text[number.endIndex...]
    if currency.first == " " { currency.removeFirst() }
    guard let nanos = Self.nanos(of: number), Self.isCurrency(String(currency)) else { return nil }
    self.init(nanos: nanos, currency: String(currency))
  }

  /// Billionths of a decimal number such as "0.0023"; nil for what is none, or below zero.
  public static func nanos(of text: some StringProtocol) -> Int64? {
    guard let value = Rational(decimal: text), value.num >= 0 else { return nil }
    let (product, overflow) = value.num.multipliedReportingOverflow(by: 1_000_000_000 / value.den)
    return overflow || product > most ? nil : product
  }

  /// `^[A-Za-z]{1,12}$`
  public static func isCurrency(_ text: String) -> Bool {
    (1...12).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0.isASCIIAlphanumeric && !$0.isASCIIDigit }
  }

  /// Times a number, rounded up to a billionth: what is estimated is never too little.
  public func times(_ factor: Double) -> Money {
    let product = (Double(nanos) * max(0, factor)).rounded(.up)
    return Money(
      nanos: product.isFinite ? Int64(min(Double(Self.most), product)) : Self.most,
      currency: currency)
  }

  public func times(_ count: Int) -> Money {
    let (product, overflow) = nanos.multipliedReportingOverflow(by: Int64(max(0, count)))
    return Money(nanos: overflow ? Self.most : product, currency: currency)
  }

  /// - Precondition: both are of one currency.
  public static func + (left: Money, right: Money) -> Money {
    precondition(left.currency == right.currency, "two currencies make no sum")
    return Money(nanos: left.nanos + right.nanos, currency: left.currency)
  }

  /// The number alone: "1.15", "0.0023", "3.00".
  public var amount: String {
    var fraction = String(nanos % 1_000_000_000)
    fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
    while fraction.count > 2, fraction.last == "0" { fraction.removeLast() }
    return "\(nanos / 1_000_000_000).\(fraction)"
  }
}

extension Money: CustomStringConvertible {
  /// "1.15 USD"
  public var description: String { "\(amount) \(currency)" }
}
