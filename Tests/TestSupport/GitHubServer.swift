import Curl
public import Foundation
import Testing

/// `Tests/TestSupport/github` as a process of its own, which ends with this value: GitHub's REST
/// interface, git and downloads on loopback, strict about every request.
public final class GitHubServer: Sendable {
  private let process: ServerProcess
  private let root: TemporaryFolder
  /// Where its repositories are, as OWNER/NAME.git.
  public var folder: String { root.path }
  public let base: String
  private let client: HTTPClient

  /// - Parameter users: "NAME:TOKEN" or "NAME:TOKEN:SCOPES" each.
  public init(users: [String], _ arguments: [String] = []) throws {
    client = try HTTPClient(.init(userAgent: "tests/1"))
    root = try TemporaryFolder("github")
    let name = "the stand-in for GitHub"
    process = try ServerProcess(
      ServerProcess.python(for: name),
      [
        "\(SharedVideos.packageRoot)/Tests/TestSupport/github", "--port", "0", "--until-eof",
        "--root", root.path,
      ] + users.flatMap { ["--user", $0] } + arguments, name: name)
    base = String(decoding: process.line, as: UTF8.self)
  }

  public static let token = "good-token-0123456789"

  /// With the public repository "ada/films", where `token` may do everything and nobody else writes;
  /// the bytes of assets are on another host, as at GitHub.
  public static func films(_ arguments: [String] = []) throws -> GitHubServer {
    let server = try GitHubServer(
      users: ["ada:\(token)"], ["--redirect-downloads"] + arguments)
    // One commit: GitHub makes no release of an empty repository.
    let path = "\(server.folder)/ada/films.git"
    let git = try Tool.git
    try git.succeed(["init", "-q", "--bare", "-b", "main", path])
    let tree = try git.succeed(["hash-object", "-w", "-t", "tree", "--stdin"], in: path).lines[0]
    let commit = try git.succeed(["commit-tree", "-m", "films", tree], in: path).lines[0]
    try git.succeed(["update-ref", "refs/heads/main", commit], in: path)
    return server
  }

  /// Of the REST interface: an endpoint of stores.
  public var endpoint: String { base + "/api/v3" }

  /// What a client did that GitHub would not take.
  public func violations() async throws -> [String] {
    try await list("violations").map {
      "\($0["method"] ?? "") \($0["path"] ?? "") \($0["problem"] ?? "")"
    }
  }

  /// Every request in order: method, path, status.
  public func log() async throws -> [String] {
    try await list("log").map { "\($0["method"] ?? "") \($0["path"] ?? "") \($0["status"] ?? "")" }
  }

  /// "git_out", "asset_out", ...: bytes.
  public func count(_ name: String) async throws -> Int {
    let body = try await call("GET", "counts")
    let json = try JSONSerialization.jsonObject(with: body) as? [String: Int]
    return json?[name] ?? -1
  }

  /// Makes the next calls fail: "path=/api&status=503&count=2".
  public func fail(_ rule: String) async throws { _ = try await call("POST", "fail?\(rule)") }

  public func reset() async throws { _ = try await call("POST", "reset") }

  /// Asks for an address of the server as anybody could; nil where it is not there.
  public func page(_ path: String) async throws -> Data? {
    let response = try await client.send(
      HTTPRequest("GET", base + path, access: HTTPAccess { _ in .any }))
    return response.isSuccess ? Data(response.body) : nil
  }

  /// What the REST interface answers to anybody; nil where it is not there.
  public func api(_ path: String) async throws -> Data? {
    let headers = [
      try HTTPHeader("Accept", "application/vnd.github+json"),
      try HTTPHeader("X-GitHub-Api-Version", "2022-11-28"),
    ]
    let response = try await client.send(
      HTTPRequest(
        "GET", endpoint + path, headers: headers, access: HTTPAccess { _ in .any }))
    return response.isSuccess ? Data(response.body) : nil
  }

  private func list(_ name: String) async throws -> [[String: Any]] {
    try JSONSerialization.jsonObject(with: try await call("GET", name)) as? [[String: Any]] ?? []
  }

  private func call(_ method: String, _ path: String) async throws -> Data {
    let response = try await client.send(
      HTTPRequest(method, "\(base)/control/\(path)", access: HTTPAccess { _ in .any }))
    guard response.isSuccess else {
      throw TestSupportError("the stand-in answered \(response.status) to \(path)")
    }
    return Data(response.body)
  }
}
