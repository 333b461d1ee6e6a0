import Curl
import Foundation
import TestSupport
import Testing

@Suite struct FailureTests {
  private func post(_ server: FilterServer, _ query: String = "", _ number: UInt8 = 0)
    -> HTTPRequest
  {
    HTTPRequest(
      "POST", "\(server.base)/raw/invert?\(query)", body: .bytes(TestPicture.png(number)),
      access: .here)
  }

  @Test func aPortWhereNobodyListens() async throws {
    var server: CannedServer? = try CannedServer("")
    let port = try #require(server?.port)
    server = nil
    let client = try HTTPClient.forTests()
    let error = try await failure {
      try await client.send(HTTPRequest("POST", "http://127.0.0.1:\(port)/", access: .here))
    }
    #expect(error.kind == .connect && error.isConnectFailure && !error.mayHaveBeenSent)
  }

  @Test func aConnectionThatIsNotMadeInTime() async throws {
    // It takes the connection and never says a word of TLS.
    let server = try CannedServer(nil)
    let client = try HTTPClient.forTests()
    var request = HTTPRequest("POST", "https://127.0.0.1:\(server.port)/", access: .here)
    request.timeouts.connect = .milliseconds(200)
    let error = try await failure { [request] in try await client.send(request) }
    #expect(error.kind == .timeout(.connect) && error.isConnectFailure && !error.mayHaveBeenSent)
  }

