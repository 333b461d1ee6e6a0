/// Bytes as people read them.
public enum ByteCount {
  private static let units: [(bytes: Int64, name: String)] = [
    (1_000_000_000_000_000_000, "EB"), (1_000_000_000_000_000, "PB"), (1_000_000_000_000, "TB"),
    (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"),
  ]

  /// In the largest unit that there is one of, cut to a tenth: "48.2 MB", "999 bytes".
  public static func text(_ bytes: Int64) -> String {
    guard let unit = units.first(where: { bytes >= $0.bytes }) else {
      return Counted.text(Int(bytes), "byte")
    }
    let tenths = bytes / (unit.bytes / 10)
    return "\(tenths / 10).\(tenths % 10) \(unit.name)"
  }

  /// Some of all, with one unit where it is the same: "12.3 of 48.2 MB", "999 bytes of 1.2 kB".
  public static func text(_ bytes: Int64, of total: Int64?) -> String {
    guard let total else { return text(bytes) }
    func words(_ bytes: Int64) -> [Substring] { text(bytes).split(separator: " ") }
    let (some, all) = (words(bytes), words(total))
    return some[1] == all[1] ? "\(some[0]) of \(text(total))" : "\(text(bytes)) of \(text(total))"
  }
}
