import Foundation
import TestSupport
import Testing

/// `vidgit import` of a folder of pictures.
@Suite struct ImportPictureTests {
  /// Pictures of three kinds and three sizes, in the natural order of their names.
  private static let names = [
    "shot1.png", "shot2.png", "shot3.png", "shot10.png", "shot11.jpg", "shot12.webp", "shot020.png",
  ]

  private func pictures(_ workspace: Workspace, _ names: [String] = Self.names) throws -> String {
    let folder = try workspace.folder.folder("My pictures")
    for (number, name) in names.enumerated() {
      let size = name.hasSuffix("jpg") ? "200x100" : name.hasSuffix("webp") ? "64x48" : "160x120"
      try Tool.ffmpeg.succeed([
        "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=\(size):rate=10:duration=2",
        "-vf", "select=eq(n\\,\(number))", "-frames:v", "1",
        "-c:v", name.hasSuffix("jpg") ? "mjpeg" : name.hasSuffix("webp") ? "libwebp" : "png",
        "\(folder)/\(name)",
      ])
    }
    return folder
  }

  private func start(_ options: [String] = ["--fps", "10"]) throws -> Repository {
    let workspace = try Workspace()
    let folder = try pictures(workspace)
    try Tool.vidgit.succeed(["import", folder, "repo"] + options, in: workspace.folder.path)
    return Repository(path: workspace.file("repo"), workspace: workspace)
  }

  @Test func hasThePixelsOfEveryPictureInNaturalOrder() throws {
    let repository = try start()
    try repository.expectWhole()
    let expected = try Self.names.map {
      try FrameHash.ofFFmpeg(repository.workspace.file("My pictures/\($0)")).hashes[0]
    }
    #expect(Set(expected).count == Self.names.count)
    #expect(try repository.hashes() == expected)
    #expect(try repository.values("dur").map { $0 as? Int } == Self.names.map { _ in 1 })
    #expect(try repository.json("video.json")["timebase"] as? [Int] == [1, 10])
    try repository.succeed("verify", "--deep")
    // Nothing of this machine stands in the commits.
    #expect(try !repository.git("log", "-p").contains(repository.workspace.folder.path))
  }

