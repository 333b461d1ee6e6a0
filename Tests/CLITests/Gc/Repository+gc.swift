import Foundation
import TestSupport
import Testing

extension Repository {
  /// A repository whose branch "trails" has objects; HEAD is on main.
  ///
  /// "trails" looks at several frames, so that its results are stored: one object for each frame that
  /// it changes.
  static func withTrails() throws -> Repository {
    let repository = try Workspace().split(.short)
    try repository.succeed("filter", "trails", "-b", "trails")
    _ = try repository.git("switch", "-q", "main")
    #expect(try repository.objects() != [])
    return repository
  }

  /// Deletes the branch "trails" and everything by which git could bring it back.
  func forgetTrails() throws {
    _ = try git("branch", "-q", "-D", "trails")
    _ = try git("reflog", "expire", "--expire=now", "--all")
  }

  func objects() throws -> [String] {
    let folder = file(".git/vidgit/objects")
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".nut") }.sorted()
  }

  /// What a gc of everything that nothing needs says.
  func gc(_ options: String...) throws -> [String: Any] {
    try object(Tool.vidgit.succeed(["gc", "--prune=now", "--json"] + options, in: path).output)
  }
}

enum GcReport {
  /// How many "objects", "media" or "leftovers" it has removed.
  static func count(_ result: [String: Any], _ key: String) throws -> Int {
    let total = try #require(result[key] as? [String: Any])
    return try #require(total["count"] as? Int)
  }
}
