import Foundation
import TestSupport
import Testing

/// `vidgit filter --sample`: looking before paying.
@Suite struct SampleTests {
  @Test func drawsFramesThatAPassThenReuses() throws {
    let repository = try Workspace().split(.groups)
    let program = try TestProgram(repository.workspace)
    let recipe = try program.recipe("plain", protocol: "png-stream")
    let before = try repository.state
    let sample = try program.succeed(
      repository, "filter", recipe, "--sample", "5", "--sheet", "../looks.png")
    // The middles of five equal parts of 50 frames.
    #expect(sample["frames"] as? [Int] == [5, 15, 25, 35, 45])
    #expect(sample["failed"] as? [Int] == [])
    #expect(sample["made"] as? Int == 5)
    #expect(try repository.state == before)
    #expect(program.calls == 5)
    // The pass makes the others only, and its commit is the one that it makes without a sample.
    let made = try program.succeed(repository, "filter", recipe, "-b", "made")
    #expect(made["made"] as? Int == 45)
    #expect(made["reused"] as? Int == 5)
    #expect(program.calls == 50)
    let fresh = try Workspace().split(.groups)
    _ = try program.succeed(fresh, "filter", recipe, "-b", "made")
    #expect(
      try repository.git("rev-parse", "made^{tree}") == fresh.git("rev-parse", "made^{tree}"))
  }

  /// What it costs is said, and the pass tells of it once more as its own.
  @Test func saysWhatItSpent() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let recipe = try service.recipe()
    func sample(_ arguments: String...) throws -> [String] {
      let result = try Tool.vidgit.run(
        ["filter", recipe, "--sheet", "../looks.png"] + arguments, in: repository.path,
        environment: TestService.variables)
      #expect(result.status == 0, Comment(rawValue: result.snapshot))
      return result.output.split(separator: "\n").map(String.init)
    }
    #expect(
      try sample("--sample", "3").last
        == "3 made, 0 reused; 3 calls, 0.0069 USD spent; nothing was committed, and the pass will "
        + "not make them again")
    #expect(try await service.server.counts().paid == 3)
    // Again, and all of them: only what is new.
    #expect(try #require(try sample("--sample", "3").last).hasPrefix("0 made, 3 reused; nothing"))
    let json = try object(sample("--sample", "8", "--json").joined(separator: "\n"))
    #expect(json["made"] as? Int == 5 && json["calls"] as? Int == 5)
    #expect(json["spent"] as? [String] == ["0.0115 USD"])
    let made = try service.succeed(repository, "filter", recipe, "-b", "made")
    #expect(made["spent"] as? [String] == ["0.0184 USD"])
    #expect(try await service.server.counts().paid == 8)
  }

  /// Every picture of the sheet is where it belongs, with what `ffmpeg` makes of its frame.
  @Test func showsEachFrameBeforeAndAfter() throws {
    let repository = try Workspace().split(.groups)
    let result = try repository.vidgit("filter", "graph:negate", "--sample", "2")
    #expect(result.output.contains("sample.png"), Comment(rawValue: result.snapshot))
    let sheet = try SheetPicture(repository.file("sample.png"))
    // Two pairs of tiles.
    #expect(sheet.width == 2 * SheetPicture.margin + 4 * 320 + 3 * SheetPicture.gap)
    for (pair, frame) in [12, 37].enumerated() {
      for (side, graph) in ["null", "negate"].enumerated() {
        let distance = try sheet.distance(
          column: 2 * pair + side, from: Clip.groups.path(), frame: frame, graph: graph,
          size: (320, 240))
        #expect(distance < 3, "frame \(frame), \(graph)")
      }
    }
    try FileManager.default.removeItem(atPath: repository.file("sample.png"))
    try repository.expectWhole()
    let again = try object(
      repository.succeed(
        "filter", "graph:negate", "--range", "10..13", "--sample", "9", "--sheet", "../s.jpg",
        "--json"
      ).output)
    // Three frames are all that there are; one of them is known.
    #expect(again["frames"] as? [Int] == [10, 11, 12])
    #expect(again["reused"] as? Int == 1)
  }

  @Test func namesFramesThatFailAndShowsTheOthers() throws {
    let repository = try Workspace().split(.groups)
    let program = try TestProgram(repository.workspace)
    let recipe = try program.recipe("crash:2")
    let before = try repository.state
    let result = try program.run(
      repository, "filter", recipe, "--sample", "4", "--jobs", "1", "--sheet", "../s.png",
      "--json")
    #expect(result.status == Status.badInput, Comment(rawValue: result.snapshot))
    #expect(result.errors.contains("1 of 4 frames could not be made (frame 18)"))
    #expect(result.errors.contains("beyond me"))
    let sample = try object(result.output)
    #expect(sample["failed"] as? [Int] == [18])
    #expect(sample["made"] as? Int == 3)
    #expect(try SheetPicture(repository.workspace.file("s.png")).width > 4 * 320)
    #expect(try repository.state == before)
    // Only the frame that failed is made.
    let again = try program.succeed(
      repository, "filter", recipe, "--sample", "4", "--sheet", "../s.png")
    #expect(again["made"] as? Int == 1)
    #expect(program.calls == 5)
  }

  @Test func refusesWhatMakesNoSense() throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    let before = try repository.state
    try repository.vidgit("filter", "noir", "--sample", "3", "-b", "x").expectError(
      Status.usage, saying: ["--sample", "-b"])
    try repository.vidgit("filter", "noir", "--sample", "0").expectError(
      Status.usage, saying: ["--sample"])
    try repository.vidgit("filter", "noir", "--sheet", "x.png").expectError(
      Status.usage, saying: ["--sheet"])
    try repository.vidgit("filter", "trails", "--sample", "3").expectError(
      Status.usage, saying: ["trails", "frames around it", "--range"])
    // Nothing is made for a sheet that cannot be written.
    let recipe = try program.recipe("plain")
    try program.run(repository, "filter", recipe, "--sample", "1", "--sheet", "no/such/s.png")
      .expectError(Status.notFound, saying: ["no/such/s.png"])
    try program.run(repository, "filter", recipe, "--sample", "1", "--sheet", "s.txt")
      .expectError(Status.usage, saying: ["s.txt"])
    #expect(program.calls == 0)
    #expect(try repository.state == before)
  }
}
