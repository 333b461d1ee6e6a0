import Foundation
import TestSupport
import Testing

/// What `vidgit split` says of bad input, and that it leaves nothing half made.
@Suite struct SplitFaultTests {
  @Test(arguments: Clip.undecodable) func refusesWhatIsNoVideo(_ clip: Clip) throws {
    let workspace = try Workspace()
    let result = try workspace.vidgit("split", try clip.orSkip(), "repo")
    // A disguised playlist may also be called a refusal.
    result.expectError(Status.badInput, Status.refused, saying: [clip.fileName])
    #expect(try workspace.entries == [])
  }

  @Test func saysWhatIsMissing() throws {
    for (clip, words) in [
      (Clip.noVideo, "video"), (.zeroFrames, "frame"), (.unknownCodec, "codec"),
    ] {
      let result = try Workspace().vidgit("split", try clip.orSkip(), "repo")
      result.expectError(Status.badInput, saying: [words])
    }
  }

  @Test func doesNotFollowAPlaylistToItsVideo() throws {
    // The program does: the files are real.
    #expect(try FrameHash.ofFFmpeg(Clip.disguisedConcat.orSkip()).lines.count > 0)
    let workspace = try Workspace()
    #expect(try workspace.vidgit("split", try Clip.disguisedConcat.orSkip(), "repo").status != 0)
    #expect(try workspace.entries == [])
  }

  @Test(arguments: [Clip.truncatedMP4, .truncatedMatroska])
  func stopsAtATruncatedFile(_ clip: Clip) throws {
    let workspace = try Workspace()
    let path = try clip.orSkip()
    try workspace.vidgit("split", path, "repo").expectError(
      Status.badInput, saying: [clip.fileName, "--salvage"])
    #expect(try workspace.entries == [])
    let salvaged = try workspace.split(path, ["--salvage"])
    try salvaged.expectWhole()
    // What decodes without a fault is what the whole file has in the same places.
    let whole = try FrameHash.ofFFmpeg(Clip.groups.orSkip()).hashes
    let kept = try salvaged.hashes()
    #expect(kept.count > 10)
    #expect(kept.count < whole.count)
    #expect(Array(kept.dropLast(3)) == Array(whole.prefix(kept.count - 3)))
  }

  @Test func saysThatTheFileIsMissing() throws {
    let workspace = try Workspace()
    try workspace.vidgit("split", "nothing.mp4").expectError(
      Status.notFound, saying: ["nothing.mp4"])
    #expect(try workspace.entries == [])
  }

  @Test func saysThatAFolderIsNoVideo() throws {
    let workspace = try Workspace()
    try workspace.folder.folder("folder.mp4")
    try workspace.vidgit("split", "folder.mp4", "repo").expectError(
      Status.badInput, Status.notFound, saying: ["folder.mp4"])
    #expect(try workspace.entries == ["folder.mp4"])
  }

  @Test(arguments: [1, 40, 100, 300]) func saysThatAFileIsCutShort(_ count: Int) throws {
    let workspace = try Workspace()
    let whole = try Data(contentsOf: URL(fileURLWithPath: Clip.truncatedMatroska.orSkip()))
    try whole.prefix(count).write(to: URL(fileURLWithPath: workspace.file("head.mkv")))
    try workspace.vidgit("split", "head.mkv", "repo").expectError(
      Status.badInput, saying: ["head.mkv"])
    #expect(try workspace.entries == ["head.mkv"])
  }

  @Test func doesNotWaitForAPipe() throws {
    let workspace = try Workspace()
    #expect(mkfifo(workspace.file("pipe.mp4"), 0o644) == 0)
    for command in [
      ["split", "pipe.mp4", "repo"], ["palette", "preview", "pipe.mp4", "-o", "p.png"],
    ] {
      let result = try Tool.vidgit.run(
        command, in: workspace.folder.path, timeout: .seconds(20))
      result.expectError(Status.badInput, saying: ["pipe.mp4", "not a regular file"])
    }
    #expect(try workspace.entries == ["pipe.mp4"])
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser reads every file"))
  func saysThatTheFileCannotBeRead() throws {
    let workspace = try Workspace()
    let path = try Clip.short.copy(to: workspace.folder)
    chmod(path, 0)
    try workspace.vidgit("split", path, "repo").expectError(
      Status.system, Status.notFound, saying: ["short.mp4", "permission"])
    #expect(try workspace.entries == ["short.mp4"])
  }

  @Test func leavesAFolderAloneThatIsNotEmpty() throws {
    let workspace = try Workspace()
    try workspace.folder.folder("repo")
    try workspace.folder.write("mine", to: "repo/notes.txt")
    try workspace.vidgit("split", try Clip.short.orSkip(), "repo").expectError(
      Status.conflict, saying: ["repo"])
    #expect(try workspace.folder.entries("repo") == ["notes.txt"])
  }

  @Test(arguments: ["20..10", "abc", "10s..x", "-5..3", "1000..2000"])
  func refusesARangeThatMakesNoSense(_ range: String) throws {
    let workspace = try Workspace()
    try workspace.vidgit("split", try Clip.short.orSkip(), "repo", "--range=\(range)").expectError(
      Status.usage, Status.badInput)
    #expect(try workspace.entries == [])
  }

  @Test func stopsCleanlyAndCarriesOn() throws {
    let workspace = try Workspace()
    let path = try Clip.long.orSkip()
    let stopped = try Tool.vidgit.run(
      ["split", path, "repo"], in: workspace.folder.path,
      interruption: Interruption(
        after: .milliseconds(100), sign: workspace.file(".repo.vidgit-split/.git/vidgit/lock")))
    #expect(stopped.status == Status.interrupted, Comment(rawValue: stopped.snapshot))
    let repository = try workspace.split(path)
    try repository.expectWhole()
    #expect(try repository.lines().count == 1500)
  }
}
