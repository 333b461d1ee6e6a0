import Foundation
import TestSupport
import Testing

/// branch, switch, diff, blame, log --frame and undo.
@Suite struct VariantTests {
  @Test func listsVariantsWithWhatTheyDifferIn() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "noir", "-b", "noir", "--range", "10..30")
    try repository.succeed("cut", "40..")
    try repository.succeed("switch", "main")
    #expect(try repository.branch == "main")
    let result = try repository.succeed("branch")
    let lines = result.lines
    #expect(lines.count == 2, Comment(rawValue: result.snapshot))
    #expect(lines[0].hasPrefix("* main"))
    #expect(lines[1].contains("noir") && lines[1].contains("20 changed"))
    #expect(lines[1].contains("10 removed") && lines[1].contains("0:01.600"))
    let json = try #require(
      JSONSerialization.jsonObject(with: repository.succeed("branch", "--json").standardOutput)
        as? [[String: Any]])
    #expect(json.compactMap { $0["name"] as? String } == ["main", "noir"])
    #expect(json[1]["changed"] as? Int == 20)
  }

  /// In the order of time the newer main stands before what was paid.
  @Test func keepsTheCostsOfABranchThatMainWasMergedInto() throws {
    let repository = try Workspace().split(.short)
    func commit(_ message: String, at time: String, _ parents: String...) throws -> String {
      try Tool.git.succeed(
        ["commit-tree", "HEAD^{tree}", "-m", message] + parents.flatMap { ["-p", $0] },
        in: repository.path,
        environment: ["GIT_AUTHOR_DATE": time, "GIT_COMMITTER_DATE": time]
      ).output.trimmingCharacters(in: .newlines)
    }
    let base = try repository.git("rev-parse", "main")
    let paid = try commit(
      "Filter\n\nVidgit-Pass: filter\nVidgit-Cost: 5.00 USD\n", at: "2040-01-01T00:00:00Z", base)
    let main = try commit(
      "Filter\n\nVidgit-Pass: filter\nVidgit-Cost: 3.00 USD\n", at: "2040-01-02T00:00:00Z", base)
    let merge = try commit("Merge", at: "2040-01-03T00:00:00Z", paid, main)
    _ = try repository.git("update-ref", "refs/heads/main", main)
    _ = try repository.git("update-ref", "refs/heads/paid", merge)
    let json = try #require(
      JSONSerialization.jsonObject(with: repository.succeed("branch", "--json").standardOutput)
        as? [[String: Any]])
    #expect(json.compactMap { $0["name"] as? String } == ["main", "paid"])
    #expect(json.map { $0["costs"] as? [String: String] } == [["USD": "3"], ["USD": "5"]])
  }

  @Test func makesSwitchesAndRemoves() throws {
    let repository = try Workspace().split(.short)
    try repository.succeed("branch", "try/one")
    #expect(try repository.branch == "main")
    try repository.succeed("switch", "try/one")
    try repository.succeed("filter", "sepia")
    try repository.succeed("switch", "-c", "two", "main")
    #expect(try repository.branch == "two")
    #expect(
      try repository.git("rev-parse", "two") == (try repository.git("rev-parse", "main")))
    // Its filter is nowhere else.
    try repository.vidgit("branch", "-d", "try/one").expectError(
      Status.conflict, saying: ["try/one"])
    try repository.succeed("branch", "-D", "try/one")
    try repository.succeed("switch", "main")
    try repository.succeed("branch", "-d", "two")
    #expect(try repository.git("branch", "--format=%(refname:short)") == "main")
    try repository.vidgit("branch", "-d", "main").expectError(Status.conflict, saying: ["main"])
    try repository.vidgit("switch", "nowhere").expectError(Status.notFound, saying: ["nowhere"])
    try repository.vidgit("branch", "main").expectError(Status.conflict, saying: ["main"])
    try repository.vidgit("branch", "a..b").expectError(Status.usage, saying: ["a..b"])
  }

  @Test func keepsChangesThatAreNotCommitted() throws {
    let repository = try Workspace().split(.short)
    try repository.succeed("branch", "other")
    let path = repository.file("video.json")
    try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
    for command in [["switch", "other"], ["undo"], ["cut", "0"], ["merge", "other", "--no-ff"]] {
      let result = try Tool.vidgit.run(command, in: repository.path)
      if command[0] != "merge" { result.expectError(Status.conflict, saying: ["video.json"]) }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "{}")
    }
  }

  @Test func diffSeesACutAsOneRun() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("cut", "10..20")
    try repository.succeed("filter", "noir", "--range", "30..")
    let result = try repository.succeed("diff", "main~2", "main", "--json")
    let diff = try object(result.output)
    let runs = try #require(diff["runs"] as? [[String: Any]])
    #expect(runs.map { $0["kind"] as? String } == ["removed", "changed"])
    #expect((runs[0]["old"] as? [String: Any])?["first"] as? Int == 10)
    #expect((runs[0]["old"] as? [String: Any])?["end"] as? Int == 20)
    #expect((runs[1]["new"] as? [String: Any])?["first"] as? Int == 30)
    #expect(diff["unchanged"] as? Int == 30)
    #expect((diff["recipesAdded"] as? [Any])?.count == 1)
    // And back.
    let back = try object(repository.succeed("diff", "main", "main~2", "--json").output)
    let backRuns = try #require(back["runs"] as? [[String: Any]])
    #expect(backRuns.map { $0["kind"] as? String } == ["added", "changed"])
    let same = try repository.succeed("diff", "main", "main")
    #expect(same.output.contains("no difference"))
  }

  @Test func blameNamesTheCommitOfEveryRun() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "noir", "--range", "10..30")
    try repository.succeed("cut", "0..5")
    try repository.succeed("filter", "graph:negate", "--range", "20..30")
    let result = try repository.succeed("blame", "--json")
    let runs = try #require(
      JSONSerialization.jsonObject(with: result.standardOutput) as? [[String: Any]])
    let ids = try repository.git("log", "--format=%H").split(separator: "\n").map(String.init)
    let expected: [(Int, Int, String)] = [
      (0, 5, ids[3]), (5, 20, ids[2]), (20, 25, ids[0]), (25, 30, ids[0]), (30, 45, ids[3]),
    ]
    #expect(runs.count == expected.count, Comment(rawValue: result.snapshot))
    for (run, (first, end, commit)) in zip(runs, expected) {
      #expect(run["first"] as? Int == first && run["end"] as? Int == end)
      #expect(run["commit"] as? String == commit)
    }
    let part = try repository.succeed("blame", "main", "5..8")
    #expect(part.lines.count == 1 && part.output.contains("noir-"))
    let log = try repository.succeed("log", "--frame", "22")
    #expect(log.output.contains("negate") && log.output.contains("frame 27 added"))
    // What an undo has brought back is still of whoever made it.
    try repository.succeed("filter", "graph:hflip")
    try repository.succeed("undo")
    let restored = try repository.succeed("blame", "--json")
    #expect(restored.output == result.output)
    #expect(try repository.succeed("log", "--frame", "22").output == log.output)
    try repository.vidgit("blame", "100..200").expectError(Status.usage)
    try repository.vidgit("log", "--frame", "45").expectError(Status.usage, saying: ["45 frames"])
  }

  @Test func undoGivesBackTheExactTree() throws {
    let repository = try Workspace().split(.short)
    let trees = try ["filter noir --range 2..6", "cut 0", "filter sepia"].map { command in
      let tree = try RepositoryCheck(repository.path).tree()
      try Tool.vidgit.succeed(command.split(separator: " ").map(String.init), in: repository.path)
      return tree
    }
    for tree in trees.reversed() {
      try repository.succeed("undo")
      #expect(try RepositoryCheck(repository.path).tree() == tree)
    }
    try repository.vidgit("undo").expectError(Status.conflict, saying: ["Split"])
    // What is done after an undo is taken back like anything else.
    try repository.succeed("cut", "7")
    try repository.succeed("undo")
    #expect(try RepositoryCheck(repository.path).tree() == trees[0])
    try repository.edit("video.json") { $0.replacingOccurrences(of: "short", with: "long") }
    try repository.vidgit("undo").expectError(Status.conflict, saying: ["Edit video.json"])
  }
}
