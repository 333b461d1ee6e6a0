import Foundation
import TestSupport
import Testing

/// Timelines that stock git merges: by lines, and through vidgit as its merge driver.
@Suite struct StockGitTests {
  private func repository() throws -> Repository {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "sepia", "-b", "other", "--range", "20..30")
    try repository.succeed("switch", "main")
    return repository
  }

  @Test func mergesLinesThatAreApart() throws {
    let repository = try repository()
    try repository.succeed("filter", "noir", "--range", "0..10")
    _ = try repository.git("merge", "-q", "-m", "By lines", "other")
    try repository.expectWhole()
    try repository.succeed("verify", "--deep")
    let filters = try repository.values("filters").compactMap { $0 as? [String] }
    #expect(filters.filter { $0.count == 1 }.count == 20)
  }

  /// A clone without its history works on what it has, and says what is missing.
  @Test func saysWhatAShallowCloneLacks() throws {
    let repository = try repository()
    try repository.succeed("filter", "noir", "--range", "0..10")
    let path = repository.workspace.file("shallow")
    try Tool.git.succeed(["clone", "-q", "--depth", "1", "file://\(repository.path)", path])
    let shallow = Repository(path: path, workspace: repository.workspace)
    for command in [["log"], ["blame"], ["undo"], ["diff"], ["cost"]] {
      let result = try Tool.vidgit.run(command, in: path)
      result.expectError(Status.notFound, saying: ["git fetch --unshallow"])
    }
    for command in [["show"], ["status"], ["branch"], ["switch", "-c", "mine"]] {
      #expect(try Tool.vidgit.run(command, in: path).status == 0, "\(command)")
    }
    _ = try shallow.git("fetch", "-q", "--unshallow")
    for command in [["log"], ["blame"], ["diff"], ["cost"], ["undo"]] {
      #expect(try Tool.vidgit.run(command, in: path).status == 0, "\(command)")
    }
  }

  @Test func switchesToABranchOfTheOrigin() throws {
    let repository = try repository()
    let path = repository.workspace.file("clone")
    try Tool.git.succeed(["clone", "-q", repository.path, path])
    let clone = Repository(path: path, workspace: repository.workspace)
    try Tool.vidgit.succeed(["switch", "other"], in: path)
    #expect(try clone.git("status", "-sb") == "## other...origin/other")
    #expect(try clone.git("rev-parse", "HEAD") == repository.git("rev-parse", "other"))
    try clone.vidgit("switch", "nowhere").expectError(
      Status.notFound, saying: ["switch -c nowhere"])
  }

  @Test func explainsMarksThatWereCommitted() throws {
    let repository = try repository()
    try repository.succeed("filter", "noir", "--range", "25..35")
    let merge = try Tool.git.run(["merge", "-q", "other"], in: repository.path)
    #expect(merge.status == 1)
    // A merge that is left half way is not walked over.
    try repository.vidgit("cut", "0").expectError(Status.conflict, saying: ["middle of a merge"])
    _ = try repository.git("commit", "-q", "-a", "-m", "With marks")
    let verify = try repository.vidgit("verify")
    #expect(verify.status == Status.fault)
    #expect(verify.output.contains("<<<<<<<") && verify.output.contains("frames/000000.jsonl"))
  }

  @Test func driverCombinesNeighboursAndCuts() throws {
    let repository = try repository()
    try repository.succeed("init-git", "--program", Tool.vidgit.path)
    try repository.succeed("init-git", "--program", Tool.vidgit.path)
    let attributes = try String(
      contentsOfFile: repository.file(".git/info/attributes"), encoding: .utf8)
    #expect(attributes.components(separatedBy: "frames/*.jsonl merge=vidgit").count == 2)
    // Lines next to each other, and lines that the other side has changed: git by itself conflicts.
    try repository.succeed("filter", "noir", "--range", "10..20")
    try repository.succeed("cut", "28..32")
    _ = try repository.git("merge", "-q", "-m", "By frames", "other")
    try repository.expectWhole()
    let filters = try repository.values("filters").compactMap {
      ($0 as? [String])?.first?.prefix(4)
    }
    #expect(
      filters == [Substring](repeating: "noir", count: 10)
        + [Substring](repeating: "sepi", count: 8))
    #expect(try repository.lines().count == 46)
  }

  @Test func driverMarksWhatDoesNotCombine() throws {
    let repository = try repository()
    try repository.succeed("init-git", "--program", Tool.vidgit.path)
    try repository.succeed("filter", "noir", "--range", "25..35")
    let merge = try Tool.git.run(["merge", "-q", "other"], in: repository.path)
    #expect(merge.status == 1)
    let text = try String(contentsOfFile: repository.file("frames/000000.jsonl"), encoding: .utf8)
    let lines = text.split(separator: "\n")
    let (start, middle, end) = (
      try #require(lines.firstIndex(of: "<<<<<<< ours")),
      try #require(lines.firstIndex(of: "=======")),
      try #require(lines.firstIndex(of: ">>>>>>> theirs"))
    )
    #expect(start == 25 && middle == 31 && end == 37 && lines.count == 50 + 5 + 3)
    // Keeping one side by hand gives a repository that is whole.
    let kept = lines[..<start] + lines[(start + 1)..<middle] + lines[(end + 1)...]
    try Data((kept.joined(separator: "\n") + "\n").utf8).write(
      to: URL(fileURLWithPath: repository.file("frames/000000.jsonl")))
    _ = try repository.git("commit", "-q", "-a", "-m", "Ours")
    try repository.expectWhole()
    #expect(try repository.lines().count == 50)
  }

  /// Lines deleted, copied and reordered in an editor, committed with git: render does what they say.
  @Test func playsLinesThatWereEditedByHand() throws {
    let repository = try repository()
    let before = try repository.hashes()
    try repository.edit("frames/000000.jsonl") { text in
      let lines = text.split(separator: "\n")
      return (lines[30..<40] + lines[0..<5].reversed() + lines[30..<32] + lines[45...])
        .joined(separator: "\n") + "\n"
    }
    try repository.succeed("render", "-o", "../edited.nut", "--lossless", "--no-audio")
    let expected = before[30..<40] + before[0..<5].reversed() + before[30..<32] + before[45...]
    let path = repository.workspace.file("edited.nut")
    #expect(try FrameHash.ofFFmpeg(path).lines.map(\.hash) == Array(expected))
    try repository.succeed("diff", "main~1", "main")
  }
}

