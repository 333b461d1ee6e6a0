public import Curl
import Foundation
import Testing

/// `examples/filter-server` as a process of its own, which ends with this value.
public final class FilterServer: Sendable {
  private let process: ServerProcess
  public let base: String
  /// For calls of its controls.
  private let client: HTTPClient

  /// Starts it on a free port; skips the test where there is no Python.
  ///
  /// - Parameter certificate: with one it speaks HTTPS.
  public init(_ arguments: [String] = [], certificate: TestCertificate? = nil) throws {
    var configuration = HTTPClient.Configuration(userAgent: "tests/1")
    configuration.certificates = certificate?.path
    client = try HTTPClient(configuration)
    let name = "the filter server"
    process = try ServerProcess(
      ServerProcess.python(for: name),
      [
        "\(SharedVideos.packageRoot)/examples/filter-server/server.py", "--port", "0",
        "--until-eof",
      ] + (certificate.map { ["--tls", $0.path, $0.key] } ?? []) + arguments, name: name)
    base = String(decoding: process.line, as: UTF8.self)
  }

  public struct Counts: Decodable, Equatable, Sendable {
    public var requests: Int
    public var connections: Int
    public var frames: Int
    public var paid: Int
    public var paidTwice: Int
    public var cancelled: Int
    public var failures: [String: Int]

    public init(
      requests: Int, connections: Int, frames: Int, paid: Int, paidTwice: Int,
      cancelled: Int = 0, failures: [String: Int]
    ) {
      (self.requests, self.connections) = (requests, connections)
      (self.frames, self.paid, self.paidTwice) = (frames, paid, paidTwice)
      (self.cancelled, self.failures) = (cancelled, failures)
    }
  }

  /// - Parameter client: nil takes one of the server's own, which is a connection more.
  public func counts(_ client: HTTPClient? = nil) async throws -> Counts {
    try await JSONDecoder().decode(Counts.self, from: control("GET", "counts", client))
  }

  /// The file of `--sign` goes away, and comes when so many different frames are paid.
  public func sign(atFrames count: Int) async throws {
    _ = try await control("POST", "sign?frames=\(count)")
  }

  /// How often each frame was paid, by the SHA-256 of what came in.
  public func timesPaid() async throws -> [String: Int] {
    try await JSONDecoder().decode([String: Int].self, from: control("GET", "frames"))
  }

  /// The next `count` calls, after `after` more, fail like this: "fail=500&count=3".
  public func fail(_ client: HTTPClient, _ query: String) async throws {
    _ = try await control("POST", "fail?\(query)", client)
  }

  /// The same over a connection of the server's own.
  public func fail(_ query: String) async throws { try await fail(client, query) }

  public func reset() async throws { _ = try await control("POST", "reset") }

  private func control(
    _ method: String, _ path: String, _ client: HTTPClient? = nil
  ) async throws -> Data {
    let response = try await (client ?? self.client).send(
      HTTPRequest(method, "\(base)/control/\(path)", access: .here))
    guard response.status == 200 else {
      throw TestSupportError("the filter server answered \(response.status) to '\(path)'")
    }
    return Data(response.body)
  }

  public struct Echo: Decodable, Sendable {
    public var method: String
    public var path: String
    public var headers: [[String]]
    public var length: Int
    public var sha256: String

    public func header(_ name: String) -> String? {
      headers.first { $0[0].lowercased() == name.lowercased() }?[1]
    }
  }

  /// What arrives at the server.
  public func echo(_ client: HTTPClient, _ request: HTTPRequest) async throws -> Echo {
    let response = try await client.send(request)
    guard response.status == 200 else { throw TestSupportError("no echo, but \(response)") }
    return try JSONDecoder().decode(Echo.self, from: Data(response.body))
  }
}

extension HTTPAccess {
  /// Loopback, and nothing else.
  public static let here = HTTPAccess.hosts([], anyAddress: ["127.0.0.1", "localhost"])
}
