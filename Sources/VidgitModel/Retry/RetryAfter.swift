/// How long a service asks to wait: the header `Retry-After` (RFC 9110, section 10.2.3) and the
/// `retry_after` that some put into a JSON body.
public enum RetryAfter {
  /// More than anybody waits, and small enough for every sum.
  private static let longest: Int64 = 366 * 86_400

  /// The longer of what header and body ask for, or nil where neither asks.
  ///
  /// - Parameters:
  ///   - header: the value of `Retry-After`: seconds, or a date.
  ///   - body: the answer; only a JSON object is looked into, and only at its top and in its `error`.
  ///   - now: seconds since 1970, for a date.
  public static func wait(header: String?, body: [UInt8] = [], now: Int64) -> Duration? {
    let asked = [header.flatMap { wait(header: $0, now: now) }, wait(body: body)]
    return asked.compactMap { $0 }.max()
  }

  static func wait(header: String, now: Int64) -> Duration? {
    let text = header.trimmingSpaces
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return .seconds(min(longest, Int64(text) ?? longest))
    }
    guard let time = HTTPDate.seconds(String(text), now: now) else { return nil }
    return .seconds(max(0, min(longest, time - now)))
  }

  static func wait(body: [UInt8]) -> Duration? {
    let limits = JSONLimits(bytes: 64 << 10, depth: 16, elements: 2000, isLenient: true)
    guard body.contains(UInt8(ascii: "{")),
      let object = try? JSONValue(parsing: body, what: "the answer", limits: limits).object
    else { return nil }
    return duration(object["retry_after"]) ?? duration(object["error"]?.object?["retry_after"])
  }

  private static func duration(_ value: JSONValue?) -> Duration? {
    switch value {
    case .int(let seconds): .seconds(max(0, min(longest, seconds)))
    case .double(let seconds):
      // Rounded up: never earlier than asked.
      .milliseconds(Int64((max(0, min(Double(longest), seconds)) * 1000).rounded(.up)))
    default: nil
    }
  }
}

extension String {
  /// Without the spaces and tabs around it.
  fileprivate var trimmingSpaces: Substring {
    var text = self[...]
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }
}
