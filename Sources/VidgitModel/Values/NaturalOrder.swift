/// The order in which people number files: "shot2.png" before "shot10.png".
public enum NaturalOrder {
  /// Runs of digits compare as numbers, all else by its bytes; where that finds no difference, the
  /// bytes decide, so that the order is the same everywhere.
  public static func precedes(_ left: String, _ right: String) -> Bool {
    precedes(Array(left.utf8), Array(right.utf8))
  }

  /// The same for names that need not be text.
  public static func precedes(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    var (i, j) = (0, 0)
    while i < a.count, j < b.count {
      if a[i].isASCIIDigit, b[j].isASCIIDigit {
        let (one, other) = (digits(a, &i), digits(b, &j))
        if one.count != other.count { return one.count < other.count }
        if one != other { return one.lexicographicallyPrecedes(other) }
      } else {
        if a[i] != b[j] { return a[i] < b[j] }
        i += 1
        j += 1
      }
    }
    if i < a.count || j < b.count { return j < b.count }
    return a.lexicographicallyPrecedes(b)
  }

  /// A run of digits without the zeros before it.
  private static func digits(_ text: [UInt8], _ place: inout Int) -> ArraySlice<UInt8> {
    let start = place
    while place < text.count, text[place].isASCIIDigit { place += 1 }
    return text[start..<place].drop { $0 == UInt8(ascii: "0") }
  }
}
