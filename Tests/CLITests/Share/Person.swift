import Foundation
import TestSupport
import Testing

/// Somebody with an account on the stand-in for GitHub, a home and a folder to work in.
struct Person {
  let name: String
  let workspace: Workspace
  private(set) var environment: [String: String]

  /// - Parameter token: nil for somebody who is not signed in.
  init(_ name: String, token: String?, at server: GitHubServer) throws {
    self.name = name
    workspace = try Workspace()
    let home = workspace.file("home")
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    try Data(
      """
      [vidgit]
      \tgithubApi = \(server.endpoint)
      \tgithubWeb = \(server.base)
      \tallowHost = 127.0.0.1

      """.utf8
    ).write(to: URL(fileURLWithPath: "\(home)/.gitconfig"))
    var variables = [
      "HOME": home, "GIT_CONFIG_GLOBAL": "\(home)/.gitconfig", "GIT_AUTHOR_NAME": name,
      "GIT_COMMITTER_NAME": name,
      "GIT_AUTHOR_EMAIL": "\(name)@example.org", "GIT_COMMITTER_EMAIL": "\(name)@example.org",
    ]
    variables["GH_TOKEN"] = token
    environment = variables
  }

  /// The same person with one more variable, for all that follows.
  mutating func set(_ name: String, _ value: String?) { environment[name] = value }

  /// Runs `vidgit` in the folder `place`, or beside it.
  func vidgit(
    _ arguments: String..., in place: String? = nil, with more: [String: String] = [:]
  ) throws -> ToolResult {
    try Tool.vidgit.run(
      arguments, in: place.map { workspace.file($0) } ?? workspace.folder.path,
      environment: environment.merging(more) { $1 })
  }

  @discardableResult
  func succeed(
    _ arguments: String..., in place: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ToolResult {
    let result = try Tool.vidgit.run(
      arguments, in: place.map { workspace.file($0) } ?? workspace.folder.path,
      environment: environment)
    #expect(
      result.status == 0, Comment(rawValue: result.snapshot), sourceLocation: sourceLocation)
    if let place {
      // `vidgit verify` is for those who have the media.
      let path = workspace.file(place)
      try Tool.git.succeed(["fsck", "--strict", "--no-dangling"], in: path)
      let status = try Tool.git.succeed(["status", "--porcelain"], in: path).output
      #expect(status == "", sourceLocation: sourceLocation)
    }
    return result
  }

  func repository(_ place: String) -> Repository {
    Repository(path: workspace.file(place), workspace: workspace)
  }
}
