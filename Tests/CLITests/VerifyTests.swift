import Foundation
import TestSupport
import Testing

@Suite struct VerifyTests {
  private func expectFault(
    _ repository: Repository, _ options: [String] = [], saying parts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try Tool.vidgit.run(["verify"] + options, in: repository.path)
    let said = Comment(rawValue: result.snapshot)
    #expect(result.status == Status.fault, said, sourceLocation: sourceLocation)
    for part in parts {
      #expect(result.snapshot.contains(part), said, sourceLocation: sourceLocation)
    }
  }

  @Test func findsNothingWhereNothingIs() throws {
    let repository = try Workspace().split(.short)
    try repository.succeed("filter", "noir", "-b", "noir")
    try repository.succeed("verify")
    try repository.succeed("verify", "main")
    try repository.succeed("verify", "--deep")
  }

  @Test func findsAWrongHashOnlyWhereItDecodes() throws {
    let repository = try Workspace().split(.short)
    let hash = try repository.hashes()[5]
    try repository.edit("frames/000000.jsonl") {
      $0.replacingOccurrences(of: hash, with: String(repeating: "a", count: 64))
    }
    try expectFault(repository, ["--deep"], saying: ["5"])
  }

  @Test func findsAWrongSource() throws {
    let repository = try Workspace().split(.short)
    let hash = try repository.hashes()[5]
    try repository.succeed("filter", "noir", "-b", "noir")
    try repository.edit("frames/000000.jsonl") {
      $0.replacingOccurrences(of: hash, with: String(repeating: "a", count: 64))
    }
    try expectFault(repository, ["--deep"], saying: ["5", "is not the source"])
  }

  @Test func findsAnEditedRecipe() throws {
    let repository = try Workspace().split(.short)
    try repository.succeed("filter", "graph:eq=contrast=1.5", "-b", "more")
    let name = try #require(try repository.git("ls-files", "filters").split(separator: "\n").first)
    try repository.edit(String(name)) { $0.replacingOccurrences(of: "1.5", with: "1.6") }
    try expectFault(repository, saying: [String(name)])
  }

  @Test func findsARecipeThatIsMissing() throws {
    let repository = try Workspace().split(.short)
    try repository.succeed("filter", "noir", "-b", "noir")
    _ = try repository.git("rm", "-q", "-r", "filters")
    _ = try repository.git("commit", "-q", "-m", "Lose the recipe")
    try expectFault(repository, saying: ["noir-"])
  }

  @Test func findsChangedMedia() throws {
    let workspace = try Workspace()
    let source = try Clip.short.copy(to: workspace.folder)
    let repository = try workspace.split(source)
    var data = try Data(contentsOf: URL(fileURLWithPath: source))
    data[data.count / 2] ^= 1
    try data.write(to: URL(fileURLWithPath: source))
    try expectFault(repository, saying: ["short.mp4"])
  }

  /// One line a medium and not one a frame; what is at hand is checked all the same.
  @Test func namesAMissingMediumOnce() throws {
    let workspace = try Workspace()
    let (clip, other) = (
      try Clip.groups.copy(to: workspace.folder), try Clip.short.copy(to: workspace.folder)
    )
    let repository = try workspace.split(clip)
    try repository.succeed("splice", other, "at", "100%")
    // These are objects, save the one that is spoiled.
    try repository.succeed("filter", "graph:tmix=frames=3", "--range", "0..10")
    let hash = try #require(try repository.hashes().last)
    let shard = try repository.git("ls-files", "frames").split(separator: "\n").last.map(
      String.init)
    try repository.edit(#require(shard)) {
      $0.replacingOccurrences(of: hash, with: String(repeating: "a", count: 64))
    }
    // Of the first ten, those that the filter has left as they were.
    let places = try zip(repository.values("uri"), repository.values("filters"))
    let needed = places.filter {
      $0 as? String == "media/groups.json" && ($1 as? [Any])?.isEmpty == true
    }.count
    #expect((40...42).contains(needed))
    let bytes = try FileManager.default.attributesOfItem(atPath: clip)[.size] as? Int
    let digest = try Tool.require("sha256sum").succeed([clip]).output.prefix(64)
    try FileManager.default.removeItem(atPath: clip)

    let deep = try repository.vidgit("verify", "--deep")
    let said = Comment(rawValue: deep.snapshot)
    #expect(deep.status == Status.fault, said)
    let lines = deep.output.split(separator: "\n")
    #expect(lines.count == 3, said)
    for part in [
      "media/groups.json: ", "'groups.mp4' (\(try #require(bytes)) bytes, sha256:\(digest))",
      "\(needed) frames need it", "vidgit media locate", "vidgit store add", "vidgit publish",
    ] {
      #expect(lines.first?.contains(part) == true, said)
    }
    // The other medium was decoded.
    #expect(lines.dropFirst().first?.hasPrefix("\(shard ?? ""):8: ") == true, said)
    #expect(lines.last?.contains("58 frames, \(needed) of them not made again") == true, said)
    let json = try object(repository.vidgit("verify", "--deep", "--json").output)
    #expect(json["unmadeFrames"] as? Int == needed && json["faultCount"] as? Int == 2)

    let quick = try repository.vidgit("verify")
    #expect(quick.status == Status.fault)
    #expect(quick.output == "\(lines[0])\n", Comment(rawValue: quick.snapshot))
  }

  @Test func findsADamagedObject() throws {
    let repository = try Workspace().split(.short)
    // A sequence filter stores its frames.
    try repository.succeed("filter", "graph:tmix=frames=3", "-b", "mixed")
    let root = repository.file(".git/vidgit")
    let names = FileManager.default.enumerator(atPath: root)?.allObjects.compactMap {
      $0 as? String
    }
    let object = try #require(
      names?.filter { $0.hasPrefix("objects/") }.first { name in
        let type = try? FileManager.default.attributesOfItem(atPath: "\(root)/\(name)")[.type]
        return type as? FileAttributeType == .typeRegular
      })
    let path = "\(root)/\(object)"
    chmod(path, 0o600)
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    data[data.count / 2] ^= 0xff
    try data.write(to: URL(fileURLWithPath: path))
    try expectFault(repository, saying: [])
  }

  @Test func findsABadLine() throws {
    let repository = try Workspace().split(.short)
    try repository.edit("frames/000000.jsonl") {
      $0.replacingOccurrences(of: "\"dur\":", with: "\"dur\":-")
    }
    try expectFault(repository, saying: ["frames/000000.jsonl"])
  }

  @Test func refusesATreeWithNamesThatAreNotOurs() throws {
    let repository = try Workspace().split(.short)
    let blob = try repository.git("rev-parse", "HEAD:video.json")
    let tree = try repository.git("rev-parse", "HEAD:frames")
    for name in ["..", "a\\b", ".git", "with space"] {
      let made = try Tool.git.run(
        ["mktree", "--missing"], in: repository.path,
        input: Data("100644 blob \(blob)\tvideo.json\n040000 tree \(tree)\t\(name)\n".utf8))
      guard made.status == 0 else { continue }
      let commit = try Tool.git.succeed(
        ["commit-tree", "-m", "Bad", made.lines[0]], in: repository.path
      ).lines[0]
      let result = try repository.vidgit("verify", commit)
      #expect(result.status != 0, Comment(rawValue: result.snapshot))
      #expect(result.signal == nil)
    }
  }

  @Test func knowsNoSuchRevision() throws {
    let repository = try Workspace().split(.short)
    try repository.vidgit("verify", "nowhere").expectError(Status.notFound, saying: ["nowhere"])
  }
}
