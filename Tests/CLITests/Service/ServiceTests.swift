import Foundation
import TestSupport
import Testing

/// Filters that are services on the web: what comes back is what is kept, and nothing is asked twice.
@Suite struct ServiceTests {
  /// The examples as their README says to try them.
  static let presets: [(name: String, parameter: String?)] = [
    ("raw", "filter=invert"), ("deepfilter", "filter=invert"), ("replicate", "version=invert"),
    ("cog", nil), ("fal", "model=fal-ai/invert"), ("kserve", "model=invert"),
    ("openai-edit", "prompt=invert"), ("huggingface", "model=examples/invert"),
  ]

  @Test(arguments: presets) func examplesWork(_ name: String, _ parameter: String?) async throws {
    let hasKey = !["raw", "cog", "kserve"].contains(name)
    let service = try TestService(Workspace(), hasKey ? ["--key", TestService.key] : [])
    let repository = try service.split()
    let result = try Tool.vidgit.run(
      ["filter", TestService.preset(name), "--param", "base=\(service.server.base)", "-b", "made"]
        + (parameter.map { ["--param", $0] } ?? []),
      in: repository.path, environment: TestService.variables)
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    #expect(try repository.hashes() == TestService.negatives(Clip.short.orSkip()))
    let counts = try await service.server.counts()
    #expect(counts.paid == 8 && counts.paidTwice == 0)
    // Two calls of four; three requests a picture beside that for what lies in a store.
    if name == "kserve" { #expect(counts.requests == 2) }
    if name == "deepfilter" { #expect(counts.requests == 2 + 8 + 8) }
    // They are objects: nobody is called for a render or a verification.
    try repository.succeed("verify", "--deep")
    try repository.succeed("render", "-o", repository.workspace.file("made.mkv"))
    #expect(try await service.server.counts().requests == counts.requests)
    #expect(try repository.git("log", "-1", "--format=%(trailers)").contains("Engine: http"))
    try Secrets.expectNone(of: TestService.key, in: repository)
    let temporary = try FileManager.default.contentsOfDirectory(
      atPath: repository.file(".git/vidgit/tmp"))
    #expect(temporary == [])
  }

  @Test func batchesTakeWhatIsLeft() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let recipe = try service.recipe("kserve") {
      $0.set("params", "model", "invert")
      $0["batch"] = 5
    }
    try service.succeed(repository, "filter", recipe, "-b", "made")
    #expect(try repository.hashes() == TestService.negatives(Clip.short.orSkip()))
    let counts = try await service.server.counts()
    #expect(counts.paid == 8 && counts.requests == 2)
  }

  @Test func findsResultsAgain() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let recipe = try service.recipe()
    try service.succeed(repository, "filter", recipe, "-b", "one", "--range", "0..4")
    _ = try repository.git("switch", "-q", "main")
    // By its name: it is known, and was trusted by the first run.
    let two = try service.succeed(repository, "filter", "made", "-b", "two")
    #expect(two["reused"] as? Int == 4 && two["made"] as? Int == 4)
    #expect(try await service.server.counts().paid == 8)
    let gc = try Tool.vidgit.succeed(["gc"], in: repository.path)
    #expect(gc.status == 0)
    _ = try repository.git("switch", "-q", "main")
    let three = try service.succeed(repository, "filter", recipe, "-b", "three")
    #expect(three["reused"] as? Int == 8)
    #expect(try await service.server.counts().paid == 8)
  }

  @Test func asksOnceForEqualFrames() async throws {
    let service = try TestService(Workspace(), ["--work", "0.05"])
    let repository = try service.split()
    try repository.succeed("repeat", "2..4", "--times", "3")
    let distinct = try Set(repository.hashes()).count
    #expect(try repository.hashes().count == distinct + 6)
    try service.succeed(repository, "filter", service.recipe(), "-b", "made")
    let counts = try await service.server.counts()
    #expect(counts.paid == distinct && counts.paidTwice == 0)
  }

