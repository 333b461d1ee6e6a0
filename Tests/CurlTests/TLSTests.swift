import Curl
import Foundation
import TestSupport
import Testing

@Suite struct TLSTests {
  @Test func certificatesAreVerified() async throws {
    let folder = try TemporaryFolder()
    let certificate = try TestCertificate(in: folder)
    let server = try FilterServer(certificate: certificate)
    #expect(server.base.hasPrefix("https://"))

    let strict = try HTTPClient.forTests()
    let unknown = try await failure {
      try await strict.send(HTTPRequest("POST", "\(server.base)/raw/invert", access: .here))
    }
    #expect(unknown.kind == .tls && !unknown.mayHaveBeenSent && !unknown.isConnectFailure)

    let client = try HTTPClient.forTests { $0.certificates = certificate.path }
    let response = try await client.send(
      HTTPRequest(
        "POST", "\(server.base)/raw/invert", body: .bytes(TestPicture.png(0)), access: .here))
    #expect(response.status == 200)

    let named = server.base.replacing("127.0.0.1", with: "localhost")
    let otherName = try await failure {
      try await client.send(HTTPRequest("GET", "\(named)/control/counts", access: .here))
    }
    #expect(otherName.kind == .tls)
    #expect(try await server.counts(client).requests == 1)
  }

  @Test func manyAtOnce() async throws {
    let folder = try TemporaryFolder()
    let certificate = try TestCertificate(in: folder)
    let server = try FilterServer(certificate: certificate)
    let client = try HTTPClient.forTests { $0.certificates = certificate.path }
    let url = "\(server.base)/raw/posterise"
    try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<100 {
        group.addTask {
          try await client.send(
            HTTPRequest("POST", url, body: .bytes(TestPicture.png(UInt8(number))), access: .here)
          ).status
        }
      }
      for try await status in group { #expect(status == 200) }
    }
    let counts = try await server.counts(client)
    #expect(counts.frames == 100 && counts.paid == 100 && counts.connections <= 8)
  }

  /// Where a server offers HTTP/2 it is spoken, with many requests on one connection.
  @Test func http2IsSpokenWhereItIsOffered() async throws {
    guard let server = Tool.find("nghttpd") else {
      try skip("no 'nghttpd' on PATH: it comes with the package nghttp2-server")
    }
    let folder = try TemporaryFolder()
    let certificate = try TestCertificate(in: folder)
    try folder.write("hello", to: "a")
    let port = try freePort()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: server.path)
    process.arguments = [
      "--address=127.0.0.1", "--htdocs=\(folder.path)", "--echo-upload", "\(port)",
      certificate.key, certificate.path,
    ]
    try process.run()
    defer {
      // Foundation starts it from a thread that blocks other signals, and it inherits that.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let client = try HTTPClient.forTests { $0.certificates = certificate.path }
    let url = "https://127.0.0.1:\(port)/a"
    // It says nothing when it listens.
    for _ in 0..<200 {
      if (try? await client.send(HTTPRequest("GET", url, access: .here))) != nil { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    let answers = try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
      for _ in 0..<50 {
        group.addTask { try await client.send(HTTPRequest("GET", url, access: .here)) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.allSatisfy { $0.version == "2" && $0.body == Array("hello".utf8) })
    #expect(answers.count == 50 && answers.allSatisfy { !$0.isNewConnection })
    // Longer than a window of HTTP/2.
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 11 >> 2) }
    let echo = try await client.send(
      HTTPRequest("POST", url, body: .bytes(bytes), access: .here))
    // Not compared within the macro, which would look for the differences of a million bytes.
    let isSame = echo.body == bytes
    #expect(echo.version == "2" && echo.status == 200 && echo.bodyLength == 1_000_000 && isSame)
  }

  /// A port that was free a moment ago.
  private func freePort() throws -> Int {
    let server = try CannedServer("")
    return server.port
  }
}
