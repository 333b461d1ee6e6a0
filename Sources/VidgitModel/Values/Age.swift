/// How old something must be, as Git's settings and options write it: "2.weeks.ago", "90 days",
/// "now", "never", and briefly "14d".
public enum Age: Hashable, Sendable {
  /// Nothing is ever old enough.
  case never
  /// Seconds; 0 for "now".
  case seconds(Int64)

  private static let units: [(names: [String], seconds: Int64)] = [
    (["s", "sec", "second"], 1), (["min", "minute"], 60), (["h", "hour"], 3600),
    (["d", "day"], 86_400), (["w", "week"], 604_800), (["month"], 2_592_000),
    (["y", "year"], 31_536_000),
  ]

  /// `nil` for anything else, a date included.
  public init?(_ text: String) {
    let words = text.lowercased().split { $0 == "." || $0 == " " }.map(String.init)
    switch words {
    case ["never"], ["false"]: self = .never
    case ["now"], ["all"], ["0"]: self = .seconds(0)
    default:
      let parts = words.last == "ago" ? Array(words.dropLast()) : words
      guard let first = parts.first, parts.count <= 2 else { return nil }
      let digits = first.prefix { $0.isASCII && $0.isNumber }
      let unit = parts.count == 2 ? parts[1] : String(first.dropFirst(digits.count))
      guard parts.count == 1 || digits.count == first.count, (1...9).contains(digits.count),
        let count = Int64(digits), let seconds = Self.seconds(of: unit)
      else { return nil }
      self = .seconds(count * seconds)
    }
  }

  private static func seconds(of unit: String) -> Int64? {
    units.first { entry in
      entry.names.contains(unit) || entry.names.contains { $0.count > 1 && $0 + "s" == unit }
    }?.seconds
  }

  /// The longer of two.
  public static func longer(_ one: Age, _ other: Age) -> Age {
    guard case .seconds(let a) = one, case .seconds(let b) = other else { return .never }
    return .seconds(max(a, b))
  }

  /// The time before which something is old enough; `nil` where nothing is.
  ///
  /// - Parameter now: seconds since 1970.
  public func limit(at now: Int64) -> Int64? {
    guard case .seconds(let seconds) = self else { return nil }
    return now - seconds
  }
}
