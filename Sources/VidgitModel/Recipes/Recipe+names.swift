extension Recipe {
  static let idDigits = 12

  /// Whether `text` may be the name of a recipe: `^[a-z0-9][a-z0-9-]{0,39}$`.
  public static func isName(_ text: String) -> Bool {
    guard (1...40).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "-") else {
      return false
    }
    return text.utf8.allSatisfy(isNameByte)
  }

  /// Whether `text` may be the id of a recipe: a name, "-", and 12 lower-case hexadecimal digits.
  public static func isID(_ text: String) -> Bool {
    let count = text.utf8.count - idDigits - 1
    guard (1...40).contains(count) else { return false }
    let parts = text.utf8
    let digits = parts.suffix(idDigits)
    guard parts.first != UInt8(ascii: "-"), parts.dropLast(idDigits).last == UInt8(ascii: "-"),
      parts.prefix(count).allSatisfy(isNameByte)
    else { return false }
    return digits.allSatisfy { $0.isASCIIDigit || $0 &- UInt8(ascii: "a") < 6 }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte.isASCIILowercase || byte.isASCIIDigit || byte == UInt8(ascii: "-")
  }
}
