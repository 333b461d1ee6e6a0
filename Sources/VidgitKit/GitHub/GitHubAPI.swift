import Curl
import Foundation
import VidgitModel

/// GitHub's REST interface (docs.github.com/rest, version 2022-11-28).
///
/// Requests that change nothing are tried again where that may help; those that make something are not,
/// unless GitHub surely did not do it. Where GitHub wants a pause, it gets one, up to some minutes.
struct GitHubAPI: Sendable {
  /// Where an instance of GitHub is, and who asks it.
  let host: GitHubHost
  let caller: HTTPCaller

  static let version = "2022-11-28"

  init(_ host: GitHubHost, _ client: HTTPClient, policy: RetryPolicy = Self.policy) {
    self.host = host
    caller = HTTPCaller(client, policy: policy) {
      Self.outcome($0, now: Int64(Date().timeIntervalSince1970))
    }
  }

  init(_ host: GitHubHost, certificates: String?, proxy: ProxyChoice) throws {
    self.init(host, try HTTPClient(certificates: certificates, proxy: proxy))
  }

  static let policy = RetryPolicy(tries: 5, patience: .seconds(300))

  struct Answer {
    let status: Int
    let json: JSONValue?
    private let redaction: Redaction

    /// - Parameter token: is not to be seen in what GitHub says.
    init(_ response: HTTPResponse, token: String?) {
      redaction = Redaction(secrets: token.map { [$0] } ?? [])
      status = response.status
      let limits = JSONLimits(bytes: 16 << 20, depth: 64, elements: 1_000_000, isLenient: true)
      json = try? JSONValue(parsing: response.body, what: "GitHub's answer", limits: limits)
    }

    /// GitHub's own words.
    var message: String {
      let object = json?.object
      let details = (object?["errors"]?.array ?? []).compactMap {
        $0.object?["message"]?.string ?? $0.string
      }
      let text = ([object?["message"]?.string].compactMap(\.self) + details).joined(separator: "; ")
      return TerminalText.escaped(String(redaction.text(text).prefix(300)))
    }
  }

  /// Sends a request, and takes every answer that `expecting` names.
  ///
  /// - Parameters:
  ///   - path: "/repos/o/n", or a whole address that GitHub gave.
  ///   - isRepeatable: whether it may be done twice; nil goes by the method.
  ///   - deed: what is tried, for errors: "make the repository 'o/n'".
  /// - Throws: `VidgitError` for any other answer.
  func send(
    _ method: String, _ path: String, _ body: JSONValue? = nil, expecting: Set<Int>,
    isRepeatable: Bool? = nil, deed: String
  ) async throws -> Answer {
    var request = try request(method, path)
    if let body {
      request.headers.append(try HTTPHeader("Content-Type", "application/json"))
      request.body = .bytes(body.compact())
    }
    request.timeouts.total = .seconds(120)
    request.sink = .memory(limit: 16 << 20)
    let response = try await send(request, isRepeatable: isRepeatable, deed: deed)
    let answer = Answer(response, token: host.token)
    guard expecting.contains(answer.status) else { throw fault(response, deed) }
    return answer
  }

  /// The answer to a request, whatever its status, after all tries.
  ///
  /// - Throws: `VidgitError` where there is none.
  func send(
    _ request: HTTPRequest, isRepeatable: Bool? = nil, deed: String
  ) async throws -> HTTPResponse {
    let isRepeatable = isRepeatable ?? ["GET", "DELETE"].contains(request.method)
    do {
      return try await caller.send(isRepeatable: isRepeatable) { request }
    } catch let fault as HTTPCaller.Fault {
      throw self.fault(fault, deed)
    }
  }

  /// A request with the headers that GitHub wants, and the token where there is one.
  func request(
    _ method: String, _ path: String, accept: String = "application/vnd.github+json",
    access: HTTPAccess? = nil
  ) throws -> HTTPRequest {
    var request = HTTPRequest(
      method, path.hasPrefix("/") ? host.api + path : path, access: access ?? host.access)
    request.headers = [
      try HTTPHeader("Accept", accept), try HTTPHeader("X-GitHub-Api-Version", Self.version),
    ]
    if let token = host.token {
      request.headers.append(try HTTPHeader("Authorization", "Bearer \(token)"))
    }
    return request
  }

  /// GitHub says with 403 or 429 that there were too many requests, and when to come back
  /// (docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api): as 429, whatever it was.
  static func outcome(_ response: HTTPResponse, now: Int64) -> CallOutcome {
    guard response.status == 403 || response.status == 429 else {
      return CallOutcome(response, now: now)
    }
    if let wait = RetryAfter.wait(header: response.header("Retry-After"), now: now) {
      return .status(429, wait: wait)
    }
    if response.header("X-RateLimit-Remaining") == "0",
      let reset = response.header("X-RateLimit-Reset").flatMap({ Int64($0) })
    {
      // Whatever the header says: no difference of two such numbers overflows.
      let wait = max(now, min(now + 86_400, reset)) - now
      return .status(429, wait: .seconds(max(1, wait)))
    }
    // The secondary limits may come without a time: a minute at least.
    let isSecondary =
      response.status == 403
      && Answer(response, token: nil).message.lowercased().contains("secondary rate limit")
    return response.status == 429 || isSecondary
      ? .status(429, wait: .seconds(60)) : .status(403, wait: nil)
  }
}
