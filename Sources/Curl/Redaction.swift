import Foundation

/// Takes secrets out of what people and logs see.
public struct Redaction: Sendable {
  /// What stands for a secret.
  public static let mark = "[redacted]"

  /// Texts that are taken out wherever they stand; the longest first, as one may hold another.
  private let secrets: [String]

  /// - Parameter secrets: known ones, such as the value of `$ENV:KEY`. Those under four bytes are
  ///   passed over: every text holds them.
  public init(secrets: [String] = []) {
    var all = Set(secrets)
    // A header's value is a scheme and a secret: "Bearer KEY".
    for secret in secrets {
      all.formUnion(secret.split(separator: " ").dropFirst().map(String.init))
      if let encoded = secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) {
        all.insert(encoded)
      }
    }
    self.secrets = all.filter { $0.utf8.count >= Self.shortest }
      .sorted { $0.utf8.count > $1.utf8.count }
  }

  /// Bytes of the shortest secret that is looked for.
  public static let shortest = 4

  /// Whether one of the known secrets stands in the text: as it is, percent-encoded in any way once or
  /// twice, in base64 of either alphabet, alone or amid other bytes, or in hexadecimal digits.
  public func finds(in text: String) -> Bool {
    var text = text
    for _ in 0..<3 {
      let folded = text.lowercased()
      for secret in secrets {
        if text.contains(secret) || Self.base64(of: secret).contains(where: text.contains) {
          return true
        }
        let digits = secret.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        if folded.contains(digits) { return true }
      }
      text = Self.percentDecoded(text)
    }
    return false
  }

  /// What is no percent-encoding stays as it is.
  private static func percentDecoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The digits that stand for a text alone, wherever it begins among the bytes that are encoded.
  private static func base64(of secret: String) -> [String] {
    (0..<3).flatMap { before -> [String] in
      let bytes = [UInt8](repeating: 0, count: before) + Array(secret.utf8)
      let all = Data(bytes).base64EncodedString()
      // A digit holds six bits: those at the borders also depend on the neighbours.
      let digits = all.dropFirst((before * 8 + 5) / 6).prefix(
        bytes.count * 8 / 6 - (before * 8 + 5) / 6)
      guard digits.count >= 6 else { return [] }
      let other = digits.replacing("+", with: "-").replacing("/", with: "_")
      return [String(digits), String(other)]
    }
  }

  /// The text without known secrets, without what follows "Bearer" and its like, and without the
  /// values of queries in URLs.
  public func text(_ text: String) -> String {
    var text = text
    for secret in secrets { text = text.replacingOccurrences(of: secret, with: Self.mark) }
    text.replace(Self.schemes) { "\($0.1) \(Self.mark)" }
    text.replace(Self.fields) { "\($0.1)\(Self.mark)" }
    text.replace(Self.urls) { Self.url(String($0.0)) }
    return text
  }

  /// The URL without the values of its query, its fragment, and a user before its host.
  public static func url(_ url: String) -> String {
    var rest = url.prefix { $0 != "#" }
    let query = rest.firstIndex(of: "?").map { rest[$0...].dropFirst() }
    if let query { rest = rest[..<query.startIndex].dropLast() }
    if let scheme = rest.firstRange(of: "://") {
      let authority = rest[scheme.upperBound...].prefix { $0 != "/" }
      if let at = authority.lastIndex(of: "@") {
        rest = rest[..<scheme.upperBound] + Self.mark + rest[at...]
      }
    }
    guard let query else { return String(rest) }
    let fields = query.split(separator: "&", omittingEmptySubsequences: false).map { field in
      // A query without names is one value.
      field.contains("=") ? field.prefix { $0 != "=" } + "=" + Self.mark : Self.mark[...]
    }
    return rest + "?" + fields.joined(separator: "&")
  }

  /// The value of a header, or the mark where such a header holds secrets.
  public static func value(ofHeader name: String, _ value: String) -> String {
    let name = name.lowercased()
    if name == "location" || name == "content-location" || name == "link" { return url(value) }
    return isSecret(header: name) ? mark : value
  }

  /// Whether a header of this name holds what must not be shown.
  public static func isSecret(header name: String) -> Bool {
    let name = name.lowercased()
    return prefixes.contains { name.hasPrefix($0) } || words.contains { name.contains($0) }
  }

  private static let prefixes = ["x-amz-", "x-goog-", "x-ms-"]
  private static let words = [
    "auth", "cookie", "token", "key", "secret", "signature", "credential", "password", "session",
  ]

  // Compiled regular expressions are not `Sendable`, but nothing changes them.
  nonisolated(unsafe) private static let schemes =
    #/(?i)\b(bearer|basic|token|key|simple|aws4-hmac-sha256)[ \t]+[A-Za-z0-9._~+\/=:-]{16,}/#
  nonisolated(unsafe) private static let fields =
    #/(?i)((?:authorization|cookie|x-(?:amz|goog|ms)-[a-z0-9-]+|api[_-]?key|(?:access|refresh|id|session)[_-]?token|secret|password|signature)"?[ \t]*[:=][ \t]*"?)[^\s"&,;]+/#
  nonisolated(unsafe) private static let urls = #/https?:\/\/[^\s"'<>]+[?@][^\s"'<>]*/#
}
