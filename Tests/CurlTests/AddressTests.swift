import Testing

@testable import Curl

@Suite struct AddressTests {
  @Test(arguments: [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "100.100.100.200",
    "127.0.0.1",
    "127.255.255.255", "169.254.169.254", "169.254.170.2", "168.63.129.16", "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192", "192.168.1.1", "198.18.0.1", "198.19.255.255", "192.0.2.1", "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::8.8.8.8", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001::1", "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1", "100::1", "5f00::1", "[::1]",
  ])
  func refusesWhatIsNotOfTheInternet(text: String) throws {
    #expect(try #require(NetworkAddress(text)).restriction != nil)
  }

  @Test(arguments: [
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
    "192.167.255.255",
    "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::200e",
    "64:ff9b::8.8.8.8", "[2600::1]",
  ])
  func allowsTheInternet(text: String) throws {
    #expect(try #require(NetworkAddress(text)).restriction == nil)
  }

  @Test(arguments: ["", "localhost", "1.2.3", "0x7f.0.0.1", "1.2.3.4.5", ":::", "example.com"])
  func passesOverNames(text: String) { #expect(NetworkAddress(text) == nil) }

  @Test(arguments: [
    ("HTTPS://Example.COM/a?b=c#d", "https://example.com"),
    ("http://example.com.:8080/", "http://example.com:8080"),
    ("https://2130706433/", "https://127.0.0.1"), ("https://0x7f.1/", "https://127.0.0.1"),
    ("https://[::1]:8443/", "https://[::1]:8443"),
  ])
  func readsOriginsAsLibcurlDoes(url: String, origin: String) throws {
    #expect(try Target(url, .invalidRequest).origin.description == origin)
  }

  @Test(arguments: [
    "", "example.com", "/path", "file:///etc/passwd", "ftp://example.com/", "gopher://example.com/",
    "https://", "https://user@example.com/", "https://user:secret@example.com/",
    "https://exa mple.com/",
    "https://example.com/\r\nX: y", "https://example.com/é", "https://example.com:99999/",
    "data:,x",
    "https://example.com/" + String(repeating: "a", count: 20_000),
  ])
  func refusesOtherURLs(url: String) {
    #expect(throws: HTTPError.self) { try Target(url, .invalidRequest) }
  }

  @Test func resolvesRelativeURLs() throws {
    let base = try Target("https://example.com/a/b?c=d", .invalidRequest)
    func resolved(_ url: String) throws -> String {
      try Target(url, relativeTo: base, .redirect).url
    }
    #expect(try resolved("/x?y=z") == "https://example.com/x?y=z")
    #expect(try resolved("x") == "https://example.com/a/x")
    #expect(try resolved("//other.example/x") == "https://other.example/x")
    #expect(throws: HTTPError.self) { try resolved("file:///etc/passwd") }
  }
}
