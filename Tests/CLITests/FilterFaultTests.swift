import Foundation
import TestSupport
import Testing

/// What `vidgit filter` says of bad input, and that it leaves everything as it was.
@Suite struct FilterFaultTests {
  private func expectRefusal(
    _ arguments: [String], _ statuses: [Int32], saying parts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let repository = try Workspace().split(.short)
    let before = try repository.state
    let result = try Tool.vidgit.run(["filter"] + arguments, in: repository.path)
    result.expectError(anyOf: statuses, saying: parts, sourceLocation: sourceLocation)
    #expect(try repository.state == before, sourceLocation: sourceLocation)
    try repository.expectWhole(sourceLocation: sourceLocation)
  }

  @Test func knowsNoSuchRecipe() throws {
    try expectRefusal(["nior"], [Status.notFound], saying: ["nior", "noir"])
  }

  /// libavfilter's own words are shown.
  @Test(arguments: [
    ("graph:nosuchfilter", "nosuchfilter"), ("graph:eq=contrast=abc", "contrast"),
    ("graph:eq=nosuchoption=1", "nosuchoption"), ("graph:hue=s=0,", "hue"),
    ("graph:[a][b]hue=s=0", "a"), ("graph:eq=contrast='1", "eq"), ("graph:", "graph"),
  ])
  func showsWhatIsWrongWithAGraph(_ recipe: String, _ word: String) throws {
    try expectRefusal([recipe, "-b", "new"], [Status.badInput, Status.refused], saying: [word])
  }

  @Test(arguments: [
    "movie=/etc/passwd", "metadata=print:file=leak.txt", "drawtext=textfile=/etc/passwd",
    "lut3d=file=x.cube", "frei0r=filter_name=../x", "ladspa=file=x", "sendcmd=f=x",
    "curves=plot=leak.txt", "subtitles=filename=x", "zmq", "loop=loop=-1:size=1", "reverse",
    "tpad=stop=-1",
  ])
  func refusesWhatReachesOutOfTheGraph(_ graph: String) throws {
    let filter = String(graph.prefix { $0 != "=" })
    let repository = try Workspace().split(.short)
    let before = try repository.state
    try repository.vidgit("filter", "graph:\(graph)").expectError(
      Status.refused, saying: [filter])
    #expect(try repository.state == before)
    #expect(!FileManager.default.fileExists(atPath: repository.file("leak.txt")))
  }

  @Test(arguments: [
    "geq=lum='while(1,1)'", "geq=lum='st(0,1)'", "scale=16000:16000", "scale=iw*400:ih*400",
    "pad=30000:30000",
  ])
  func refusesWhatWouldNeverEnd(_ graph: String) throws {
    let start = ContinuousClock.now
    try expectRefusal(["graph:\(graph)"], [Status.refused, Status.badInput], saying: [])
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test(arguments: ["20..10", "nonsense", "100..200"])
  func refusesARangeThatMakesNoSense(_ range: String) throws {
    try expectRefusal(
      ["noir", "--range=\(range)"], [Status.usage, Status.badInput], saying: [])
  }

  @Test func refusesAFrameThatIsNotThere() throws {
    try expectRefusal(
      ["noir", "--frames", "0,8"], [Status.usage, Status.notFound], saying: ["8"])
  }

  @Test func keepsAVariantThatExists() throws {
    let repository = try Workspace().split(.short)
    try repository.succeed("filter", "noir", "-b", "noir")
    _ = try repository.git("switch", "-q", "main")
    let before = try repository.state
    try repository.vidgit("filter", "sepia", "-b", "noir").expectError(
      Status.conflict, saying: ["noir"])
    #expect(try repository.state == before)
  }

  @Test(arguments: ["a..b", "-x", "refs/heads/", "a b", "x.lock"])
  func refusesANameThatIsNoBranch(_ name: String) throws {
    try expectRefusal(
      ["noir", "--branch=\(name)"], [Status.usage, Status.badInput], saying: [])
  }

  @Test func saysWhereThereIsNoRepository() throws {
    let workspace = try Workspace()
    try workspace.vidgit("filter", "noir").expectError(Status.notFound, saying: ["repository"])
    // A repository of Git that is none of vidgit's.
    try Tool.git.succeed(["init", "-q", "other"], in: workspace.folder.path)
    try workspace.vidgit("-C", "other", "filter", "noir").expectError(
      Status.notFound, Status.badInput)
  }

  @Test func keepsUncommittedChanges() throws {
    let repository = try Workspace().split(.short)
    let shard = repository.file("frames/000000.jsonl")
    let text = try String(contentsOfFile: shard, encoding: .utf8)
    try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: shard))
    try repository.vidgit("filter", "noir").expectError(
      Status.conflict, saying: ["frames/000000.jsonl"])
    #expect(try String(contentsOfFile: shard, encoding: .utf8) == text + "\n")
  }

  @Test(arguments: [
    ("not json", "{\"pts\":0,"), ("a float", "{\"pts\":0.5,\"dur\":1,\"hash\":\"sha256:00\"}"),
    ("a key twice", "{\"pts\":0,\"pts\":1}"), ("empty", ""),
  ])
  func pointsAtABadLine(_ name: String, _ line: String) throws {
    let repository = try Workspace().split(.short)
    try repository.edit("frames/000000.jsonl") { text in
      var lines = text.split(separator: "\n").map(String.init)
      lines[2] = line
      return lines.joined(separator: "\n") + "\n"
    }
    let before = try repository.state
    try repository.vidgit("filter", "noir", "-b", "noir").expectError(
      Status.badInput, saying: ["frames/000000.jsonl", "3"])
    #expect(try repository.state == before)
  }

  @Test func saysWhichMediaHasMoved() throws {
    let workspace = try Workspace()
    let source = try Clip.short.copy(to: workspace.folder)
    let repository = try workspace.split(source)
    try FileManager.default.moveItem(atPath: source, toPath: workspace.file("elsewhere.mp4"))
    let before = try repository.state
    try repository.vidgit("filter", "noir").expectError(
      Status.notFound, saying: ["short.mp4"])
    #expect(try repository.state == before)
  }

  @Test func saysWhichMediaHasChanged() throws {
    let workspace = try Workspace()
    let source = try Clip.short.copy(to: workspace.folder)
    let repository = try workspace.split(source)
    try FileManager.default.removeItem(atPath: source)
    try FileManager.default.copyItem(atPath: Clip.vfr.orSkip(), toPath: source)
    let before = try repository.state
    try repository.vidgit("filter", "noir").expectError(
      Status.verification, Status.notFound, saying: ["short.mp4"])
    #expect(try repository.state == before)
  }

  @Test func guessesWhichFilterWasMeant() throws {
    let repository = try Workspace().split(.short)
    let slip = try repository.vidgit("filter", "graph:hu=s=0")
    slip.expectError(Status.badInput, saying: ["there is no filter 'hu'", "did you mean hue"])
    // No file is at fault.
    #expect(!slip.errors.contains("git diff"), Comment(rawValue: slip.snapshot))
    for graph in ["graph:hue=", "graph:hue=x=0", "graph:hue,,eq", "graph:[a"] {
      let broken = try repository.vidgit("filter", graph)
      if broken.status == 0 { continue }
      #expect(!broken.errors.contains("git diff"), Comment(rawValue: broken.snapshot))
      broken.expectError(Status.badInput)
    }
    try repository.vidgit("filter", "hue=s=0").expectError(
      Status.notFound, saying: ["write 'graph:hue=s=0'"])
    try repository.vidgit("filter", "noirr").expectError(
      Status.notFound, saying: ["did you mean noir?"])
  }
}
