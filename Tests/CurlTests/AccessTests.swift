import Curl
import Foundation
import TestSupport
import Testing

@Suite struct AccessTests {
  private func kind(_ url: String, _ access: HTTPAccess) async throws -> HTTPError.Kind {
    let client = try HTTPClient.forTests()
    return try await failure {
      try await client.send(HTTPRequest("GET", url, access: access))
    }.kind
  }

  @Test func onlyAllowedHostsAreCalled() async throws {
    let server = try FilterServer()
    #expect(try await kind(server.base, .hosts(["example.com"])) == .refused)
    // The host is allowed, but not at such an address; by address or by name.
    #expect(try await kind(server.base, .hosts(["127.0.0.1"])) == .refused)
    let onlyHTTP = HTTPAccess { _ in .custom(plainHTTP: true, privateAddresses: false) }
    #expect(try await kind(server.base, onlyHTTP) == .refused)
    let named = server.base.replacing("127.0.0.1", with: "localhost")
    #expect(try await kind(named, onlyHTTP) == .refused)
    #expect(
      try await kind("http://0x7f000001:\(server.base.split(separator: ":")[2])", onlyHTTP)
        == .refused)
    // Not encrypted.
    let onlyPrivate = HTTPAccess { _ in .custom(plainHTTP: false, privateAddresses: true) }
    #expect(try await kind(server.base, onlyPrivate) == .refused)
    let client = try HTTPClient.forTests()
    #expect(
      try await server.counts(client)
        == .init(
          requests: 0, connections: 1, frames: 0, paid: 0, paidTwice: 0, failures: [:]))
    let response = try await client.send(
      HTTPRequest("GET", "\(named)/control/counts", access: .here))
    #expect(response.status == 200)
  }

  @Test func aKeptConnectionGivesNoRight() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    let url = "\(server.base.replacing("127.0.0.1", with: "localhost"))/control/counts"
    #expect(try await client.send(HTTPRequest("GET", url, access: .here)).status == 200)
    let onlyHTTP = HTTPAccess { _ in .custom(plainHTTP: true, privateAddresses: false) }
    let error = try await failure {
      try await client.send(HTTPRequest("GET", url, access: onlyHTTP))
    }
    #expect(error.kind == .refused && !error.mayHaveBeenSent)
  }

  @Test(arguments: [
    "ftp://127.0.0.1/", "file:///etc/passwd", "http://user:pass@127.0.0.1/", "nonsense",
  ])
  func otherURLsAreRefused(url: String) async throws {
    #expect(try await kind(url, .here) == .invalidRequest)
  }

  @Test(arguments: ["", "get", "GET /x", "CONNECT", "GET\r\nX: y"])
  func otherMethodsAreRefused(method: String) async throws {
    let client = try HTTPClient.forTests()
    let error = try await failure {
      try await client.send(HTTPRequest(method, "http://127.0.0.1:1/", access: .here))
    }
    #expect(error.kind == .invalidRequest)
  }

  private static let secretHeaders = ["Authorization", "X-API-Key", "Cookie", "X-Custom"]

  private func redirect(_ server: FilterServer, to url: String, status: Int = 302) -> String {
    let allowed = CharacterSet.alphanumerics
    return "\(server.base)/control/redirect?status=\(status)&to="
      + (url.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
  }

  private func request(_ url: String, _ method: String = "POST") throws -> HTTPRequest {
    var request = HTTPRequest(method, url, access: .here)
    request.headers = try Self.secretHeaders.map { try HTTPHeader($0, "very-secret") }
    request.headers.append(try HTTPHeader("Content-Type", "image/png"))
    if method == "POST" { request.body = .bytes(TestPicture.png(0)) }
    return request
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func redirectsAreFollowed(status: Int) async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    let url = redirect(server, to: "/control/echo", status: status)
    let seen = try await server.echo(client, request(url))
    let stays = status >= 307
    #expect(seen.method == (stays ? "POST" : "GET"))
    #expect(seen.length == (stays ? TestPicture.png(0).count : 0))
    #expect(seen.header("content-type") == (stays ? "image/png" : nil))
    // The same origin: what opened the first door opens this one.
    for name in Self.secretHeaders { #expect(seen.header(name) == "very-secret") }
  }

  @Test func noCredentialGoesToAnotherOrigin() async throws {
    let server = try FilterServer()
    let other = try FilterServer()
    let client = try HTTPClient.forTests()
    let named = server.base.replacing("127.0.0.1", with: "localhost")
    for base in [other.base, named] {
      let seen = try await server.echo(
        client, request(redirect(server, to: "\(base)/control/echo", status: 307)))
      for name in Self.secretHeaders { #expect(seen.header(name) == nil) }
      #expect(seen.header("content-type") == "image/png")
    }
    // Nor does it come back where the second hop leads home.
    let back = redirect(other, to: "\(server.base)/control/echo")
    let seen = try await server.echo(client, request(redirect(server, to: back), "GET"))
    #expect(seen.header("authorization") == nil)
  }

  @Test func redirectsAreCheckedAnew() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    for (target, kind) in [
      ("http://example.com/", HTTPError.Kind.refused), ("https://169.254.169.254/latest", .refused),
      ("https://[::1]/", .refused), ("file:///etc/passwd", .redirect),
      ("https://u:p@127.0.0.1/", .redirect),
    ] {
      let error = try await failure {
        try await client.send(request(redirect(server, to: target)))
      }
      #expect(error.kind == kind, "\(target)")
      #expect(!"\(error)".contains("very-secret"))
    }
  }

  /// Where a later hop finds nobody, the first server has seen the request all the same.
  @Test func afterARedirectARequestHasBeenSent() async throws {
    let server = try FilterServer()
    var gone: CannedServer? = try CannedServer("")
    let port = try #require(gone?.port)
    gone = nil
    let client = try HTTPClient.forTests()
    for (target, kind) in [
      ("http://127.0.0.1:\(port)/", HTTPError.Kind.connect), ("https://example.com/", .refused),
    ] {
      let error = try await failure {
        try await client.send(request(redirect(server, to: target, status: 303)))
      }
      #expect(error.kind == kind && error.mayHaveBeenSent && !error.isConnectFailure)
    }
  }

  @Test func fiveRedirectsAndNoMore() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    func chain(_ length: Int) -> String {
      (0..<length).reduce("\(server.base)/control/counts") { url, _ in redirect(server, to: url) }
    }
    let response = try await client.send(HTTPRequest("GET", chain(5), access: .here))
    #expect(response.status == 200 && response.redirects == 5)
    #expect(response.url == "\(server.base)/control/counts")
    let error = try await failure {
      try await client.send(HTTPRequest("GET", chain(6), access: .here))
    }
    #expect(error.kind == .redirect)
    var unfollowed = HTTPRequest("GET", chain(1), access: .here)
    unfollowed.followsRedirects = false
    #expect(try await client.send(unfollowed).status == 302)
  }
}
