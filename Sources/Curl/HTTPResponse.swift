/// An answer, whatever its status.
public struct HTTPResponse: Sendable {
  public let status: Int
  /// In the order that they came in.
  public let headers: [HTTPHeader]
  /// Empty where a sink took the body.
  public let body: [UInt8]
  /// Bytes of the body, also where a sink took them.
  public let bodyLength: Int64
  /// Whether the text of an error was longer than what is kept of it.
  public let isBodyCut: Bool
  /// Where it came from in the end. May hold secrets in its query: show `Redaction.url(url)`.
  public let url: String
  /// "1.1", "2", ...
  public let version: String
  public let redirects: Int
  /// From the start of the last hop to its end.
  public let duration: Duration
  /// Whether the last hop opened a connection of its own.
  public let isNewConnection: Bool

  /// The value of the first header of that name, in whatever case.
  public func header(_ name: String) -> String? { headers.first { $0.isNamed(name) }?.value }

  /// 200 to 299.
  public var isSuccess: Bool { (200...299).contains(status) }
}

extension HTTPResponse: CustomStringConvertible, CustomReflectable {
  /// Status and length, without secrets.
  public var description: String { "\(status), \(bodyLength) bytes, \(Redaction.url(url))" }
  public var customMirror: Mirror { Mirror(self, children: ["answer": description]) }
}
