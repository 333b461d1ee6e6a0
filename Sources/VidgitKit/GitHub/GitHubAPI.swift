import Curl
import Foundation
import VidgitModel

/// GitHub's REST interface (docs.github.com/rest, version 2022-11-28).
///
/// Requests that change nothing are tried again where that may help; those that make something are not,
/// unless GitHub surely did not see them.
struct GitHubAPI: Sendable {
  /// Where an instance of GitHub is, and who asks it.
  let host: GitHubHost
  private let client: HTTPClient

  static let version = "2022-11-28"

  init(_ host: GitHubHost, certificates: String? = nil, proxy: ProxyChoice = .none) throws {
    self.host = host
    var configuration = HTTPClient.Configuration(userAgent: "vidgit/1")
    configuration.certificates = certificates
    configuration.proxy = proxy
    do {
      client = try HTTPClient(configuration)
    } catch {
      throw VidgitError(.system, "cannot set up the network: \(error)", underlying: error)
    }
  }

  struct Answer {
    let status: Int
    let json: JSONValue?

    /// GitHub's own words.
    var message: String {
      let object = json?.object
      let details = (object?["errors"]?.array ?? []).compactMap {
        $0.object?["message"]?.string ?? $0.string
      }
      let text = ([object?["message"]?.string].compactMap(\.self) + details).joined(separator: "; ")
      return TerminalText.escaped(String(text.prefix(300)))
    }
  }

  /// Sends a request, and takes every answer that `expecting` names.
  ///
  /// - Parameters:
  ///   - path: "/repos/o/n", or a whole address that GitHub gave.
  ///   - deed: what is tried, for errors: "make the repository 'o/n'".
  /// - Throws: `VidgitError` for any other answer.
  func send(
    _ method: String, _ path: String, _ body: JSONValue? = nil, expecting: Set<Int>, deed: String
  ) async throws -> Answer {
    var request = HTTPRequest(
      method, path.hasPrefix("/") ? host.api + path : path, access: host.access)
    request.headers = try headers()
    if let body {
      request.headers.append(try HTTPHeader("Content-Type", "application/json"))
      request.body = .bytes(body.compact())
    }
    request.timeouts.total = .seconds(120)
    request.sink = .memory(limit: 16 << 20)
    let policy = RetryPolicy(tries: 5, patience: .seconds(120))
    var generator = SystemRandomNumberGenerator()
    var tried = 0
    while true {
      tried += 1
      let outcome: CallOutcome
      let failure: VidgitError
      do {
        let response = try await client.send(request)
        let answer = Answer(status: response.status, json: Self.json(response.body))
        if expecting.contains(answer.status) { return answer }
        outcome = self.outcome(response)
        failure = error(answer, response, deed)
      } catch let error as HTTPError {
        outcome = CallOutcome(error)
        failure = VidgitError(
          .system, "cannot \(deed): \(error)",
          hint: error.kind == .refused
            ? "your own server is allowed with `git config --global --add vidgit.allowHost HOST`"
            : "look at the network, and try again", underlying: error)
      }
      let wait = policy.wait(after: outcome, tried: tried, using: &generator)
      guard let wait, method == "GET" || outcome == .notConnected || isLimited(outcome) else {
        throw failure
      }
      try await Task.sleep(for: wait)
    }
  }

  private func headers() throws -> [HTTPHeader] {
    var headers = [
      try HTTPHeader("Accept", "application/vnd.github+json"),
      try HTTPHeader("X-GitHub-Api-Version", Self.version),
    ]
    if let token = host.token {
      headers.append(try HTTPHeader("Authorization", "Bearer \(token)"))
    }
    return headers
  }

  /// GitHub says with 403 or 429 that there were too many requests, and when to come back.
  private func outcome(_ response: HTTPResponse) -> CallOutcome {
    let now = Int64(Date().timeIntervalSince1970)
    guard response.status == 403 || response.status == 429 else {
      return CallOutcome(response, now: now)
    }
    if let wait = RetryAfter.wait(header: response.header("Retry-After"), now: now) {
      return .status(429, wait: wait)
    }
    if response.header("X-RateLimit-Remaining") == "0",
      let reset = response.header("X-RateLimit-Reset").flatMap({ Int64($0) })
    {
      return .status(429, wait: .seconds(max(1, min(86_400, reset - now))))
    }
    return response.status == 429 ? .status(429, wait: .seconds(60)) : .status(403, wait: nil)
  }

