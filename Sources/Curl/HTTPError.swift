/// A request that got no answer. A status, whatever it is, is no error.
public struct HTTPError: Error, Sendable {
  public enum Kind: Sendable, Hashable {
    /// A URL, method or header that cannot be sent.
    case invalidRequest
    /// The host or its address is not allowed.
    case refused
    /// The name has no address, or no connection was made.
    case connect
    /// No secure connection: a certificate that is not trusted or not for this host, ...
    case tls
    case timeout(Timeout)
    /// The connection ended before the answer did.
    case connectionLost
    /// The answer is no HTTP, or breaks its rules.
    case protocolViolation
    /// The answer is longer than its bound.
    case tooLarge
    /// More than five redirects, or one that leads nowhere.
    case redirect
    /// What took the answer, or gave the body, failed: a full disk, ... See `underlying`.
    case body
    /// The client was shut down, or libcurl failed within.
    case client
  }

  /// Which time ran out.
  public enum Timeout: String, Sendable, Hashable {
    /// Until a connection was there, TLS included.
    case connect
    /// Nothing came or went for too long.
    case stall
    /// The whole request.
    case total
  }

  public let kind: Kind
  /// What was tried: "POST https://host/path"; without secrets. Nil before there is a request.
  public internal(set) var operation: String?
  /// What went wrong, without secrets.
  public internal(set) var message: String
  /// Whether the server may have seen the request. Where this is false, sending it again is safe.
  public internal(set) var mayHaveBeenSent: Bool
  /// What the closure for the body threw.
  public let underlying: (any Error)?

  init(
    _ kind: Kind, _ message: String, operation: String? = nil, mayHaveBeenSent: Bool = false,
    underlying: (any Error)? = nil
  ) {
    self.kind = kind
    self.message = message
    self.operation = operation
    self.mayHaveBeenSent = mayHaveBeenSent
    self.underlying = underlying
  }

  /// Whether there was no connection, so that another try may find one: not for what was refused.
  public var isConnectFailure: Bool {
    guard !mayHaveBeenSent else { return false }
    switch kind {
    case .connect, .timeout, .connectionLost: return true
    default: return false
    }
  }
}

extension HTTPError: CustomStringConvertible {
  /// "POST https://host/path: the certificate is not trusted".
  public var description: String { (operation.map { "\($0): " } ?? "") + message }
}
