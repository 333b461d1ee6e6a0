import Foundation
import TestSupport
import Testing

/// A filter server of one's own, and recipes that call it.
struct TestService {
  let server: FilterServer
  let workspace: Workspace

  /// What all keys of the recipes are set to. It must never be seen anywhere.
  static let key = "sk-7d1e0f5c-never-shown"

  static let variables = Dictionary(
    uniqueKeysWithValues: [
      "DEEPFILTER_KEY", "REPLICATE_API_TOKEN", "FAL_KEY", "OPENAI_API_KEY", "HF_TOKEN", "TEST_KEY",
    ].map { ($0, key) })

  init(
    _ workspace: Workspace, _ arguments: [String] = [], certificate: TestCertificate? = nil
  ) throws {
    self.workspace = workspace
    server = try FilterServer(arguments, certificate: certificate)
  }

  /// A repository whose user allows loopback.
  func split(_ clip: Clip = .short) throws -> Repository { try split(clip.orSkip()) }

  func split(_ path: String) throws -> Repository {
    let repository = try workspace.split(path)
    _ = try repository.git("config", "--add", "vidgit.allowHost", "127.0.0.1")
    return repository
  }

  static func preset(_ name: String) -> String {
    "\(SharedVideos.packageRoot)/examples/filters/\(name).json"
  }

  /// Writes an example's recipe, changed, and returns its path. It calls the server.
  func recipe(
    _ preset: String = "raw", as name: String = "made",
    _ change: (inout [String: Any]) -> Void = { _ in }
  ) throws -> String {
    let text = try String(contentsOfFile: Self.preset(preset), encoding: .utf8)
    var recipe = try object(text)
    recipe["name"] = name
    recipe.set("params", "base", server.base)
    change(&recipe)
    let path = workspace.file("\(name).json")
    try JSONSerialization.data(withJSONObject: recipe, options: [.withoutEscapingSlashes])
      .write(to: URL(fileURLWithPath: path))
    return path
  }

  /// The recipe "raw" without its idempotency key: an answer that is lost is lost.
  func plainRecipe(
    as name: String = "made", _ change: (inout [String: Any]) -> Void = { _ in }
  ) throws -> String {
    try recipe(as: name) {
      $0["idempotency"] = nil
      change(&$0)
    }
  }

  /// Runs `vidgit` with all keys in the environment, and looks for them in all that it writes.
  func run(
    _ repository: Repository, _ arguments: String..., timeout: Duration = .seconds(120),
    interruption: Interruption? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ToolResult {
    let result = try Tool.vidgit.run(
      arguments, in: repository.path, environment: Self.variables, timeout: timeout,
      interruption: interruption)
    #expect(
      !(result.output + result.errors).contains(Self.key), Comment(rawValue: result.snapshot),
      sourceLocation: sourceLocation)
    return result
  }

  /// Runs `vidgit`, expects that it succeeds and leaves the repository whole; what `--json` says.
  @discardableResult
  func succeed(
    _ repository: Repository, _ arguments: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let result = try Tool.vidgit.succeed(
      arguments + ["--json"], in: repository.path, environment: Self.variables)
    #expect(
      !(result.output + result.errors).contains(Self.key), Comment(rawValue: result.snapshot),
      sourceLocation: sourceLocation)
    try repository.expectWhole(sourceLocation: sourceLocation)
    return try object(result.output)
  }

  /// The pixels of the negative of every frame, as `ffmpeg` makes them.
  static func negatives(_ path: String) throws -> [String] {
    try rgb(path, "negate")
  }

  /// Every frame as RGB, as `ffmpeg` makes it, and filtered.
  static func rgb(_ path: String, _ filter: String = "null") throws -> [String] {
    try FrameHash.ofFFmpeg(
      path,
      graph: "scale=flags=bicubic+accurate_rnd+bitexact+full_chroma_int,format=rgb24,\(filter)"
    ).hashes
  }
}

extension [String: Any] {
  /// Sets a key of an object within.
  mutating func set(_ name: String, _ key: String, _ value: Any) {
    var inner = self[name] as? [String: Any] ?? [:]
    inner[key] = value
    self[name] = inner
  }

  /// Gives every call a header.
  mutating func header(_ name: String, _ value: String) {
    var request = self["request"] as? [String: Any] ?? [:]
    request.set("headers", name, value)
    self["request"] = request
  }

  mutating func url(_ text: String) { set("request", "url", text) }
}
