import Curl
import TestSupport
import Testing

/// Beside the real curl, which says where it could not connect to.
@Suite struct ProxyTests {
  private static let proxy = "http://127.0.0.1:1"

  /// Whether curl goes through the proxy.
  private func curlAsksProxy(_ url: String, _ environment: [String: String]) throws -> Bool {
    // Without a proxy it would end at port 2, whatever the host.
    let said = try Tool.require("curl").run(
      ["-sS", "--max-time", "20", "--connect-to", "::127.0.0.1:2", url], environment: environment)
    #expect(said.status != 0)
    let ports = [1, 2].filter { said.errors.contains("port \($0) ") }
    try #require(ports.count == 1, Comment(rawValue: said.snapshot))
    return ports == [1]
  }

  @Test(arguments: [
    "", "*", "example.test", ".example.test", "example.test.", "EXAMPLE.test", "ample.test", "test",
    "a.example.test", "other.test,example.test", "other.test, .example.test",
    "other.test example.test",
    ",,example.test,", "192.168.1.5", "192.168.0.0/16", "192.168.1.0/30", "192.168.1.4/31",
    "10.0.0.0/8",
    "192.168.1.5/33", "192.168.1.9/0", "192.168.1", "1.5", "2001:db8::7", "::1",
  ])
  func hostsWithoutAProxyAreThoseOfCurl(_ list: String) throws {
    let environment = ["http_proxy": Self.proxy, "no_proxy": list]
    let choice = ProxyChoice(variables: environment)
    for host in [
      "example.test", "www.example.test", "a.example.test", "nonexample.test", "192.168.1.5",
      "[2001:db8::7]",
    ] {
      let url = "http://\(host)/"
      let origin = try #require(HTTPOrigin(url: url))
      let said = Comment(rawValue: "'\(list)', \(url)")
      #expect(try (choice.proxy(for: origin) != nil) == curlAsksProxy(url, environment), said)
    }
  }

  /// As documented; curl 7.88 itself takes an IPv6 address in a URL for a name.
  @Test func rangesMayBeOfIPv6() throws {
    let choice = ProxyChoice(variables: ["all_proxy": Self.proxy, "no_proxy": "2001:db8::/32"])
    let inside = try #require(HTTPOrigin(url: "https://[2001:db8:1::7]/"))
    let outside = try #require(HTTPOrigin(url: "https://[2001:db9::7]/"))
    #expect(choice.proxy(for: inside) == nil)
    #expect(choice.proxy(for: outside) == Self.proxy)
  }

  @Test(arguments: [
    [], ["http_proxy"], ["HTTP_PROXY"], ["https_proxy"], ["HTTPS_PROXY"], ["all_proxy"],
    ["ALL_PROXY"], ["http_proxy", "NO_PROXY"], ["https_proxy", "NO_PROXY"],
  ])
  func variablesAreThoseOfCurl(_ names: [String]) throws {
    var environment: [String: String] = [:]
    for name in names { environment[name] = name == "NO_PROXY" ? "example.test" : Self.proxy }
    let choice = ProxyChoice(variables: environment)
    for url in ["http://example.test/", "https://example.test/"] {
      let origin = try #require(HTTPOrigin(url: url))
      let said = Comment(rawValue: "\(names), \(url)")
      #expect(try (choice.proxy(for: origin) != nil) == curlAsksProxy(url, environment), said)
    }
  }

  /// Asked for every hop: a redirect may lead to where another choice holds.
  @Test(arguments: [true, false]) func eachHopHasItsOwn(isProxyFirst: Bool) async throws {
    let end = try CannedServer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend")
    let here = "http://127.0.0.1:\(end.port)/"
    let there = "http://example.test/"
    let first = try CannedServer(
      "HTTP/1.1 302 Found\r\nLocation: \(isProxyFirst ? here : there)\r\nContent-Length: 0\r\n\r\n")
    let proxy = isProxyFirst ? first : end
    let client = try HTTPClient.forTests {
      $0.proxy = ProxyChoice(variables: [
        "http_proxy": "http://127.0.0.1:\(proxy.port)", "no_proxy": "127.0.0.1",
      ])
    }
    // Nobody but the proxy answers for example.test; and it would send a second hop back to itself.
    let response = try await client.send(
      HTTPRequest(
        "GET", isProxyFirst ? there : "http://127.0.0.1:\(first.port)/",
        access: .hosts([], anyAddress: ["example.test", "127.0.0.1"])))
    #expect(response.status == 200 && response.redirects == 1)
    #expect(response.body == Array("end".utf8))
  }
}
