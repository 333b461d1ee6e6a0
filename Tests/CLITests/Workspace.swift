import Foundation
import TestSupport
import Testing

/// A folder for one test, and the real `vidgit` to run in it.
final class Workspace {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder("cli") }

  func file(_ name: String) -> String { folder.file(name) }

  /// What stands in the folder.
  var entries: [String] { get throws { try folder.entries() } }

  func vidgit(_ arguments: String..., timeout: Duration = .seconds(120)) throws -> ToolResult {
    try Tool.vidgit.run(arguments, in: folder.path, timeout: timeout)
  }

  /// Splits a video into the folder "repo" and expects that it succeeds.
  func split(_ video: String, _ options: [String] = [], to name: String = "repo") throws
    -> Repository
  {
    try Tool.vidgit.succeed(["split", video, name] + options, in: folder.path)
    return Repository(path: file(name), workspace: self)
  }

  func split(_ clip: Clip, _ options: [String] = [], to name: String = "repo") throws
    -> Repository
  { try split(clip.orSkip(), options, to: name) }
}

/// A repository that `vidgit` made.
struct Repository {
  let path: String
  /// Kept, because its folder goes away with it.
  let workspace: Workspace

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Runs `vidgit` in the repository.
  func vidgit(_ arguments: String...) throws -> ToolResult {
    try Tool.vidgit.run(arguments, in: path)
  }

  /// Runs `vidgit`, expects that it succeeds, and that the whole repository is well after it.
  @discardableResult
  func succeed(
    _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ToolResult {
    let result = try Tool.vidgit.succeed(arguments, in: path)
    try expectWhole(sourceLocation: sourceLocation)
    return result
  }

  func expectWhole(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let faults = try RepositoryCheck(path).faults()
    #expect(faults == [], sourceLocation: sourceLocation)
  }

  func git(_ arguments: String...) throws -> String {
    try Tool.git.succeed(arguments, in: path).output.trimmingCharacters(in: .newlines)
  }

  var branch: String { get throws { try git("symbolic-ref", "--short", "HEAD") } }

  /// Everything that a failed command must not have touched.
  var state: [String] {
    get throws {
      try RepositoryCheck(path).refs() + [
        git("symbolic-ref", "HEAD"), git("status", "--porcelain", "--untracked-files=all"),
      ]
    }
  }

  /// `vidgit export framehash`.
  func frameHash(_ revision: String = "HEAD") throws -> FrameHash {
    try FrameHash(
      parsing: Tool.vidgit.succeed(["export", "framehash", revision], in: path).output)
  }

  /// The lines of the timeline in a revision, as they stand in the shards.
  func lines(_ revision: String = "HEAD") throws -> [String] {
    try git("ls-tree", "--name-only", revision, "frames/").split(separator: "\n").flatMap {
      try git("show", "\(revision):\($0)").split(separator: "\n").map(String.init)
    }
  }

  /// One key of every line of the timeline.
  func values(_ key: String, _ revision: String = "HEAD") throws -> [Any?] {
    try lines(revision).map { try object($0)[key] }
  }

  /// The hashes of the timeline without their "sha256:".
  func hashes(_ revision: String = "HEAD") throws -> [String] {
    try values("hash", revision).map {
      let text = try #require($0 as? String)
      return String(text.dropFirst("sha256:".count))
    }
  }

  /// Reads a JSON object of the work tree.
  func json(_ name: String) throws -> [String: Any] {
    try object(String(contentsOfFile: file(name), encoding: .utf8))
  }

  /// Changes a file and commits that with stock git, as a person would.
  func edit(_ name: String, _ change: (String) -> String) throws {
    let text = try String(contentsOfFile: file(name), encoding: .utf8)
    try Data(change(text).utf8).write(to: URL(fileURLWithPath: file(name)))
    _ = try git("commit", "-q", "-a", "-m", "Edit \(name)")
  }
}

/// Parses one JSON object.
func object(_ text: String) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

/// The statuses of the program, as its table has them.
enum Status {
  static let success: Int32 = 0
  static let fault: Int32 = 1
  static let usage: Int32 = 2
  static let badInput: Int32 = 3
  static let notFound: Int32 = 4
  static let conflict: Int32 = 5
  static let verification: Int32 = 6
  static let system: Int32 = 7
  static let refused: Int32 = 8
  static let interrupted: Int32 = 130
}

extension ToolResult {
  /// Expects an error for people: the status, the parts of the message, a hint, and no raw library code.
  func expectError(
    _ statuses: Int32..., saying parts: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) { expectError(anyOf: statuses, saying: parts, sourceLocation: sourceLocation) }

  func expectError(
    anyOf statuses: [Int32], saying parts: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let said = Comment(rawValue: snapshot)
    #expect(status.map(statuses.contains) == true, said, sourceLocation: sourceLocation)
    #expect(output == "", said, sourceLocation: sourceLocation)
    let lines = errors.split(separator: "\n")
    #expect(
      lines.contains { $0.hasPrefix("error: ") }, said, sourceLocation: sourceLocation)
    #expect(lines.contains { $0.hasPrefix("hint: ") }, said, sourceLocation: sourceLocation)
    for part in parts {
      #expect(
        errors.localizedCaseInsensitiveContains(part), "'\(part)' is not in:\n\(snapshot)",
        sourceLocation: sourceLocation)
    }
    let raw = try? #/-\d{6,}\b|0x[0-9a-f]{6,}|Fatal error|VidgitError|FFmpegError|Git2Error/#
      .firstMatch(in: errors)
    #expect(raw == nil, said, sourceLocation: sourceLocation)
  }
}