  @Test func anAnswerThatDoesNotCome() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    var request = post(server, "fail=hang")
    request.timeouts = HTTPTimeouts(stall: .seconds(2), total: .seconds(120))
    let stall = try await failure { [request] in try await client.send(request) }
    #expect(stall.kind == .timeout(.stall) && stall.mayHaveBeenSent && !stall.isConnectFailure)
    request = post(server, "fail=slow&seconds=100")
    request.timeouts = HTTPTimeouts(stall: .seconds(60), total: .seconds(3))
    let total = try await failure { [request] in try await client.send(request) }
    #expect(total.kind == .timeout(.total) && total.mayHaveBeenSent)
  }

  @Test func aSlowAnswerIsStillAnAnswer() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    let response = try await client.send(post(server, "fail=slow&seconds=0.3"))
    #expect(response.status == 200 && response.body.count > 8)
  }

  @Test(arguments: ["cut", "cut-early", "truncated"])
  func aConnectionThatIsCut(how: String) async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    let error = try await failure { try await client.send(post(server, "fail=\(how)")) }
    #expect(error.kind == .connectionLost && error.mayHaveBeenSent && !error.isConnectFailure)
    #expect(try await server.counts(client).paid == (how == "cut-early" ? 0 : 1))
  }

  /// libcurl itself writes a request again where a kept connection dies before the answer: of a
  /// call that is paid for that must never be.
  @Test(arguments: [("cut", true), ("cut-early", true), ("cut-early", false)])
  func nothingIsSentTwiceOnAKeptConnection(how: String, withBody: Bool) async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    #expect(try await client.send(post(server)).status == 200)
    // One failure only, so that a second try would succeed and show in the counts.
    try await server.fail(client, "fail=\(how)&count=1")
    var request = post(server, "", 1)
    if !withBody { request.body = .none }
    let error = try await failure { [request] in try await client.send(request) }
    #expect(error.kind == .connectionLost && error.mayHaveBeenSent)
    let counts = try await server.counts(client)
    #expect(counts.requests == 2 && counts.paidTwice == 0)
  }

  @Test func whatMayBeRepeatedIs() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    #expect(try await client.send(post(server)).status == 200)
    try await server.fail(client, "fail=cut-early&count=1")
    var request = post(server, "", 1)
    request.isRepeatable = true
    #expect(try await client.send(request).status == 200)
    #expect(try await server.counts(client).requests == 3)
  }

  @Test func answersAreBounded() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    var request = post(server)
    request.sink = .memory(limit: 20)
    let announced = try await failure { [request] in try await client.send(request) }
    #expect(announced.kind == .tooLarge)
    request = post(server, "fail=endless")
    request.sink = .memory(limit: 100_000)
    let endless = try await failure { [request] in try await client.send(request) }
    #expect(endless.kind == .tooLarge)
    let seen = Seen()
    request.sink = .stream(limit: 100_000) { seen.add($0) }
    let streamed = try await failure { [request] in try await client.send(request) }
    #expect(streamed.kind == .tooLarge && seen.bytes.count <= 100_000)
  }

  @Test func anErrorTextIsCut() async throws {
    let body = String(repeating: "x", count: 200_000)
    let server = try CannedServer("HTTP/1.1 500 Oops\r\nContent-Length: 200000\r\n\r\n\(body)")
    let client = try HTTPClient.forTests()
    let response = try await client.send(
      HTTPRequest("GET", "http://127.0.0.1:\(server.port)/", access: .here))
    #expect(response.status == 500 && response.isBodyCut)
    #expect(response.body.count == HTTPSink.errorLimit)
  }

  @Test(arguments: [
    ("hello\r\n\r\n", HTTPError.Kind.protocolViolation),
    ("", .connectionLost),
    ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .connectionLost),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .connectionLost),
    (
      "HTTP/1.1 200 OK\r\n"
        + String(repeating: "X: \(String(repeating: "y", count: 1000))\r\n", count: 200) + "\r\n",
      .tooLarge
    ),
  ])
  func answersThatAreNone(answer: String, kind: HTTPError.Kind) async throws {
    let server = try CannedServer(answer)
    let client = try HTTPClient.forTests()
    let error = try await failure {
      try await client.send(HTTPRequest("POST", "http://127.0.0.1:\(server.port)/", access: .here))
    }
    #expect(error.kind == kind)
    #expect(error.mayHaveBeenSent)
  }

  @Test func interimAnswersAreNotTheAnswer() async throws {
    let server = try CannedServer(
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 Fine\r\nX-A: 1\r\nx-a: 2\r\n\r\nabc")
    let client = try HTTPClient.forTests()
    let response = try await client.send(
      HTTPRequest("GET", "http://127.0.0.1:\(server.port)/", access: .here))
    #expect(
      response.status == 200 && response.version == "1.1" && response.body == Array("abc".utf8))
    #expect(response.headers.map { "\($0.name)=\($0.value)" } == ["X-A=1", "x-a=2"])
  }

  @Test func bodiesGoToFiles() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    let bytes = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }
    let put = HTTPRequest("PUT", "\(server.base)/files/a", body: .bytes(bytes), access: .here)
    #expect(try await client.send(put).status == 201)
    let folder = try TemporaryFolder()
    let descriptor = open(folder.file("a"), O_CREAT | O_RDWR, 0o600)
    let seen = Seen()
    var get = HTTPRequest("GET", "\(server.base)/files/a", access: .here)
    get.sink = .file(descriptor: descriptor, limit: 2_000_000) { seen.add($0) }
    let response = try await client.send(get)
    #expect(response.body.isEmpty && response.bodyLength == 2_000_000)
    #expect(seen.bytes == bytes)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("a"))) == Data(bytes))
    // What cannot be written is told of with its reason; the text of an error is not written at all.
    get.url = "\(server.base)/files/none"
    #expect(try await client.send(get).status == 404)
    #expect(seen.bytes.count == 2_000_000)
    let readOnly = open(folder.file("a"), O_RDONLY)
    defer { for open in [descriptor, readOnly] { close(open) } }
    get.url = "\(server.base)/files/a"
    get.sink = .file(descriptor: readOnly, limit: 2_000_000)
    let error = try await failure { [get] in try await client.send(get) }
    #expect(error.kind == .body && (error.underlying as? SystemError)?.code == EBADF)
  }

  @Test func aFileThatIsTooShortIsNotSent() async throws {
    let server = try FilterServer()
    let client = try HTTPClient.forTests()
    let folder = try TemporaryFolder()
    let descriptor = open(try folder.write("short", to: "a"), O_RDONLY)
    defer { close(descriptor) }
    let request = HTTPRequest(
      "PUT", "\(server.base)/files/a", body: .file(descriptor: descriptor, offset: 0, length: 100),
      access: .here)
    let error = try await failure { try await client.send(request) }
    #expect(error.kind == .body)
  }

  /// What a sink was given; only the client's thread adds.
  private final class Seen: @unchecked Sendable {
    var bytes: [UInt8] = []
    func add(_ piece: UnsafeRawBufferPointer) { bytes += piece }
  }
}
