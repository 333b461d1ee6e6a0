import Foundation
import TestSupport
import Testing
import VidgitModel

@testable import Curl
@testable import VidgitKit

/// GitHub's limits on how often it may be asked: one client keeps to them, whatever it is asked for.
@Suite struct GitHubLimitTests {
  private let folder: TemporaryFolder
  private let server: GitHubServer
  private let name = StoreName.media(Digest(of: [1, 2]))

  init() throws {
    folder = try TemporaryFolder("limits")
    server = try GitHubServer.films()
  }

  private func store(_ server: GitHubServer? = nil) throws -> any Store {
    try StoreOpener.forTests(folder, StoreAccess(gitHubToken: GitHubServer.token))
      .open("github-release:ada/films") { $0.endpoint = (server ?? self.server).endpoint }
  }

  /// The next calls meet a limit; one that comes before its time is over is a violation.
  private func limit(_ count: Int, _ kind: String, _ seconds: Int) async throws {
    try await server.fail("path=/&count=\(count)&kind=\(kind)&retry_after=\(seconds)")
  }

  @Test(arguments: ["rate", "rate&status=429", "secondary", "secondary&status=429"])
  func aPauseIsKept(_ kind: String) async throws {
    let store = try store()
    try await limit(1, kind, 1)
    // Reading the release, making it, sending an asset: each of them may meet the limit.
    try await store.put(name, .bytes([1, 2]), replaces: false)
    try await limit(1, kind, 1)
    try await store.put(.packList, .bytes([3]), replaces: false)
    try await limit(1, kind, 1)
    #expect(try await store.bytes(of: name, limit: 2) == [1, 2])
    #expect(try await self.store().list("media/") == [name: 2])
    let refused = try await server.log().filter { $0.hasSuffix(" 403") || $0.hasSuffix(" 429") }
    #expect(refused.count == 3)
    #expect(try await server.violations() == [])
  }

  private func response(
    _ status: Int, _ headers: [(String, String)] = [], _ body: String = ""
  ) throws -> HTTPResponse {
    HTTPResponse(
      status: status, headers: try headers.map { try HTTPHeader($0.0, $0.1) },
      body: Array(body.utf8), bodyLength: Int64(body.utf8.count), isBodyCut: false,
      url: "https://api.github.com/", version: "2", redirects: 0, duration: .zero,
      isNewConnection: true)
  }

  @Test(arguments: [
    ("-9223372036854775808", 1), ("9223372036854775807", 86_400), ("-1", 1), ("1000000060", 60),
  ])
  func anyTimeIsATime(_ reset: String, _ seconds: Int) throws {
    let answer = try response(
      403, [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", reset)])
    #expect(
      GitHubAPI.outcome(answer, now: 1_000_000_000) == .status(429, wait: .seconds(seconds)))
  }

  @Test func theTokenIsNotQuoted() throws {
    let token = GitHubServer.token
    for text in ["proxy said: Authorization: Bearer \(token)", "no such token: \(token)"] {
      let body = #"{"message": "\#(text)", "errors": [{"message": "\#(text)"}]}"#
      let answer = GitHubAPI.Answer(try response(502, [], body), token: token)
      #expect(!answer.message.contains(token) && answer.message.contains("[redacted]"))
    }
  }

  @Test(arguments: ["rate", "secondary"])
  func aLongPauseIsSaid(_ kind: String) async throws {
    let store = try store()
    try await limit(99, kind, 2400)
    let count = try await server.count("requests")
    await #expect {
      try await store.put(name, .bytes([1, 2]), replaces: false)
    } throws: { error in
      let text = "\(error)"
      return (error as? VidgitError)?.kind == .system && text.contains("'test'")
        && text.contains("rate limit") && tellsThePause(text)
    }
    // It was asked once, and left alone then.
    #expect(try await server.count("requests") == count + 1)
    #expect(try await server.violations() == [])
  }

  /// The other half of the same client.
  @Test func repositoriesKeepToItToo() async throws {
    let host = try GitHubHost(api: server.endpoint, web: nil, token: GitHubServer.token) { _ in
      .any
    }
    let api = GitHubAPI(
      host, try HTTPClient(HTTPClient.Configuration(userAgent: "tests/1")), policy: .quick)
    try await limit(1, "secondary", 1)
    let count = try await server.count("requests")
    #expect(try await api.repository("ada", "none") == nil)
    #expect(try await server.count("requests") == count + 2)
    try await limit(9, "secondary", 2400)
    await #expect {
      _ = try await api.repository("ada", "none")
    } throws: { tellsThePause("\($0)") }
    #expect(try await server.violations() == [])
  }

  @Test func whatEachAnswerMeans() {
    func outcome(_ status: Int, _ headers: [String: String], _ body: String = "") -> CallOutcome {
      GitHubAPI.outcome(
        HTTPResponse(
          status: status, headers: headers.map { HTTPHeader(received: $0, $1) },
          body: Array(body.utf8), bodyLength: Int64(body.utf8.count), isBodyCut: false, url: "",
          version: "2", redirects: 0, duration: .zero, isNewConnection: true), now: 1000)
    }
    #expect(outcome(403, [:]) == .status(403, wait: nil))
    #expect(outcome(403, ["retry-after": "7"]) == .status(429, wait: .seconds(7)))
    #expect(
      outcome(403, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1030"])
        == .status(429, wait: .seconds(30)))
    // A time in a forbidden answer is no limit while there are requests left.
    #expect(
      outcome(403, ["x-ratelimit-remaining": "9", "x-ratelimit-reset": "1030"])
        == .status(403, wait: nil))
    #expect(
      outcome(403, [:], #"{"message":"You have exceeded a secondary rate limit."}"#)
        == .status(429, wait: .seconds(60)))
    #expect(outcome(429, [:]) == .status(429, wait: .seconds(60)))
    #expect(outcome(503, [:]) == .status(503, wait: nil))
  }

  /// It takes so many assets, and none that is longer than so many bytes.
  @Test(arguments: [("--most-assets", "1", "file_count"), ("--largest-asset", "2", "size must be")])
  func aFullReleaseSaysSo(_ option: String, _ most: String, _ words: String) async throws {
    let server = try GitHubServer.films([option, most])
    let store = try store(server)
    try await store.put(name, .bytes([1, 2]), replaces: false)
    await #expect {
      try await store.put(.packList, .bytes([3, 4, 5]), replaces: false)
    } throws: { error in
      let text = "\(error)"
      return text.contains(words) && text.contains("is full") && text.contains("vidgit push NAME")
    }
    #expect(try await store.bytes(of: name, limit: 2) == [1, 2])
    #expect(try await server.violations() == [])
  }

  /// Of 40 minutes, however long it took to be told.
  private func tellsThePause(_ text: String) -> Bool {
    text.firstMatch(of: #/in (\d+) minutes/#).flatMap { Int($0.1) }.map { (20...40).contains($0) }
      ?? false
  }
}
