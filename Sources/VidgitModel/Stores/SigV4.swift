import Crypto

/// Signatures of AWS, version 4: a request with the headers that prove who sends it.
///
/// By "Create a signed AWS API request" of the IAM user guide, with S3's rule that paths are
/// encoded once and never made shorter.
public struct SigV4: Sendable {
  /// A key, and the token that belongs to one that is lent for a time.
  public struct Credentials: Hashable, Sendable {
    public var accessKey: String
    public var secretKey: String
    public var sessionToken: String?

    public init(accessKey: String, secretKey: String, sessionToken: String? = nil) {
      self.accessKey = accessKey
      self.secretKey = secretKey
      self.sessionToken = sessionToken
    }
  }

  public struct Request: Sendable {
    public var method: String
    /// As it stands before percent-encoding: "/bucket/a b".
    public var path: String
    /// Likewise; in any order.
    public var query: [(name: String, value: String)]
    /// All that are signed, `host` among them; a name may come several times.
    public var headers: [(name: String, value: String)]
    /// SHA-256 of the body in hexadecimal digits.
    public var bodyDigest: String

    public init(
      _ method: String, path: String, query: [(name: String, value: String)] = [],
      headers: [(name: String, value: String)], bodyDigest: String
    ) {
      self.method = method
      self.path = path
      self.query = query
      self.headers = headers
      self.bodyDigest = bodyDigest
    }
  }

  public static let algorithm = "AWS4-HMAC-SHA256"

  public var credentials: Credentials
  public var region: String
  public var service: String

  public init(credentials: Credentials, region: String, service: String) {
    self.credentials = credentials
    self.region = region
    self.service = service
  }

  /// The value of `Authorization`.
  ///
  /// - Parameter date: "20150830T123600Z", as `x-amz-date` has it.
  public func authorization(_ request: Request, date: String) -> String {
    let scope = "\(date.prefix(8))/\(region)/\(service)/aws4_request"
    let text = Self.stringToSign(request, date: date, scope: scope)
    var key = Self.mac(Array("AWS4\(credentials.secretKey)".utf8), String(date.prefix(8)))
    for part in [region, service, "aws4_request"] { key = Self.mac(key, part) }
    return "\(Self.algorithm) Credential=\(credentials.accessKey)/\(scope), "
      + "SignedHeaders=\(Self.signedHeaders(request)), Signature=\(Self.hex(Self.mac(key, text)))"
  }

  static func stringToSign(_ request: Request, date: String, scope: String) -> String {
    let digest = Digest(of: Array(canonical(request).utf8)).hex
    return "\(algorithm)\n\(date)\n\(scope)\n\(digest)"
  }

  static func canonical(_ request: Request) -> String {
    let fields = Dictionary(grouping: request.headers) { $0.name.lowercased() }
      .sorted { $0.key < $1.key }
      .map { "\($0.key):\($0.value.map { collapsed($0.value) }.joined(separator: ","))\n" }
    return [
      request.method, path(request.path), query(request.query), fields.joined(),
      signedHeaders(request), request.bodyDigest,
    ].joined(separator: "\n")
  }

  private static func signedHeaders(_ request: Request) -> String {
    Set(request.headers.map { $0.name.lowercased() }).sorted().joined(separator: ";")
  }

  /// Without spaces around it, and one for each run of them within.
  private static func collapsed(_ value: String) -> String {
    value.split(separator: " ").joined(separator: " ")
  }

  /// A path as it is signed and sent: percent-encoded but for its slashes.
  public static func path(_ path: String) -> String { encoded(path, keeping: "/") }

  /// A query as it is signed and sent: sorted, everything percent-encoded, "name=" without a value.
  public static func query(_ fields: [(name: String, value: String)]) -> String {
    fields.map { (encoded($0.name), encoded($0.value)) }
      .sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }

  private static func encoded(_ text: String, keeping kept: String = "") -> String {
    var bytes: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      if byte.isASCIIAlphanumeric || "-._~".utf8.contains(byte) || kept.utf8.contains(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func mac(_ key: [UInt8], _ text: String) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    Digest(bytes: bytes)?.hex ?? ""
  }
}

extension SigV4.Credentials: CustomStringConvertible, CustomReflectable {
  /// Without secrets.
  public var description: String { "a key of AWS" }
  public var customMirror: Mirror { Mirror(self, children: ["key": description]) }
}

/// Times as AWS writes them.
public enum AmazonDate {
  /// "20150830T123600Z" of seconds since 1970.
  public static func text(_ seconds: Int64) -> String {
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let rest = seconds - days * 86_400
    let (year, month, day) = civil(days)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return
      "\(year)\(two(month))\(two(day))T\(two(rest / 3600))\(two(rest / 60 % 60))\(two(rest % 60))Z"
  }

  /// H. Hinnant's `civil_from_days`.
  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let day = shifted - era * 146_097
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let ofYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * ofYear + 2) / 153
    let civilMonth = month < 10 ? month + 3 : month - 9
    return (
      year + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, ofYear - (153 * month + 2) / 5 + 1
    )
  }
}
