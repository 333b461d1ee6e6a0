import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Curl

private final class Told: Sendable {
  private let state = Mutex(0)
  var bytes: Int { state.withLock { $0 } }
  func add(_ bytes: Int) { state.withLock { $0 += bytes } }
}

@Suite struct ClientTests {
  @Test func sendsAPictureAndTakesOneBack() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    let picture = TestPicture.png(1)
    func inverted(_ bytes: [UInt8]) async throws -> [UInt8] {
      let response = try await client.send(
        HTTPRequest("POST", "\(server.base)/raw/invert", body: .bytes(bytes), access: .here))
      #expect(response.status == 200 && response.header("content-TYPE") == "image/png")
      #expect(response.bodyLength == Int64(response.body.count))
      return response.body
    }
    let once = try await inverted(picture)
    let twice = try await inverted(once)
    #expect(once != picture)
    #expect(try await inverted(twice) == once)
    let counts = try await server.counts(client)
    #expect(counts.requests == 3 && counts.frames == 3 && counts.paid == 3)
  }

  @Test func whatIsSentArrives() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    let folder = try TemporaryFolder()
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    let path = try folder.write(Data(bytes), to: "body")
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    let bodies: [(HTTPBody, ArraySlice<UInt8>)] = [
      (.none, []), (.bytes([]), []), (.bytes(Array(bytes)), bytes[...]),
      (.file(descriptor: descriptor, offset: 1000, length: 2_500_000), bytes[1000..<2_501_000]),
    ]
    for (index, (body, content)) in bodies.enumerated() {
      let sum = try folder.write(Data(content), to: "part\(index)")
      let expected = try Tool.require("sha256sum").succeed([sum]).output.prefix(64)
      for method in ["POST", "PUT", "GET", "DELETE"] {
        var request = HTTPRequest(method, "\(server.base)/control/echo?a=b%20c", access: .here)
        request.body = body
        request.headers = [
          try HTTPHeader("X-One", "é \" ; ,"), try HTTPHeader("X-Empty", ""),
          try HTTPHeader("X-Blank", " "),
        ]
        let told = Told()
        let seen = try await UploadWatch.$current.withValue(UploadWatch { told.add($0) }) {
          try await server.echo(client, request)
        }
        // Of files it is told how they go.
        if case .file = body {
          #expect(told.bytes == content.count)
        } else {
          #expect(told.bytes == 0)
        }
        #expect(seen.method == method && seen.path == "/control/echo?a=b%20c")
        #expect(seen.length == content.count && seen.sha256 == expected)
        #expect(seen.header("x-empty") == "" && seen.header("x-blank") == "")
        #expect(seen.header("user-agent") == "curl-tests/1")
        #expect(seen.header("expect") == nil && seen.header("transfer-encoding") == nil)
        #expect(seen.header("cookie") == nil && seen.header("authorization") == nil)
        if method == "POST" { #expect(seen.header("content-length") == "\(content.count)") }
      }
    }
  }

  @Test func aStatusIsNoError() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    for status in [400, 401, 404, 408, 429, 500, 503] {
      let response = try await client.send(
        HTTPRequest("POST", "\(server.base)/raw/invert?fail=\(status)&retry_after=7", access: .here)
      )
      #expect(response.status == status && !response.isSuccess)
      #expect(response.header("Retry-After") == "7")
      #expect(
        String(decoding: response.body, as: UTF8.self).contains("told to fail with \(status)"))
    }
  }

  @Test func headHasNoBody() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    let response = try await client.send(
      HTTPRequest("HEAD", "\(server.base)/control/counts", access: .here))
    #expect(response.status == 200 && response.body.isEmpty)
    #expect(Int(response.header("content-length") ?? "") ?? 0 > 0)
  }

  @Test func connectionsAreKept() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    for number in 0..<20 {
      let response = try await client.send(
        HTTPRequest(
          "POST", "\(server.base)/raw/invert", body: .bytes(TestPicture.png(UInt8(number))),
          access: .here))
      #expect(response.isNewConnection == (number == 0))
    }
    #expect(try await server.counts(client).connections == 1)
  }

  /// As many at once as allowed and no more: each on a connection of its own.
  @Test(arguments: [(16, 3, 3), (2, 8, 2)])
  func transfersAtOnceAreLimited(total: Int, perHost: Int, expected: Int) async throws {
    let server = try FilterServer(["--work", "0.05"])
    let client = try HTTPClient.forTests {
      $0.transfers = total
      $0.transfersPerHost = perHost
    }
    let url = "\(server.base)/raw/invert"
    try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<24 {
        group.addTask {
          try await client.send(
            HTTPRequest("POST", url, body: .bytes(TestPicture.png(UInt8(number))), access: .here)
          ).status
        }
      }
      for try await status in group { #expect(status == 200) }
    }
    let counts = try await server.counts(client)
    #expect(counts.frames == 24 && counts.paidTwice == 0)
    #expect(counts.connections == expected)
  }

  @Test func aBusyHostDoesNotHoldUpAnother() async throws {
    let busy = try FilterServer()
    let other = try FilterServer()
    let client = try HTTPClient.forTests { $0.transfersPerHost = 1 }
    let request = Self.patient("\(busy.base)/raw/invert?fail=hang&seconds=36000")
    let stuck = (0..<4).map { _ in Task { try await client.send(request) } }
    #expect(try await other.counts(client).requests == 0)
    for task in stuck { task.cancel() }
    for task in stuck {
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  /// A request that no limit of time ends, however long the test itself is kept waiting.
  private static func patient(_ url: String) -> HTTPRequest {
    var request = HTTPRequest("POST", url, access: .here)
    (request.timeouts.stall, request.timeouts.total) = (.seconds(36_000), .seconds(36_000))
    return request
  }

  @Test func cancellationEndsATransfer() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    let request = Self.patient("\(server.base)/raw/invert?fail=hang&seconds=36000")
    let task = Task { try await client.send(request) }
    while try await server.counts(client).requests == 0 {
      try await Task.sleep(for: .milliseconds(20))
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    // A task that is cancelled before it sends, sends nothing.
    let late = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await client.send(request)
    }
    await #expect(throws: CancellationError.self) { try await late.value }
    #expect(try await server.counts(client).requests == 1)
  }

  @Test func theEnvironmentIsNotRead() async throws {
    let server = try FilterServer()
    for name in ["http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"] {
      setenv(name, "http://127.0.0.1:9", 1)
    }
    defer {
      for name in ["http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"] { unsetenv(name) }
    }
    let client = try HTTPClient.forTests()
    #expect(try await server.counts(client).requests == 0)
  }

  @Test func aProxyIsUsedWhereItIsNamed() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests {
      $0.proxy = ProxyChoice(variables: ["http_proxy": server.base, "https_proxy": server.base])
    }
    // A proxy gets the whole URL, and this server answers to it as to its own.
    let seen = try await server.echo(
      client,
      HTTPRequest(
        "GET", "http://example.test/control/echo", access: .hosts([], anyAddress: ["example.test"]))
    )
    #expect(seen.path == "http://example.test/control/echo")
    // An address that stands in the URL is checked all the same.
    let error = try await failure {
      try await client.send(HTTPRequest("GET", "https://10.0.0.1/", access: .publicHosts))
    }
    #expect(error.kind == .refused)
  }

  @Test func theThreadEndsWithTheClient() async throws {
    let server = try FilterServer()
    weak var engine: Engine?
    do {
      let client = try HTTPClient.forTests()
      _ = try await server.counts(client)
      engine = client.engine
      #expect(engine != nil)
    }
    for _ in 0..<1000 where engine != nil { try await Task.sleep(for: .milliseconds(10)) }
    #expect(engine == nil)
  }
}
