/// The three forms of a date in HTTP (RFC 9110, section 5.6.7), all in GMT.
public enum HTTPDate {
  /// Seconds since 1970, or nil for what is no such date.
  ///
  ///     Sun, 06 Nov 1994 08:49:37 GMT
  ///     Sunday, 06-Nov-94 08:49:37 GMT
  ///     Sun Nov  6 08:49:37 1994
  ///
  /// - Parameter now: a year of two digits is the one nearest to it that is not more than 50 years
  ///   ahead.
  public static func seconds(_ text: String, now: Int64) -> Int64? {
    guard text.utf8.count <= 40 else { return nil }
    let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
    if words.count == 6, words[5] == "GMT" {
      let full = words[3].utf8.count == 4
      guard full || words[3].utf8.count == 2 else { return nil }
      guard let year = number(words[3]) else { return nil }
      return seconds(
        year: full ? year : century(year, now), month: words[2], day: words[1], time: words[4])
    }
    guard words.count == 5, words[4].utf8.count == 4, let year = number(words[4]) else {
      return nil
    }
    return seconds(year: year, month: words[1], day: words[2], time: words[3])
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func number(_ text: some StringProtocol) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int64(text)
  }

  private static func century(_ year: Int64, _ now: Int64) -> Int64 {
    let current = 1970 + now / 31_556_952
    let candidate = current / 100 * 100 + year
    return candidate > current + 50 ? candidate - 100 : candidate
  }

  private static func seconds(year: Int64, month: String, day: String, time: String) -> Int64? {
    let parts = time.split(separator: ":", omittingEmptySubsequences: false).map { number($0) }
    guard let month = months.firstIndex(of: month), let day = number(day), (1...31).contains(day),
      parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
      hour < 24, minute < 60, second <= 60
    else { return nil }
    let days = daysSince1970(year: year, month: Int64(month) + 1, day: day)
    return days * 86_400 + hour * 3600 + minute * 60 + second
  }

  /// H. Hinnant's `days_from_civil`, with years that begin in March.
  private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
  }
}