/// render --use.
@Suite struct MixedRenderTests {
  @Test func playsPartsOfSeveralRevisions() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "noir", "-b", "noir")
    try repository.succeed("cut", "..5")
    let tree = try repository.git("count-objects", "-v")
    try repository.succeed(
      "render", "--use", "noir:0..10", "--use", "main:1s..1.4s", "--use", "noir:40..", "-o",
      "../mixed.nut", "--lossless")
    let (noir, main) = (try repository.hashes("noir"), try repository.hashes("main"))
    let path = repository.workspace.file("mixed.nut")
    let rendered = try FrameHash.ofFFmpeg(path).lines.map(\.hash)
    #expect(rendered == Array(noir[0..<10] + main[25..<35] + noir[40...]))
    #expect(try repository.git("count-objects", "-v") == tree, "nothing is written for it")
    let tags = try Tool.ffprobe.succeed(["-v", "error", "-show_entries", "format_tags", path])
    #expect(try tags.output.contains(repository.git("rev-parse", "noir") + ":0..10"))
    try repository.vidgit("render", "--use", "noir:90..", "-o", "../x.nut").expectError(
      Status.usage)
    try repository.vidgit("render", "--use", ":0..1", "-o", "../x.nut").expectError(Status.usage)
    try repository.vidgit("render", "main", "--use", "noir", "-o", "../x.nut").expectError(
      Status.usage, saying: ["main"])
    #expect(try repository.workspace.entries == ["mixed.nut", "repo"])
  }
}
