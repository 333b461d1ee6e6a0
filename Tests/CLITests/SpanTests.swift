import Foundation
import TestSupport
import Testing

/// What people who know git type: A..B, A...B, `switch -`, `branch -a`, `log --oneline`.
@Suite struct SpanTests {
  /// main and noir, which have parted: two commits on noir, one on main.
  private func parted() throws -> Repository {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "noir", "-b", "noir", "--range", "10..20")
    try repository.succeed("filter", "graph:negate", "--range", "20..30")
    try repository.succeed("switch", "main")
    try repository.succeed("cut", "40..")
    return repository
  }

  @Test func diffTakesTwoAndThreeDots() throws {
    let repository = try parted()
    let apart = try repository.succeed("diff", "main", "noir").output
    #expect(try repository.succeed("diff", "main..noir").output == apart)
    #expect(try repository.succeed("diff", "..noir").output == apart)
    let base = try repository.git("merge-base", "main", "noir")
    let fork = try repository.succeed("diff", "main...noir").output
    #expect(fork != apart)
    #expect(try repository.succeed("diff", base, "noir").output == fork)
    try repository.vidgit("diff", "main..noir", "main").expectError(Status.usage)
    try repository.vidgit("diff", "main..nowhere").expectError(
      Status.notFound, saying: ["nowhere"])
  }

  @Test func logTakesARange() throws {
    let repository = try parted()
    for span in ["main..noir", "noir..main", "noir..", "..noir", "noir..noir", "HEAD~1..noir~1"] {
      let json = try repository.succeed("log", span, "--json").standardOutput
      let entries = try #require(JSONSerialization.jsonObject(with: json) as? [[String: Any]])
      let wanted = try repository.git("rev-list", span).split(separator: "\n").map(String.init)
      #expect(entries.map { $0["commit"] as? String } == wanted, "\(span)")
    }
    try repository.vidgit("log", "main...noir").expectError(Status.usage, saying: ["A..B"])
    try repository.vidgit("log", "main..noir", "--frame", "3").expectError(Status.usage)
  }

  @Test func logIsShortAndLimited() throws {
    let repository = try parted()
    let lines = try repository.succeed("log", "noir", "--oneline").lines
    let wanted = try repository.git("log", "--format=%h %s", "--abbrev=10", "noir")
    #expect(
      lines.map { $0.replacing(#/ \([^)]*\)/#, with: "", maxReplacements: 1) }
        == wanted
        .split(separator: "\n").map(String.init))
    #expect(
      try repository.succeed("log", "noir", "--oneline", "-n", "2").lines == Array(lines[..<2]))
    #expect(
      try repository.succeed("log", "noir", "--frame", "15", "-n", "1", "--oneline").lines.count
        == 1)
    try repository.vidgit("log", "-n", "-1").expectError(Status.usage)
  }

  @Test func switchesBack() throws {
    let repository = try Workspace().split(.short)
    try repository.vidgit("switch", "-").expectError(
      Status.notFound, saying: ["no other branch before"])
    try repository.succeed("switch", "-c", "noir")
    #expect(try repository.succeed("switch", "-").output.hasPrefix("On main ("))
    #expect(try repository.branch == "main")
    // Each goes back where the other came from.
    _ = try repository.git("switch", "-q", "-")
    #expect(try repository.branch == "noir")
    try repository.succeed("switch", "-")
    #expect(try repository.branch == "main")
    try repository.vidgit("switch", "-c", "-").expectError(Status.usage)
  }

  @Test func listsTheBranchesOfRemotes() throws {
    let origin = try parted()
    let workspace = origin.workspace
    try Tool.git.succeed(["clone", "-q", "repo", "clone"], in: workspace.folder.path)
    let clone = Repository(path: workspace.file("clone"), workspace: workspace)
    func names(_ words: String...) throws -> [String] {
      let json = try Tool.vidgit.succeed(["branch", "--json"] + words, in: clone.path)
      let list = try JSONSerialization.jsonObject(with: json.standardOutput) as? [[String: Any]]
      return (list ?? []).map { "\($0["name"]!) \($0["remote"]!)" }
    }
    #expect(try names() == ["main 0"] || names() == ["main false"])
    #expect(
      try names("-a").map { $0.prefix { $0 != " " } } == ["main", "origin/main", "origin/noir"])
    let text = try clone.vidgit("branch", "-a")
    #expect(text.lines.last?.contains("origin/noir") == true, Comment(rawValue: text.snapshot))
    #expect(text.lines.last?.contains("changed") == true)
    try clone.vidgit("branch", "-a", "x").expectError(Status.usage)
  }
}
