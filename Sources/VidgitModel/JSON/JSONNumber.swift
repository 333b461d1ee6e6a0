/// How numbers and strings are written: as ECMAScript does, which is what RFC 8785 asks for.
enum JSONNumber {
  /// The form of ECMAScript's `Number::toString`: the shortest digits that read back as `value`.
  /// "null" for what JSON cannot hold, as `JSON.stringify` has it.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    guard value != 0 else { return "0" }
    // Swift's description has the shortest digits; only its layout differs.
    let parts = value.magnitude.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    var digits = Array(mantissa.joined().utf8)
    var point = mantissa[0].utf8.count + (parts.count > 1 ? Int(parts[1])! : 0)
    let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(leading)
    point -= leading
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    let sign = value < 0 ? "-" : ""
    return sign + layout(String(decoding: digits, as: UTF8.self), point: point)
  }

  /// `digits` with the decimal point after the first `point` of them.
  private static func layout(_ digits: String, point: Int) -> String {
    let count = digits.utf8.count
    func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
    switch point {
    case count...21 where count <= 21: return digits + zeros(point - count)
    case 1...21: return digits.prefix(point) + "." + digits.dropFirst(point)
    case -5...0: return "0." + zeros(-point) + digits
    default:
      let exponent = point - 1
      let fraction = count > 1 ? "." + digits.dropFirst() : ""
      return digits.prefix(1) + fraction + "e" + (exponent < 0 ? "-" : "+")
        + String(exponent.magnitude)
    }
  }
}

extension [UInt8] {
  /// Appends `text` in quotes, escaping only what must be (RFC 8785, section 3.2.2.2).
  mutating func appendJSONString(_ text: String) {
    var text = text
    append(UInt8(ascii: "\""))
    text.withUTF8 { utf8 in
      if utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
        append(contentsOf: utf8)
      } else {
        for byte in utf8 { appendEscaped(byte) }
      }
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append(contentsOf: #"\""#.utf8)
    case UInt8(ascii: "\\"): append(contentsOf: #"\\"#.utf8)
    case 0x08: append(contentsOf: #"\b"#.utf8)
    case 0x09: append(contentsOf: #"\t"#.utf8)
    case 0x0a: append(contentsOf: #"\n"#.utf8)
    case 0x0c: append(contentsOf: #"\f"#.utf8)
    case 0x0d: append(contentsOf: #"\r"#.utf8)
    case 0..<0x20:
      let hex = String(byte, radix: 16)
      append(contentsOf: "\\u00\(byte < 0x10 ? "0" : "")\(hex)".utf8)
    default: append(byte)
    }
  }
}
