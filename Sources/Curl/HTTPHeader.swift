/// One header field.
public struct HTTPHeader: Sendable, Hashable {
  public let name: String
  public let value: String

  /// - Throws: `invalidRequest` for a name that is no token of RFC 9110, for a value with a control
  ///   byte in it, and for fields that belong to the transport (`Host`, `Content-Length`, ...).
  public init(_ name: String, _ value: String) throws(HTTPError) {
    guard !name.isEmpty, name.utf8.count <= 256, name.utf8.allSatisfy(Self.isToken) else {
      throw HTTPError(.invalidRequest, "a header's name may hold letters, digits and dashes only")
    }
    guard !Self.reserved.contains(name.lowercased()) else {
      throw HTTPError(.invalidRequest, "the header '\(name)' is set by the transport")
    }
    guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
      throw HTTPError(
        .invalidRequest, "the value of the header '\(name)' holds a line break or control byte")
    }
    guard value.utf8.count <= 32 << 10 else {
      throw HTTPError(.invalidRequest, "the value of the header '\(name)' is over 32 KiB")
    }
    self.init(received: name, value)
  }

  /// A field of an answer: whatever the server wrote.
  init(received name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  func isNamed(_ other: String) -> Bool { name.lowercased() == other.lowercased() }

  private static let reserved: Set = [
    "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te",
    "trailer", "expect", "proxy-authorization", "proxy-connection",
  ]

  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}

extension HTTPHeader: CustomStringConvertible, CustomReflectable {
  /// The value only where it is no secret.
  public var description: String { "\(name): \(Redaction.value(ofHeader: name, value))" }

  public var customMirror: Mirror { Mirror(self, children: ["field": description]) }
}
