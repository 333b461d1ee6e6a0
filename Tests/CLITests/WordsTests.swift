import Foundation
import TestSupport
import Testing

/// Small things that are said: one of a kind, nothing at all, and what was meant.
@Suite struct WordsTests {
  @Test func countsOneAsOne() throws {
    let workspace = try Workspace()
    let clip = try Clip.short.orSkip()
    #expect(
      try workspace.vidgit("split", clip, "one", "--range", "3").output.hasPrefix(
        "Split into 1 frame of "))
    try workspace.folder.write("ffconcat version 1.0\nfile '\(clip)'\n", to: "list.txt")
    let imported = try Tool.vidgit.succeed(
      ["import", "list.txt", "repo"], in: workspace.folder.path)
    #expect(imported.output.contains("from 1 medium\n"))
    let repository = Repository(path: workspace.file("repo"), workspace: workspace)
    let pictures = try repository.succeed("export", "images", "--range", "2", "-o", "../pictures")
    #expect(pictures.output.hasPrefix("Wrote 1 picture to"))
    let none = try repository.vidgit("filter", "command:false $INPUT $OUTPUT")
    none.expectError(Status.badInput, saying: ["the same command tries them again"])
  }

  @Test func saysThatThereIsNoCommit() throws {
    let workspace = try Workspace()
    _ = try Tool.git.succeed(["init", "-q", "-b", "main", "empty"], in: workspace.folder.path)
    for words in [
      ["status"], ["log"], ["branch"], ["render", "-o", "../out.mp4"], ["filter", "noir"],
      ["verify"],
    ] {
      try Tool.vidgit.run(words, in: workspace.file("empty")).expectError(
        Status.notFound, saying: ["no commit yet", "vidgit split VIDEO DIR"])
    }
    #expect(try workspace.entries == ["empty"])
  }

  @Test(arguments: [("h265", "hevc"), ("x264", "h264"), ("prorse", "prores")])
  func knowsWhatCodecIsMeant(_ name: String, _ meant: String) throws {
    let repository = try Workspace().split(.short)
    try repository.vidgit("render", "--codec", name, "-o", "../out.mkv").expectError(
      Status.usage, saying: ["did you mean \(meant)?"])
  }

  @Test func saysHowToBringBackWhatWasUndone() throws {
    try Tool.vidgit.run(["redo"]).expectError(Status.usage, saying: ["git revert HEAD"])
    let repository = try Workspace().split(.short)
    try repository.succeed("filter", "noir")
    let noir = try repository.hashes()
    try repository.succeed("undo")
    _ = try repository.git("revert", "--no-edit", "HEAD")
    #expect(try repository.hashes() == noir)
    try repository.expectWhole()
  }

  @Test func saysThatANameIsTooLong() throws {
    let repository = try Workspace().split(.short)
    let name = String(repeating: "x", count: 241) + ".mkv"
    try repository.vidgit("render", "-o", "../\(name)").expectError(
      Status.system, saying: ["too long", "a shorter name"])
    #expect(try repository.workspace.entries == ["repo"])
  }

  @Test func rendersPicturesIntoAFolderWithoutASlash() throws {
    let repository = try Workspace().split(.short)
    try repository.workspace.folder.folder("pictures")
    try repository.succeed("render", "-o", "../pictures")
    #expect(try repository.workspace.folder.entries("pictures").count == 8)
  }

  @Test func saysWhichCommandIsAtWork() throws {
    let workspace = try Workspace()
    try workspace.folder.folder(".repo.vidgit-split/.git/vidgit")
    let lock = workspace.file(".repo.vidgit-split/.git/vidgit/lock")
    try workspace.folder.write("ffconcat version 1.0\nfile '\(Clip.short.orSkip())'\n", to: "l.txt")
    let result = try Tool.require("flock").run(
      [lock, Tool.vidgit.path, "import", "l.txt", "repo"], in: workspace.folder.path)
    result.expectError(Status.conflict, saying: ["another import is writing 'repo'"])
  }
}
