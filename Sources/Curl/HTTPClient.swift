/// Sends requests, many at once, over connections that are kept.
///
/// Its transfers run on one thread of its own, which ends with the client. TLS is always verified;
/// there are no cookies, no netrc and no proxies but the one it is given; the environment is not read.
public final class HTTPClient: Sendable {
  public struct Configuration: Sendable {
    /// Transfers at once.
    public var transfers = 16
    /// Transfers at once to one host (scheme, name and port).
    public var transfersPerHost = 8
    /// How long an idle connection is used again. Servers close theirs after some seconds, and a
    /// request that crosses with that is lost.
    public var idleLimit: Duration = .seconds(4)
    /// A file of certificates in PEM that are trusted in place of the system's.
    public var certificates: String?
    /// Asked for every hop. Through a proxy only addresses that stand in a URL can be checked: names
    /// are the proxy's to look up.
    public var proxy = ProxyChoice.none
    public var userAgent: String

    /// - Parameter userAgent: "name/version".
    public init(userAgent: String) { self.userAgent = userAgent }
  }

  let configuration: Configuration
  let engine: Engine

  /// - Throws: `client` where libcurl cannot be set up.
  public init(_ configuration: Configuration) throws(HTTPError) {
    self.configuration = configuration
    engine = try Engine(configuration)
  }

  deinit { engine.stop() }

  /// Sends a request and waits for its answer, whatever its status.
  ///
  /// Where the task is cancelled the transfer ends at once; the server may have done its work.
  ///
  /// - Throws: `HTTPError`, or `CancellationError`.
  public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    try await follow(request)
  }

  /// One hop.
  func perform(_ request: HTTPRequest, _ target: Target) async throws -> HTTPResponse {
    let permission: HTTPAccess.Permission
    do throws(HTTPError) {
      permission = try target.permission(request.access)
    } catch {
      throw error.of(request)
    }
    let ticket = Ticket()
    let transfer = Transfer(
      request: request, target: target, permission: permission,
      proxy: configuration.proxy.proxy(for: target.origin), ticket: ticket)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        if ticket.wait(continuation) { engine.submit(transfer) }
      }
    } onCancel: {
      if ticket.cancel() { engine.cancel(ticket) }
    }
  }
}

extension HTTPError {
  /// The same with what was tried, and without its secrets.
  func of(_ request: HTTPRequest) -> HTTPError {
    var error = self
    error.operation = request.operation
    error.message = request.redaction.text(message)
    return error
  }
}
