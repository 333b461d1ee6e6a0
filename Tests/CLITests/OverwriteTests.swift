import Foundation
import TestSupport
import Testing

/// No output is written over what a repository is made of.
@Suite struct OverwriteTests {
  /// A repository of a clip that lies beside it, with a further medium on another branch.
  private func repository() throws -> Repository {
    let workspace = try Workspace()
    let source = try Clip.short.copy(to: workspace.folder)
    let repository = try workspace.split(source)
    try repository.succeed("filter", "sepia")
    let other = workspace.file("other.mp4")
    try FileManager.default.copyItem(atPath: source, toPath: other)
    let handle = try #require(FileHandle(forWritingAtPath: other))
    try handle.seekToEnd()
    try handle.write(contentsOf: [0, 0, 0, 8] + Data("free".utf8))
    try handle.close()
    try repository.succeed("switch", "-c", "longer")
    try repository.succeed("splice", "../other.mp4", "at", "100%")
    try repository.succeed("switch", "main")
    return repository
  }

  private func expectRefusal(
    _ repository: Repository, _ file: String, _ words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: repository.file(file)))
    try Tool.vidgit.run(words, in: repository.path).expectError(
      Status.conflict, saying: [(file as NSString).lastPathComponent, "not written over"],
      sourceLocation: sourceLocation)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: repository.file(file))) == bytes,
      sourceLocation: sourceLocation)
  }

  @Test func leavesTheSourcesAlone() throws {
    let repository = try repository()
    for file in ["../short.mp4", "../other.mp4"] {
      try expectRefusal(repository, file, ["render", "-o", file])
      try expectRefusal(repository, file, ["export", "otio", "-o", file])
      try expectRefusal(repository, file, ["export", "manifest", "-o", file])
      try expectRefusal(repository, file, ["diff", "main~1", "main", "--video", file])
      let place = "file:" + repository.workspace.file(String(file.dropFirst(3)))
      try expectRefusal(repository, file, ["render", "-o", place])
    }
  }

  @Test(arguments: [true, false]) func knowsThemByOtherNames(_ isHard: Bool) throws {
    let repository = try repository()
    let (link, files) = (repository.file("../sheet.png"), FileManager.default)
    if isHard {
      try files.linkItem(atPath: repository.file("../other.mp4"), toPath: link)
    } else {
      try files.createSymbolicLink(atPath: link, withDestinationPath: "other.mp4")
    }
    let file = "../sheet.png"
    try expectRefusal(repository, file, ["export", "contact-sheet", "-o", file])
    try expectRefusal(repository, file, ["diff", "--contact-sheet", file])
    try expectRefusal(repository, file, ["filter", "noir", "--sample", "1", "--sheet", file])
    try expectRefusal(repository, file, ["palette", "preview", "main", "noir", "-o", file])
    try expectRefusal(
      repository, file, ["palette", "preview", "../short.mp4", "noir", "-o", file])
    try expectRefusal(
      repository, file,
      ["-C", "/", "palette", "preview", repository.file("../other.mp4"), "noir", "-o", link])
  }

  @Test func leavesTheManifestAndGitAlone() throws {
    let repository = try repository()
    for file in ["video.json", "frames/000000.jsonl", ".git/HEAD"] {
      try expectRefusal(repository, file, ["export", "timecodes", "-o", file])
    }
    try FileManager.default.linkItem(
      atPath: repository.file("frames/000000.jsonl"), toPath: repository.file("../times.txt"))
    try expectRefusal(repository, "../times.txt", ["export", "timecodes", "-o", "../times.txt"])
    try repository.vidgit("export", "images", "-o", "filters/pictures").expectError(
      Status.conflict, saying: ["manifest"])
    try repository.vidgit("export", "page", "-o", ".git/page").expectError(
      Status.conflict, saying: ["Git's"])
    try repository.expectWhole()
    // Any other file is replaced, as ever, and lies where it likes.
    try repository.succeed("export", "timecodes", "-o", "../old.txt")
    try repository.succeed("export", "timecodes", "-o", "../old.txt")
    #expect(try repository.vidgit("export", "timecodes", "-o", "times.txt").status == 0)
  }
}
