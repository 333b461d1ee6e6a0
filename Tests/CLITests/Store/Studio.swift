import Foundation
import TestSupport
import Testing

/// A repository whose variant "mix" has stored pictures, a folder for a store, and clones that have
/// neither pictures nor media.
struct Studio {
  let workspace: Workspace
  let repository: Repository
  static let recipe = "graph:tmix=frames=3"

  init(_ clip: Clip = .short) throws {
    workspace = try Workspace()
    repository = try workspace.split(clip)
    try repository.succeed("filter", Self.recipe, "-b", "mix")
    try workspace.folder.folder("store")
  }

  var uri: String { "file:\(workspace.file("store"))" }

  /// Adds the folder and sends everything.
  func push() throws {
    try repository.succeed("store", "add", "nas", uri)
    try repository.succeed("push")
  }

  /// A clone by stock git, on "mix".
  func clone(_ name: String = "clone") throws -> Repository {
    try Tool.git.succeed(
      ["clone", "-q", "-b", "mix", repository.path, name], in: workspace.folder.path)
    return Repository(path: workspace.file(name), workspace: workspace)
  }

  /// The files of a folder below the workspace, by their names from there, with their contents.
  func files(_ folder: String) throws -> [String: Data] {
    let root = workspace.file(folder)
    var files: [String: Data] = [:]
    for entry in FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String }) ?? [] {
      if let data = FileManager.default.contents(atPath: "\(root)/\(entry)") { files[entry] = data }
    }
    return files
  }

  func objects(_ name: String) throws -> [String: Data] {
    try files("\(name)/.git/vidgit/objects").filter { $0.key.hasSuffix(".nut") }
  }

  /// The one file of the store whose name ends so.
  func stored(_ ending: String) throws -> String {
    let found = try files("store").keys.filter { $0.hasSuffix(ending) }
    try #require(found.count == 1)
    return workspace.file("store/\(found[0])")
  }

  /// Changes one byte in the middle of a file.
  static func spoil(_ path: String) throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    data[data.count / 2] ^= 1
    try data.write(to: URL(fileURLWithPath: path))
  }
}

/// Runs `vidgit` with more variables, and expects that it succeeds.
extension Repository {
  @discardableResult
  func succeed(_ arguments: [String], _ environment: [String: String]) throws -> ToolResult {
    try Tool.vidgit.succeed(arguments, in: path, environment: environment)
  }
}
