import Foundation
import TestSupport
import Testing

/// Commands of a clone that has nothing fetch what they need, and no more.
@Suite struct LazyFetchTests {
  private func clone(_ studio: Studio) throws -> Repository {
    try studio.push()
    let clone = try studio.clone()
    try Tool.vidgit.succeed(["store", "add", "nas", studio.uri], in: clone.path)
    return clone
  }

  @Test func aRenderFetchesWhatItShows() throws {
    let studio = try Studio()
    let clone = try clone(studio)
    try Tool.vidgit.succeed(
      ["render", "--range", "3..6", "--lossless", "-o", "part.mkv"], in: clone.path)
    #expect(try studio.objects("clone").count == 3)
    #expect(
      try FrameHash.ofFFmpeg(clone.file("part.mkv")).hashes == Array(clone.hashes()[3..<6]))
    try Tool.vidgit.succeed(
      ["render", "origin/main", "-o", "all.mkv", "--lossless"], in: clone.path)
    #expect(
      try FrameHash.ofFFmpeg(clone.file("all.mkv")).hashes == studio.repository.hashes("main"))
    #expect(try studio.objects("clone").count == 3)
  }

  @Test func aPassFetchesItsInputsOnce() throws {
    let studio = try Studio()
    let clone = try clone(studio)
    _ = try clone.git("config", "user.name", "Ada")
    try Tool.vidgit.succeed(["filter", "noir", "--range", "2..6", "-b", "a"], in: clone.path)
    #expect(try studio.objects("clone").count >= 4)
    let known = try studio.objects("clone").count
    try FileManager.default.removeItem(atPath: studio.workspace.file("store"))
    // The same pass again needs nothing.
    try Tool.vidgit.succeed(["switch", "mix"], in: clone.path)
    let again = try clone.vidgit("filter", "noir", "--range", "2..6", "-b", "b", "--json")
    #expect(try object(again.output)["made"] as? Int == 0)
    #expect(try studio.objects("clone").count == known)
  }

  @Test func othersFetchToo() throws {
    let studio = try Studio()
    let clone = try clone(studio)
    try Tool.vidgit.succeed(["diff", "origin/main", "mix", "--pixels"], in: clone.path)
    #expect(try studio.objects("clone") == studio.objects("repo"))
    let second = try studio.clone("second")
    try Tool.vidgit.succeed(["store", "add", "nas", studio.uri], in: second.path)
    try Tool.vidgit.succeed(
      ["export", "images", "--range", "0..3", "-o", "pictures"], in: second.path)
    #expect(try studio.objects("second").count <= 3)
    let third = try studio.clone("third")
    try Tool.vidgit.succeed(["store", "add", "nas", studio.uri], in: third.path)
    try Tool.vidgit.succeed(["verify", "--deep"], in: third.path)
    #expect(try studio.objects("third") == studio.objects("repo"))
  }

  /// Twelve seconds of noise: some 20 MB.
  private func longClip(_ studio: Workspace) throws -> String {
    let path = studio.file("long.mp4")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=12,noise=alls=90:allf=t",
      "-f", "lavfi", "-i", "sine=d=12", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25",
      "-crf",
      "18", "-pix_fmt", "yuv420p", "-c:a", "aac", path,
    ])
    return path
  }

  @Test func aLongMediumIsReadInParts() throws {
    let workspace = try Workspace()
    let long = try longClip(workspace)
    let repository = try workspace.split(long)
    try workspace.folder.folder("store")
    try repository.succeed("store", "add", "nas", "file:\(workspace.file("store"))")
    try repository.succeed("push")
    let server = try TestServer.nginx(workspace.file("store"))
    try Tool.git.succeed(["clone", "-q", repository.path, "clone"], in: workspace.folder.path)
    let clone = Repository(path: workspace.file("clone"), workspace: workspace)
    try Tool.vidgit.succeed(["store", "add", "web", server.base], in: clone.path)

    try Tool.vidgit.succeed(
      ["render", "--range", "8s..9s", "-o", "../part.mkv", "--lossless"], in: clone.path)
    #expect(
      try FrameHash.ofFFmpeg(workspace.file("part.mkv")).hashes
        == Array(repository.hashes()[200..<225]))
    let partial = try workspace.folder.entries("clone/.git/vidgit/partial")
    let map = try #require(partial.first { $0.hasSuffix(".map") })
    let chunks = try String(
      contentsOfFile: clone.file(".git/vidgit/partial/\(map)"), encoding: .utf8)
    #expect(chunks.count > 32 && chunks.contains("1"))
    #expect(chunks.count { $0 == "1" } * 3 < chunks.count, "\(chunks)")

    // A second look fetches what the first has not.
    let first = chunks
    try Tool.vidgit.succeed(
      ["render", "--range", "10s..10.5s", "-o", "../part.mkv", "--lossless"], in: clone.path)
    let second = try String(
      contentsOfFile: clone.file(".git/vidgit/partial/\(map)"), encoding: .utf8)
    #expect(second.count { $0 == "1" } > first.count { $0 == "1" })
    #expect(zip(first, second).allSatisfy { $0 == "0" || $1 == "1" })

    // The rest, and the whole hash.
    try Tool.vidgit.succeed(["pull"], in: clone.path)
    #expect(try !workspace.folder.entries("clone/.git/vidgit/partial").contains(map))
    let medium = try #require(try workspace.folder.entries("clone/.git/vidgit/media").first)
    #expect(
      FileManager.default.contentsEqual(
        atPath: clone.file(".git/vidgit/media/\(medium)"), andPath: long))
    try clone.succeed("verify", "--deep")
  }

  @Test func partsOfMediaAreNotKeptForEver() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(longClip(workspace))
    try workspace.folder.folder("store")
    try repository.succeed("store", "add", "nas", "file:\(workspace.file("store"))")
    try repository.succeed("push")
    try Tool.git.succeed(["clone", "-q", repository.path, "clone"], in: workspace.folder.path)
    let clone = Repository(path: workspace.file("clone"), workspace: workspace)
    try Tool.vidgit.succeed(
      ["store", "add", "nas", "file:\(workspace.file("store"))"], in: clone.path)
    try Tool.vidgit.succeed(["render", "--range", "8s..8.2s", "-o", "../part.mp4"], in: clone.path)
    #expect(try workspace.folder.entries("clone/.git/vidgit/partial").count == 3)
    try Tool.vidgit.succeed(["gc"], in: clone.path)
    #expect(try workspace.folder.entries("clone/.git/vidgit/partial").count == 3)
    try Tool.vidgit.succeed(["gc", "--prune=now"], in: clone.path)
    #expect(!FileManager.default.fileExists(atPath: clone.file(".git/vidgit/partial")))
  }

  @Test func aMediumWithAWrongPartIsFoundByItsFrames() throws {
    let workspace = try Workspace()
    let long = try longClip(workspace)
    let repository = try workspace.split(long)
    try workspace.folder.folder("store")
    try repository.succeed("store", "add", "nas", "file:\(workspace.file("store"))")
    try repository.succeed("push")
    let medium = try #require(try workspace.folder.entries("store/media").first)
    let path = workspace.file("store/media/\(medium)")
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    // Every 4 kB of the middle third: wherever it is read, it is wrong.
    for place in stride(from: data.count / 3, to: data.count * 2 / 3, by: 4096) {
      data[place] ^= 0x55
    }
    try data.write(to: URL(fileURLWithPath: path))
    try Tool.git.succeed(["clone", "-q", repository.path, "clone"], in: workspace.folder.path)
    let clone = Repository(path: workspace.file("clone"), workspace: workspace)
    try Tool.vidgit.succeed(
      ["store", "add", "nas", "file:\(workspace.file("store"))"], in: clone.path)
    // Also where nobody asks for a check: the whole hash is not known yet.
    for words in [[], ["--no-verify"]] {
      try Tool.vidgit.run(
        ["render", "--range", "5s..6s", "-o", "part.mp4"] + words, in: clone.path
      ).expectError(Status.verification, Status.badInput)
    }
    #expect(!FileManager.default.fileExists(atPath: clone.file("part.mp4")))
  }
}
