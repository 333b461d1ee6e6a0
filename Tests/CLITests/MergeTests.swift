import Foundation
import TestSupport
import Testing

@Suite struct MergeTests {
  /// Two people, a bare repository between them, and nothing but stock git to carry.
  @Test func twoPeopleWorkOnOneVideo() throws {
    let workspace = try Workspace()
    let clip = try Clip.groups.orSkip()
    let a = try workspace.split(clip, to: "a")
    _ = try Tool.git.succeed(
      ["init", "-q", "--bare", "-b", "main", "hub.git"], in: workspace.folder.path)
    _ = try a.git("remote", "add", "origin", "../hub.git")
    _ = try a.git("push", "-q", "-u", "origin", "main")
    _ = try Tool.git.succeed(["clone", "-q", "hub.git", "b"], in: workspace.folder.path)
    let b = Repository(path: workspace.file("b"), workspace: workspace)
    try b.succeed("media", "locate", clip)

    try b.succeed("filter", "noir", "--range", "0s..1s")
    try a.succeed("filter", "sepia", "--range", "1s..1.6s")
    try a.succeed("cut", "1.8s..")
    _ = try a.git("push", "-q")
    _ = try b.git("fetch", "-q")
    try b.succeed("merge", "origin/main")

    // A real merge commit.
    #expect(try b.git("rev-list", "--parents", "-1", "HEAD").split(separator: " ").count == 3)
    let lines = try b.lines()
    #expect(lines.count == 45)
    let filters = try b.values("filters").map { try #require($0 as? [String]) }
    #expect(filters[..<25].allSatisfy { $0.first?.hasPrefix("noir-") == true && $0.count == 1 })
    #expect(filters[25..<40].allSatisfy { $0.first?.hasPrefix("sepia-") == true && $0.count == 1 })
    #expect(filters[40...].allSatisfy { $0.isEmpty })
    // Blame names both.
    let blame = try b.succeed("blame")
    #expect(blame.output.contains("Filter: noir") && blame.output.contains("Filter: sepia"))
    // The render has the merged manifest's hashes.
    try b.succeed("render", "-o", "../merged.nut", "--lossless")
    #expect(try FrameHash.ofFFmpeg(workspace.file("merged.nut")).lines.map(\.hash) == b.hashes())
    // And A moves forward to it.
    _ = try b.git("push", "-q")
    _ = try a.git("fetch", "-q")
    let forward = try a.succeed("merge", "origin/main")
    #expect(forward.output.contains("moved forward"))
    #expect(try a.git("rev-parse", "main") == b.git("rev-parse", "main"))
    #expect(try a.succeed("merge", "origin/main").output.contains("up to date"))
  }

  /// Both filter the same frames: nothing is changed until each run is decided.
  @Test func listsWhatDoesNotCombine() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "sepia", "-b", "other", "--range", "10..40")
    try repository.succeed("switch", "main")
    try repository.succeed("filter", "noir", "--range", "0..20")
    let state = try repository.state
    let result = try repository.vidgit("merge", "other")
    #expect(result.status == Status.conflict)
    #expect(
      result.output.contains("10..20") && result.output.contains("noir-"),
      Comment(rawValue: result.snapshot))
    #expect(result.errors.contains("error: ") && result.errors.contains("hint: "))
    #expect(try repository.state == state)
    let json = try object(repository.vidgit("merge", "other", "--json").output)
    let conflicts = try #require(json["conflicts"] as? [[String: Any]])
    #expect(conflicts.count == 1 && conflicts[0]["first"] as? Int == 10)

    // Half of it decided is not enough, and the rest is listed.
    let half = try repository.vidgit("merge", "other", "--take", "theirs", "0s..0.6s")
    #expect(half.status == Status.conflict && half.output.contains("15..20"))
    #expect(try repository.state == state)
    try repository.succeed("merge", "other", "--take", "theirs", "0s..0.6s", "--ours")
    let names = try repository.values("filters").map { filters in
      try #require(filters as? [String]).map { String($0.prefix { $0 != "-" }) }.joined()
    }
    #expect(names[..<10].allSatisfy { $0 == "noir" })
    #expect(names[10..<15].allSatisfy { $0 == "sepia" })
    #expect(names[15..<20].allSatisfy { $0 == "noir" })
    #expect(names[20..<40].allSatisfy { $0 == "sepia" })
    #expect(names[40...].allSatisfy { $0.isEmpty })
    try repository.succeed("verify", "--deep")
  }

  /// Another side is chosen after an undo, also of what the branch got meanwhile.
  @Test func mergesAnewWhatWasTakenBack() throws {
    let repository = try Workspace().split(.short)
    func names() throws -> [String] {
      try repository.values("filters").map { filters in
        try #require(filters as? [String]).map { String($0.prefix { $0 != "-" }) }
          .joined(separator: " ")
      }
    }
    try repository.succeed("filter", "sepia", "-b", "other", "--range", "2..6")
    try repository.succeed("switch", "main")
    try repository.succeed("filter", "noir", "--range", "0..4")
    try repository.succeed("merge", "other", "--theirs")
    #expect(try names() == ["noir", "noir", "sepia", "sepia", "sepia", "sepia", "", ""])
    try repository.succeed("undo")
    let undo = try repository.git("rev-parse", "--short=10", "HEAD")
    #expect(try repository.vidgit("merge", "other").status == Status.conflict)
    let merged = try repository.succeed("merge", "other", "--ours")
    #expect(merged.errors.contains("\(undo) took a merge"), Comment(rawValue: merged.snapshot))
    #expect(try names() == ["noir", "noir", "noir", "noir", "sepia", "sepia", "", ""])
    #expect(try repository.succeed("merge", "other").output.contains("up to date"))

    // Passes after the undo, on both branches, are kept.
    try repository.succeed("undo")
    try repository.succeed("filter", "soft", "--range", "7..8")
    try repository.succeed("switch", "other")
    try repository.succeed("cut", "6..7")
    try repository.succeed("switch", "main")
    try repository.succeed("merge", "other", "--theirs")
    #expect(try names() == ["noir", "noir", "sepia", "sepia", "sepia", "sepia", "soft"])
    try repository.succeed("undo")
    #expect(try names() == ["noir", "noir", "noir", "noir", "", "", "", "soft"])

    // What `git revert` has brought back is there.
    _ = try repository.git("revert", "--no-edit", "HEAD")
    #expect(try names().count == 7)
    let again = try repository.succeed("merge", "other")
    #expect(again.output.contains("up to date") && again.errors == "")
  }

  /// Where a branch has moved forward there is no merge to undo, only the last pass.
  @Test func saysWhichPassOfABranchWasTakenBack() throws {
    let repository = try Workspace().split(.short)
    try repository.succeed("filter", "sepia", "-b", "other")
    try repository.succeed("switch", "main")
    try repository.succeed("merge", "other")
    try repository.succeed("undo")
    let result = try repository.succeed("merge", "other")
    #expect(result.output.contains("up to date"))
    let hint = try #require(try /`git (revert [0-9a-f]+)`/.firstMatch(in: result.errors))
    _ = try Tool.git.succeed(
      hint.1.split(separator: " ").map(String.init) + ["--no-edit"], in: repository.path)
    #expect(try repository.values("filters").allSatisfy { ($0 as? [String])?.count == 1 })
    try repository.expectWhole()
  }

  @Test func theSameOnBothSidesIsOne() throws {
    let repository = try Workspace().split(.short)
    try repository.succeed("filter", "noir", "-b", "other")
    try repository.succeed("switch", "main")
    try repository.succeed("filter", "noir")
    try repository.succeed("merge", "other")
    #expect(try repository.values("filters").allSatisfy { ($0 as? [String])?.count == 1 })
  }

  @Test func mergesFilesThatPeopleKeepBeside() throws {
    let repository = try Workspace().split(.short)
    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: repository.file(name)))
      _ = try repository.git("add", name)
      _ = try repository.git("commit", "-q", "-m", "Write \(name)")
    }
    try write("notes.txt", "one\n\ntwo\n\nthree\n")
    try repository.succeed("switch", "-c", "other")
    try write("notes.txt", "one\n\ntwo\n\nTHREE\n")
    try write("theirs.txt", "theirs\n")
    try repository.succeed("cut", "7")
    try repository.succeed("switch", "main")
    try write("notes.txt", "ONE\n\ntwo\n\nthree\n")
    try repository.succeed("filter", "sepia")
    try repository.succeed("merge", "other")
    #expect(
      try String(contentsOfFile: repository.file("notes.txt"), encoding: .utf8)
        == "ONE\n\ntwo\n\nTHREE\n")
    #expect(FileManager.default.fileExists(atPath: repository.file("theirs.txt")))
    #expect(try repository.lines().count == 7)

    try repository.succeed("switch", "-c", "third")
    try repository.edit("video.json") { $0.replacingOccurrences(of: "\"short\"", with: "\"b\"") }
    try repository.succeed("switch", "main")
    try repository.edit("video.json") { $0.replacingOccurrences(of: "\"short\"", with: "\"a\"") }
    let result = try repository.vidgit("merge", "third")
    #expect(result.status == Status.conflict && result.output.contains("video.json: name"))
    try repository.succeed("merge", "third", "--theirs")
    #expect(try repository.json("video.json")["name"] as? String == "b")
  }

  @Test func refusesWhatCannotBeMerged() throws {
    let repository = try Workspace().split(.short)
    try repository.vidgit("merge", "nowhere").expectError(Status.notFound, saying: ["nowhere"])
    try repository.vidgit("merge", "main", "--ours", "--theirs").expectError(Status.usage)
    try repository.vidgit("merge", "main", "--take", "mine", "0..1").expectError(
      Status.usage, saying: ["mine"])
    _ = try repository.git("checkout", "-q", "--orphan", "alone")
    _ = try repository.git("commit", "-q", "-m", "Alone")
    try repository.vidgit("merge", "main").expectError(
      Status.conflict, saying: ["no common history"])
  }
}