  @Test func aStillClipIsOneCall() async throws {
    let workspace = try Workspace()
    let service = try TestService(workspace)
    let clip = workspace.file("still.mkv")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-f", "lavfi", "-i", "color=teal:size=64x48:rate=25:duration=2", "-c:v",
      "ffv1", clip,
    ])
    let repository = try service.split(clip)
    let made = try service.succeed(repository, "filter", service.recipe(), "-b", "made")
    #expect(made["changed"] as? Int == 50)
    #expect(try await service.server.counts().paid == 1)
    #expect(made["spent"] as? [String] == ["0.0023 USD"])
  }

  /// Frames that differ, and are alike when their turn comes: by the recipe before.
  @Test func asksOnceForFramesThatHaveBecomeEqual() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let recipe = try service.plainRecipe()
    try service.succeed(
      repository, "filter", "graph:lutyuv=y=128:u=90:v=200", recipe, "-b", "made", "--jobs", "1")
    #expect(try Set(repository.hashes()).count == 1)
    #expect(try await service.server.counts().paid == 1)
  }

  @Test(arguments: ["tile", "pad", "scale"])
  func bringsFramesToTheSizeThatIsWanted(_ rule: String) async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    // Tiles of 64 by 48 do not divide 160 by 120; padding by more needs no scaling.
    let size = rule == "tile" ? (64, 48) : rule == "pad" ? (200, 136) : (320, 240)
    func recipe(_ filter: String) throws -> String {
      try service.recipe(as: filter) {
        $0.set("params", "filter", filter)
        $0["size"] = ["rule": rule, "width": size.0, "height": size.1]
        if rule == "tile" { $0.set("size", "overlap", 16) }
      }
    }
    let clip = try Clip.short.orSkip()
    try service.succeed(repository, "filter", recipe("identity"), "-b", "same")
    if rule == "scale" {
      // Twice the size and back: close to what it was, everywhere.
      let output = repository.workspace.file("same.nut")
      try repository.succeed("render", "same", "-o", output, "--lossless")
      #expect(try worstDifference(output, clip) < 48)
      #expect(try meanDifference(output, clip) < 3)
    } else {
      #expect(try repository.hashes() == TestService.rgb(clip))
      let counts = try await service.server.counts()
      #expect(counts.paidTwice == 0 && counts.frames > (rule == "tile" ? 12 : 7))
      _ = try repository.git("switch", "-q", "main")
      try service.succeed(repository, "filter", recipe("invert"), "-b", "made")
      #expect(try repository.hashes() == TestService.negatives(clip))
    }
    #expect(try repository.values("width").allSatisfy { $0 == nil })
  }

  /// A frame that is larger than the service takes comes back as large as it was.
  @Test func scalesDownWhatDoesNotFit() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let recipe = try service.recipe("openai-edit") {
      $0.set("params", "prompt", "identity")
      $0.set("params", "base", service.server.base)
    }
    let small = try service.recipe(as: "small") {
      $0.set("params", "filter", "identity")
      $0["size"] = ["rule": "pad", "width": 96, "height": 96]
    }
    try service.succeed(repository, "filter", recipe, "--range", "0..1", "-b", "same")
    #expect(try repository.hashes()[0] == TestService.rgb(Clip.short.orSkip())[0])
    _ = try repository.git("switch", "-q", "main")
    try service.succeed(repository, "filter", small, "-b", "small")
    #expect(try repository.values("width").allSatisfy { $0 == nil })
    let output = repository.workspace.file("small.nut")
    try repository.succeed("render", "small", "-o", output, "--lossless")
    #expect(try meanDifference(output, Clip.short.orSkip()) < 12)
  }

  // MARK: differences, as ffmpeg sees them

  private func differences(_ one: String, _ other: String) throws -> Data {
    // The times do not count: one picture is compared with the other.
    let flags =
      "setpts=N/25/TB,scale=flags=bicubic+accurate_rnd+bitexact+full_chroma_int,format=rgb24"
    return try Tool.ffmpeg.succeed([
      "-v", "error", "-i", one, "-i", other, "-filter_complex",
      "[0:v]\(flags)[a];[1:v]\(flags)[b];[a][b]blend=all_mode=difference", "-f", "rawvideo", "-",
    ]).standardOutput
  }

  private func worstDifference(_ one: String, _ other: String) throws -> Int {
    Int(try #require(differences(one, other).max()))
  }

  private func meanDifference(_ one: String, _ other: String) throws -> Double {
    let all = try differences(one, other)
    try #require(all.count == 8 * 160 * 120 * 3)
    return Double(all.reduce(0) { $0 + Int($1) }) / Double(all.count)
  }
}

/// Looks for a text in everything that a repository consists of.
enum Secrets {
  static func expectNone(
    of secret: String, in repository: Repository, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let grep = try Tool.require("grep").run(
      ["-r", "-l", "-a", "-F", secret, repository.path])
    #expect(grep.output == "", sourceLocation: sourceLocation)
    // Git's objects are packed.
    let objects = try Tool.git.succeed(
      ["cat-file", "--batch-all-objects", "--batch"], in: repository.path)
    #expect(
      objects.standardOutput.range(of: Data(secret.utf8)) == nil, sourceLocation: sourceLocation)
  }
}
