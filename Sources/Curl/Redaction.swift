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
    self.secrets = all.filter { $0.utf8.count >= 4 }.sorted { $0.utf8.count > $1.utf8.count }
  }

  /// Whether one of the known secrets stands in the text, as it is or percent-encoded.
  public func finds(in text: String) -> Bool { secrets.contains { text.contains($0) } }

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