  private func isLimited(_ outcome: CallOutcome) -> Bool {
    if case .status(429, _) = outcome { true } else { false }
  }

  private func error(_ answer: Answer, _ response: HTTPResponse, _ deed: String) -> VidgitError {
    let words = answer.message.isEmpty ? "" : ": \(answer.message)"
    let hint: String?
    switch (answer.status, host.token) {
    case (401, nil), (403, nil), (404, nil):
      hint =
        "nobody is signed in: set GH_TOKEN to a token with the scope 'repo', or sign in with "
        + "`gh auth login`"
    case (401, _): hint = "the token is not valid any more: make a new one and set GH_TOKEN"
    case _ where isLimited(outcome(response)):
      hint = "GitHub wants a pause; run the same command again later, it carries on"
    case (404, _) where response.header("X-OAuth-Scopes")?.contains("repo") == true:
      hint = "is the name or number right, and may you see it?"
    case (403, _), (404, _):
      let scopes = response.header("X-OAuth-Scopes").map(TerminalText.escaped)
      hint =
        "the token may lack a right: it needs the scope 'repo'"
        + (scopes.map { ", and has '\($0)'" } ?? "")
        + ", or for fine-grained tokens Contents, Pull requests, Administration and Pages"
    default: hint = nil
    }
    let kind: VidgitError.Kind =
      switch answer.status {
      case 404: .notFound
      case 409, 422: .conflict
      case 401, 403: .refused
      default: .system
      }
    return VidgitError(kind, "cannot \(deed): GitHub answered \(answer.status)\(words)", hint: hint)
  }

  private static func json(_ body: [UInt8]) -> JSONValue? {
    let limits = JSONLimits(bytes: 16 << 20, depth: 64, elements: 1_000_000)
    return try? JSONValue(parsing: body, what: "GitHub's answer", limits: limits)
  }
}

/// An instance of GitHub: its addresses, and the token of who asks.
struct GitHubHost: Sendable {
  /// "https://api.github.com", or "https://HOST/api/v3" of an Enterprise; no slash at the end.
  let api: String
  /// Where repositories are cloned from and looked at: "https://github.com".
  let web: String
  let token: String?
  /// HTTPS at public addresses, and whatever the user allows these two hosts.
  let access: HTTPAccess

  /// - Parameters:
  ///   - api: the setting `vidgit.githubApi`; nil is github.com's.
  ///   - web: the setting `vidgit.githubWeb`; nil goes by `api`.
  init(api: String?, web: String?, token: String?, allowed: AllowedHosts) throws {
    func trimmed(_ text: String) -> String { text.hasSuffix("/") ? String(text.dropLast()) : text }
    let api = trimmed(api ?? "https://api.github.com")
    self.api = api
    if let web {
      self.web = trimmed(web)
    } else if api == "https://api.github.com" {
      self.web = "https://github.com"
    } else {
      self.web = api.hasSuffix("/api/v3") ? String(api.dropLast("/api/v3".count)) : api
    }
    self.token = token
    guard let origin = HTTPOrigin(url: api), HTTPOrigin(url: self.web) != nil else {
      throw VidgitError(
        .usage, "the setting vidgit.githubApi is no address: '\(TerminalText.escaped(api))'",
        hint: "https://api.github.com, or https://HOST/api/v3 of an Enterprise")
    }
    access = HTTPAccess { asked in
      // GitHub's uploads have a host of their own, which its answers name.
      let isUpload = api == "https://api.github.com" && asked.host == "uploads.github.com"
      guard asked.host == origin.host || isUpload else { return .refused }
      return allowed.contains(asked) ? .any : .encrypted
    }
  }

  /// The same for somebody with a token.
  func signedIn(_ token: String) -> GitHubHost { GitHubHost(self, token) }

  private init(_ other: GitHubHost, _ token: String) {
    (api, web, access) = (other.api, other.web, other.access)
    self.token = token
  }

  /// The host of web addresses, with its port where it has one: "github.com".
  var webHost: String {
    guard let scheme = web.firstRange(of: "://") else { return web }
    return String(web[scheme.upperBound...].prefix { $0 != "/" })
  }
}
