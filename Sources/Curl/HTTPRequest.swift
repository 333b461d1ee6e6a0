/// What is sent and where.
public struct HTTPRequest: Sendable {
  /// "GET", "POST", ...: upper-case letters.
  public var method: String
  /// Absolute, HTTPS or HTTP, without a user or password in it.
  public var url: String
  public var headers: [HTTPHeader] = []
  public var body = HTTPBody.none
  /// Where it may go. Asked again for every redirect.
  public var access: HTTPAccess
  /// What becomes of the body of a 2xx answer.
  public var sink = HTTPSink.memory()
  public var timeouts = HTTPTimeouts()
  /// Whether up to five redirects are followed; else they are answers like others.
  public var followsRedirects = true
  /// Whether the request may be sent a second time where a connection broke: nil leaves it to the
  /// method. A POST is not, unless it carries an idempotency key and this is set.
  public var isRepeatable: Bool?
  /// Texts that no error may show, such as a key within the URL. Headers that hold secrets by
  /// their names are known already.
  public var secrets: [String] = []

  public init(
    _ method: String = "GET", _ url: String, headers: [HTTPHeader] = [], body: HTTPBody = .none,
    access: HTTPAccess
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.access = access
  }

  var maySendAgain: Bool {
    isRepeatable ?? ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].contains(method)
  }

  var redaction: Redaction {
    Redaction(
      secrets: secrets + headers.filter { Redaction.isSecret(header: $0.name) }.map(\.value))
  }

  /// "POST https://host/path", for errors.
  var operation: String { redaction.text("\(method) \(Redaction.url(url))") }
}

extension HTTPRequest: CustomStringConvertible, CustomReflectable {
  /// Method and URL, without secrets.
  public var description: String { operation }
  public var customMirror: Mirror {
    Mirror(self, children: ["request": operation, "headers": headers.map(\.description)])
  }
}

/// The body of a request.
public enum HTTPBody: Sendable {
  case none
  case bytes([UInt8])
  /// `length` bytes of an open file from `offset`; read with `pread`, so that its position does not
  /// change. The descriptor stays the caller's and must be open until the answer is there.
  case file(descriptor: Int32, offset: Int64, length: Int64)

  var length: Int64 {
    switch self {
    case .none: 0
    case .bytes(let bytes): Int64(bytes.count)
    case .file(_, _, let length): length
    }
  }
}

/// How long each stage of a request may take, anew for each redirect. Waiting for a free place in the
/// client is not counted.
public struct HTTPTimeouts: Sendable, Hashable {
  /// Until a connection is there, TLS included.
  public var connect: Duration
  /// Without a byte in either direction, waiting for the answer included; whole seconds.
  public var stall: Duration
  /// The whole request.
  public var total: Duration

  public init(
    connect: Duration = .seconds(15), stall: Duration = .seconds(120),
    total: Duration = .seconds(600)
  ) {
    self.connect = connect
    self.stall = stall
    self.total = total
  }
}
