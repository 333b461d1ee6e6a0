import Foundation
import TestSupport
import Testing

@Suite struct FilterTests {
  /// Graphs that look at one frame only, in libavfilter's notation.
  static let exactGraphs = [
    "hue=s=0,eq=contrast=1.4", "negate", "hflip", "boxblur=2:1", "unsharp=5:5:1.0",
    "colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131",
    "edgedetect=low=0.1:high=0.4", "curves=preset=vintage", "pixelize=8:8",
    "split[a][b];[b]boxblur=4[c];[a][c]blend=all_mode=screen",
  ]

  @Test(arguments: exactGraphs) func hasThePixelsThatFFmpegMakes(_ graph: String) throws {
    for clip in [Clip.groups, .tenBit, .fullRange] {
      let path = try clip.orSkip()
      let repository = try Workspace().split(path)
      try repository.succeed("filter", "graph:\(graph)")
      let theirs = try FrameHash.ofFFmpeg(path, graph: graph)
      #expect(try repository.frameHash().hashes == theirs.hashes, "\(clip)")
    }
  }

  @Test func saysWhatThePixelFormatLoses() throws {
    let repository = try Workspace().split(.tenBit)
    let note = "the frames become yuv420p: 8 bits a sample, where they had 10"
    let result = try repository.succeed("filter", "graph:eq=contrast=1.2", "--range", "0..3")
    #expect(result.errors == "note: \(note)\n")
    #expect(try repository.succeed("filter", "graph:hflip", "--range", "0..3").errors == "")
    let json = try object(repository.succeed("filter", "sepia", "--json").output)
    #expect(json["notes"] as? [String] == [note])
  }

  @Test(
    .enabled(if: SharedVideos.folder != nil, Comment(rawValue: SharedVideos.missing)),
    arguments: SharedVideos.paths)
  func hasThePixelsThatFFmpegMakesOfRealFootage(_ path: String) throws {
    let graph = "hue=s=0,eq=contrast=1.4"
    let repository = try Workspace().split(path)
    try repository.succeed("filter", "graph:\(graph)")
    #expect(
      try repository.frameHash().hashes == FrameHash.ofFFmpeg(path, graph: graph).hashes)
  }

  @Test func makesAVariant() throws {
    let repository = try Workspace().split(.groups)
    let main = try repository.git("rev-parse", "main")
    try repository.succeed("filter", "noir", "-b", "noir")
    #expect(try repository.branch == "noir")
    #expect(try repository.git("rev-parse", "main") == main)
    #expect(try repository.git("rev-parse", "noir^") == main)
    // The lines say where the pixels come from; the recipe stands in the tree under its id.
    let before = try repository.hashes("main")
    #expect(try repository.values("source").map { $0 as? String } == before.map { "sha256:\($0)" })
    let ids = try Set(repository.values("filters").flatMap { try #require($0 as? [String]) })
    let id = try #require(ids.first)
    #expect(ids.count == 1)
    #expect(id.wholeMatch(of: #/noir-[0-9a-f]{12}/#) != nil)
    #expect(try repository.json("filters/\(id).json")["engine"] as? String == "graph")
    #expect(Set(try repository.hashes()).isDisjoint(with: before))
  }

  @Test func saysInTrailersWhatHappened() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "noir", "-b", "noir", "--range", "10..20")
    let trailers = try repository.git("log", "-1", "--format=%(trailers:only,unfold)")
    for key in [
      "Vidgit-Pass", "Vidgit-Recipe: noir-", "Vidgit-Range", "Vidgit-Frames", "Vidgit-Engine",
    ] {
      #expect(trailers.contains(key), "\(key) is not in:\n\(trailers)")
    }
  }

  @Test(arguments: [
    (["--range", "10..20"], Array(10..<20)), (["--range", "0.4s..0.8s"], Array(10..<20)),
    (["--range", "90%.."], Array(45..<50)), (["--frames", "0,10,49"], [0, 10, 49]),
  ])
  func changesOnlyTheFramesItIsTold(_ options: [String], _ positions: [Int]) throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.groups)
    let before = try repository.lines()
    let result = try Tool.vidgit.run(
      ["filter", "graph:negate"] + options, in: repository.path)
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    try repository.expectWhole()
    let changed = zip(before, try repository.lines()).enumerated()
      .filter { $1.0 != $1.1 }.map(\.offset)
    #expect(changed == positions)
    // A changed line is a changed line of diff, and nothing else is.
    let numbers = try repository.git("diff", "--numstat", "HEAD~", "HEAD", "--", "frames")
    #expect(numbers.hasPrefix("\(positions.count)\t\(positions.count)\t"))
  }

  @Test func runsSeveralRecipesInOnePass() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "graph:hue=s=0", "graph:negate", "-b", "both")
    #expect(try repository.git("rev-list", "--count", "main..both") == "1")
    let theirs = try FrameHash.ofFFmpeg(Clip.groups.orSkip(), graph: "hue=s=0,negate")
    #expect(try repository.hashes() == theirs.hashes)
    #expect(try repository.values("filters").allSatisfy { ($0 as? [String])?.count == 2 })
  }

  @Test func stacksPasses() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "graph:hue=s=0")
    try repository.succeed("filter", "graph:negate")
    let theirs = try FrameHash.ofFFmpeg(Clip.groups.orSkip(), graph: "hue=s=0,negate")
    #expect(try repository.hashes() == theirs.hashes)
  }

  @Test func findsTheSamePassAgainWithoutTheVideo() throws {
    let workspace = try Workspace()
    let source = try Clip.groups.copy(to: workspace.folder)
    let repository = try workspace.split(source)
    try repository.succeed("filter", "noir", "-b", "one")
    _ = try repository.git("switch", "-q", "main")
    // Nothing is decoded: there is nothing to decode.
    try FileManager.default.moveItem(atPath: source, toPath: workspace.file("away"))
    let again = try repository.vidgit("filter", "noir", "-b", "two")
    #expect(again.status == 0, Comment(rawValue: again.snapshot))
    #expect(
      try repository.git("rev-parse", "one^{tree}") == repository.git("rev-parse", "two^{tree}"))
  }

  @Test func makesNoCommitWhereNothingChanges() throws {
    let repository = try Workspace().split(.groups)
    let before = try repository.state
    // Cropping nothing away leaves every pixel as it is.
    let result = try repository.vidgit("filter", "graph:crop=iw:ih:0:0")
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    #expect((result.output + result.errors).localizedCaseInsensitiveContains("no frame"))
    #expect(try repository.state == before)
  }

  /// Several runs of frames can lie in one shard.
  @Test func filtersSequencesInSeveralPlaces() throws {
    let repository = try Workspace().split(.groups)
    let before = try repository.lines()
    try repository.succeed("filter", "graph:tmix=frames=3", "--frames", "0..5,20..25")
    let changed = zip(before, try repository.lines()).enumerated().filter { $1.0 != $1.1 }
    // The first frame of each run is a mean of itself.
    #expect(
      changed.map(\.offset).filter { ![0, 20].contains($0) } == [1, 2, 3, 4, 21, 22, 23, 24])
  }

  @Test func filtersASequenceInOrder() throws {
    let graph = "tmix=frames=3"
    let path = try Clip.groups.orSkip()
    let repository = try Workspace().split(path)
    try repository.succeed("filter", "graph:\(graph)")
    #expect(try repository.hashes() == FrameHash.ofFFmpeg(path, graph: graph).hashes)
    // Its pixels are stored, since no one frame gives them back.
    try repository.succeed("verify", "--deep")
  }
}