  @Test func worksLikeAnyOtherRepository() throws {
    let repository = try start()
    try repository.succeed("filter", "graph:negate", "-b", "negative")
    for (number, name) in Self.names.enumerated() where name.hasSuffix("png") {
      let path = repository.workspace.file("My pictures/\(name)")
      #expect(
        try repository.hashes()[number] == FrameHash.ofFFmpeg(path, graph: "negate").hashes[0])
    }
    try repository.succeed("verify", "--deep")
    try repository.succeed("cut", "1..3")
    try repository.succeed("verify", "--deep")
    let out = repository.workspace.file("out.nut")
    try repository.succeed("render", "main", "--range", "..4", "-o", out, "--lossless")
    #expect(
      try Array(repository.hashes("main").prefix(4)) == FrameHash.ofFFmpeg(out).hashes)
    #expect(try repository.vidgit("status").output.contains("My pictures.tar at "))
    try Tool.vidgit.succeed(["gc", "--prune=now"], in: repository.path)
    try repository.succeed("verify", "--deep")
  }

  @Test func aCloneGetsThePicturesAsOneFile() throws {
    let repository = try start()
    let media = repository.file(".git/vidgit/media")
    let names = try FileManager.default.contentsOfDirectory(atPath: media)
    #expect(names.count == 1)
    let archive = "\(media)/\(names[0])"
    // Stock tar reads it, and the files are as they were.
    let tar = try Tool.require("tar")
    let unpacked = try repository.workspace.folder.folder("unpacked")
    try tar.succeed(["-xf", archive, "-C", unpacked])
    let files = try FileManager.default.contentsOfDirectory(atPath: unpacked).sorted()
    #expect(
      files == (0..<7).map { "00000\($0).\(["png", "jpg", "webp"][[0, 0, 0, 0, 1, 2, 0][$0]])" })
    for (file, name) in zip(files, Self.names) {
      #expect(
        FileManager.default.contentsEqual(
          atPath: "\(unpacked)/\(file)",
          andPath: repository.workspace.file("My pictures/\(name)")))
    }
    let clone = repository.workspace.file("clone")
    try Tool.git.succeed(["clone", "-q", repository.path, clone])
    #expect(try Tool.vidgit.run(["verify"], in: clone).status == Status.fault)
    try Tool.vidgit.succeed(["media", "locate", archive], in: clone)
    try Tool.vidgit.succeed(["verify", "--deep"], in: clone)
    // The same pictures give the same medium, whenever and wherever.
    let again = try start()
    #expect(
      try again.json("media/My-pictures.json")["sha256"] as? String
        == repository.json("media/My-pictures.json")["sha256"] as? String)
  }

  @Test func takesDurationsFromTimecodes() throws {
    let workspace = try Workspace()
    let folder = try pictures(workspace, ["a1.png", "a2.png", "a3.png"])
    let times = try workspace.folder.write(
      "# timecode format v2\n0\n41.708333\n1000.5\n", to: "times.txt")
    try Tool.vidgit.succeed(
      ["import", folder, "repo", "--timecodes", times], in: workspace.folder.path)
    let repository = Repository(path: workspace.file("repo"), workspace: workspace)
    try repository.expectWhole()
    #expect(try repository.json("video.json")["timebase"] as? [Int] == [1, 1_000_000_000])
    #expect(
      try repository.values("dur").map { $0 as? Int } == [41_708_333, 958_791_667, 958_791_667])
    // The same come out again.
    #expect(
      try repository.vidgit("export", "timecodes").output
        == "# timecode format v2\n0\n41.708333\n1000.5\n")
    // One more is the end of the last; the clock need not begin at 0.
    try workspace.folder.write("# timecode format v2\n500\n540\n700\n1200\n", to: "times.txt")
    try Tool.vidgit.succeed(
      ["import", folder, "other", "--timecodes", times], in: workspace.folder.path)
    let other = Repository(path: workspace.file("other"), workspace: workspace)
    #expect(try other.values("dur").map { $0 as? Int } == [40, 160, 500])
    #expect(try other.json("video.json")["start"] as? Int == 500)
  }

  @Test func saysWhatIsWrongAndLeavesNothing() throws {
    let workspace = try Workspace()
    let folder = try pictures(workspace, ["a1.png", "a2.png"])
    func refused(
      _ arguments: [String], _ status: Int32, _ parts: [String],
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let before = try workspace.entries
      let result = try Tool.vidgit.run(
        ["import", folder, "repo"] + arguments, in: workspace.folder.path)
      result.expectError(status, saying: parts, sourceLocation: sourceLocation)
      #expect(try workspace.entries == before, sourceLocation: sourceLocation)
    }
    try refused([], Status.usage, ["--fps", "--timecodes"])
    try refused(["--fps", "0"], Status.usage, ["--fps"])
    try workspace.folder.write("# timecode format v2\n0\n40\n20\n", to: "t.txt")
    try refused(["--timecodes", "t.txt"], Status.badInput, ["t.txt:4", "not later"])
    try workspace.folder.write("# timecode format v2\n0\n40\n80\n120\n", to: "t.txt")
    try refused(["--timecodes", "t.txt"], Status.badInput, ["4 times", "2 pictures"])
    try refused(["--timecodes", "none.txt"], Status.notFound, ["none.txt"])
    // A text among the pictures, a picture that is cut short, a moving picture.
    try workspace.folder.write("no picture", to: "My pictures/a10.png")
    try refused(["--fps", "10"], Status.badInput, ["'a10.png'"])
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/a1.png"))
    try workspace.folder.write(whole.prefix(whole.count / 2), to: "My pictures/a10.png")
    try refused(["--fps", "10"], Status.badInput, ["'a10.png'"])
    try FileManager.default.removeItem(atPath: "\(folder)/a10.png")
    _ = try Clip.gif.copy(to: workspace.folder, as: "My pictures/a3.gif")
    try refused(["--fps", "10"], Status.badInput, ["'a3.gif'", "more than one picture"])
    let empty = try workspace.folder.folder("empty")
    try workspace.vidgit("import", empty, "repo", "--fps", "10").expectError(
      Status.badInput, saying: ["holds no file"])
    try workspace.vidgit("import", "nothing", "repo").expectError(Status.notFound)
  }

  /// Names from before UTF-8: they are files as all others, in the order of their bytes.
  @Test func takesNamesThatAreNoText() throws {
    let workspace = try Workspace()
    let folder = try pictures(workspace, ["a1.png", "a2.png", "a3.png", "a4.png"])
    let expected = try [2, 3, 1, 4].map {
      try FrameHash.ofFFmpeg("\(folder)/a\($0).png").hashes[0]
    }
    // In Latin-1 "é" is e9, before UTF-8's f0 9f 98 80, and so is f0 2d.
    for (old, new) in [(2, #"\351t\351-1.png"#), (3, #"\351t\351-2.png"#), (1, #"\360-\377.png"#)] {
      try Tool.require("sh").succeed([
        "-c", "mv \"$1/a\(old).png\" \"$1/$(printf '\(new)')\"", "sh", folder,
      ])
    }
    try Tool.require("mv").succeed(["\(folder)/a4.png", "\(folder)/\u{1f600}.png"])
    // A file system may take text alone.
    let listed = try Tool.require("ls").succeed(["-b", folder], in: folder).output
    guard listed.contains(#"\351t\351-1.png"#) else { try skip("no such names on this disk") }
    let result = try Tool.vidgit.succeed(
      ["import", folder, "repo", "--fps", "10"], in: workspace.folder.path)
    #expect(result.errors == "")
    let repository = Repository(path: workspace.file("repo"), workspace: workspace)
    try repository.expectWhole()
    #expect(try repository.hashes() == expected)
    try repository.succeed("verify", "--deep")
    // Where one is no picture it is named, byte by byte.
    try Tool.require("sh").succeed([
      "-c", #"printf x > "$1/$(printf '\351t\351-3.png')""#, "sh", folder,
    ])
    try workspace.vidgit("import", folder, "other", "--fps", "10").expectError(
      Status.badInput, saying: [#"'\xe9t\xe9-3.png'"#])
    #expect(try workspace.entries == ["My pictures", "repo"])
  }

  @Test func namesWhatIsNoFile() throws {
    let workspace = try Workspace()
    let folder = try pictures(workspace, ["a1.png", "a2.png"])
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/a3.png", withDestinationPath: "nowhere.png")
    try workspace.vidgit("import", folder, "repo", "--fps", "10").expectError(
      Status.badInput, saying: ["'a3.png'", "link to nothing"])
    #expect(try workspace.entries == ["My pictures"])
    // One to a picture is the picture.
    try FileManager.default.removeItem(atPath: "\(folder)/a3.png")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/a3.png", withDestinationPath: "a1.png")
    try Tool.vidgit.succeed(
      ["import", folder, "repo", "--fps", "10"], in: workspace.folder.path)
    let hashes = try Repository(path: workspace.file("repo"), workspace: workspace).hashes()
    #expect(hashes.count == 3 && hashes[0] == hashes[2])
  }

  @Test func passesOverHiddenFilesAndFolders() throws {
    let workspace = try Workspace()
    let folder = try pictures(workspace, ["a1.png", "a2.png"])
    try workspace.folder.write("x", to: "My pictures/.DS_Store")
    try workspace.folder.folder("My pictures/more")
    let result = try Tool.vidgit.succeed(
      ["import", folder, "repo", "--fps", "10"], in: workspace.folder.path)
    #expect(result.errors.contains("1 folder in it: not looked at"))
    #expect(result.errors.contains("1 hidden file: left out"))
    let repository = Repository(path: workspace.file("repo"), workspace: workspace)
    #expect(try repository.hashes().count == 2)
  }
}
