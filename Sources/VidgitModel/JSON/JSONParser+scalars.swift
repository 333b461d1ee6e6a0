extension JSONParser {
  private static let longestNumber = 64

  mutating func number() throws(ModelError) -> JSONValue {
    let start = position
    _ = take(UInt8(ascii: "-"))
    guard peek?.isASCIIDigit == true else { throw failure("a digit is expected here") }
    if take(UInt8(ascii: "0")) {
      guard peek?.isASCIIDigit != true else {
        throw failure("a number may not begin with 0", at: start)
      }
    }
    digits()
    var isWhole = true
    if take(UInt8(ascii: ".")) {
      isWhole = false
      guard peek?.isASCIIDigit == true else { throw failure("a digit is expected here") }
      digits()
    }
    if peek.map({ $0 | 0x20 }) == UInt8(ascii: "e") {
      isWhole = false
      position += 1
      if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
      guard peek?.isASCIIDigit == true else { throw failure("a digit is expected here") }
      digits()
    }
    guard limits.isLenient || position - start <= Self.longestNumber else {
      throw failure("a number of more than \(Self.longestNumber) characters", at: start)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole {
      if let value = Int64(text) { return .int(value) }
      guard limits.isLenient else {
        throw failure("the whole number \(text) does not fit 64 bits", at: start)
      }
    }
    guard let value = Double(text), limits.isLenient || value.isFinite else {
      throw failure("the number \(text) is too large", at: start)
    }
    return .double(value)
  }

  private mutating func digits() {
    while peek?.isASCIIDigit == true { position += 1 }
  }

  /// Reads a string, the position at its opening quote.
  mutating func string() throws(ModelError) -> String {
    let start = position
    position += 1
    var plain = position
    var resolved: [UInt8] = []
    while true {
      guard let byte = peek else { throw failure("the string is not closed", at: start) }
      switch byte {
      case UInt8(ascii: "\""):
        resolved.append(contentsOf: bytes[plain..<position])
        position += 1
        return try text(resolved, start: start)
      case UInt8(ascii: "\\"):
        resolved.append(contentsOf: bytes[plain..<position])
        resolved.append(contentsOf: try escape())
        plain = position
      case 0..<0x20:
        throw failure("a control character may not stand in a string unescaped")
      default:
        position += 1
      }
      guard resolved.count + position - plain <= limits.stringBytes else {
        throw failure("a string of more than \(limits.stringBytes) bytes", at: start)
      }
    }
  }

  private func text(_ bytes: [UInt8], start: Int) throws(ModelError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw failure("the string is not valid UTF-8", at: start)
    }
    return text
  }

  /// The UTF-8 of an escape, the position at its backslash.
  private mutating func escape() throws(ModelError) -> [UInt8] {
    let start = position
    position += 1
    let kind = peek
    position += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [kind!]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "u"): break
    default: throw failure("an unknown escape", at: start)
    }
    let first = try codeUnit(start)
    guard UTF16.isSurrogate(first) else { return Self.utf8(UInt32(first)) }
    let end = position
    guard UTF16.isLeadSurrogate(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")),
      case let second = try codeUnit(start), UTF16.isTrailSurrogate(second)
    else {
      guard limits.isLenient else { throw failure("half of a surrogate pair", at: start) }
      // What follows may be an escape of its own.
      position = end
      return Self.utf8(0xfffd)
    }
    return Self.utf8(0x10000 + (UInt32(first) & 0x3ff) << 10 + UInt32(second) & 0x3ff)
  }

  private mutating func codeUnit(_ start: Int) throws(ModelError) -> UInt16 {
    guard position + 4 <= bytes.count,
      bytes[position..<position + 4].allSatisfy({
        $0.isASCIIDigit || ($0 | 0x20) &- UInt8(ascii: "a") < 6
      }),
      let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits are expected after \\u", at: start) }
    position += 4
    return unit
  }

  private static func utf8(_ scalar: UInt32) -> [UInt8] {
    Array(String(Unicode.Scalar(scalar)!).utf8)
  }
}
