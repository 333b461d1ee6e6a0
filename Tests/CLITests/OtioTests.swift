import Foundation
import TestSupport
import Testing

/// `vidgit export otio` as OpenTimelineIO's own library reads it, and `vidgit import` of such files.
@Suite struct OtioTests {
  /// What the library says of a file.
  private struct Reading: Decodable {
    struct Item: Decodable {
      var schema: String
      var name: String
      var start: Double
      var duration: Double
      var rate: Double
      var keys: [String]
      var url: String?
    }

    struct Track: Decodable {
      var kind: String
      var seconds: Double
      var items: [Item]
    }

    var seconds: Double
    var tracks: [Track]
  }

  private static let script = """
    import json, sys, opentimelineio as otio
    def item(one):
        clip = isinstance(one, otio.schema.Clip)
        return dict(schema=one.schema_name(), name=one.name,
            start=one.source_range.start_time.to_seconds(),
            duration=one.source_range.duration.to_seconds(), rate=one.source_range.duration.rate,
            keys=sorted(one.media_references()) if clip else [],
            url=one.media_reference.target_url if clip else None)
    timeline = otio.adapters.read_from_string(sys.stdin.read(), "otio_json")
    print(json.dumps(dict(seconds=timeline.duration().to_seconds(), tracks=[
        dict(kind=track.kind, seconds=track.duration().to_seconds(), items=[item(i) for i in track])
        for track in timeline.tracks])))
    """

  /// Python with OpenTimelineIO, which `make test-deps` installs.
  private static func python() throws -> Tool {
    let own = SharedVideos.packageRoot + "/.build/venv/bin/python"
    let tools = [Tool(name: "python", path: own)] + [Tool.find("python3")].compactMap { $0 }
    for tool in tools where FileManager.default.isExecutableFile(atPath: tool.path) {
      if try tool.run(["-c", "import opentimelineio"]).status == 0 { return tool }
    }
    try skip("no opentimelineio for Python: `make test-deps` installs it")
  }

  private func read(_ text: String) throws -> Reading {
    let result = try Self.python().succeed(["-c", Self.script], input: Data(text.utf8))
    return try JSONDecoder().decode(Reading.self, from: Data(result.output.utf8))
  }

  private func seconds(_ repository: Repository, _ revision: String = "HEAD") throws -> Double {
    let base = try #require(repository.json("video.json")["timebase"] as? [Int])
    let ticks = try repository.values("dur", revision).reduce(0) { $0 + ($1 as? Int ?? 0) }
    return Double(ticks * base[0]) / Double(base[1])
  }

  /// A timeline of three stretches of one video, and a variant of it on a branch.
  private func start() throws -> Repository {
    let repository = try Workspace().split(.groups)
    try repository.succeed("cut", "10..20", "30..35")
    return repository
  }

  @Test func theLibraryReadsClipsAndSound() throws {
    let repository = try start()
    let reading = try read(repository.vidgit("export", "otio").output)
    #expect(try abs(reading.seconds - seconds(repository)) < 1e-9)
    #expect(reading.tracks.map(\.kind) == ["Video", "Audio"])
    for track in reading.tracks {
      #expect(track.items.map(\.schema) == ["Clip", "Clip", "Clip"])
      #expect(track.items.map(\.start) == [0, 0.8, 1.4])
      #expect(track.items.map(\.duration) == [0.4, 0.4, 0.6])
      #expect(track.items.map(\.rate) == [25, 25, 25])
      #expect(
        try track.items.map(\.url)
          == Array(repeating: URL(fileURLWithPath: Clip.groups.path()).absoluteString, count: 3))
    }
  }

  @Test func aVariableRateIsClipsOfEqualDurations() throws {
    let repository = try Workspace().split(.vfr)
    let reading = try read(repository.vidgit("export", "otio").output)
    let durations = try repository.values("dur").map { $0 as? Int }
    let changes = zip(durations, durations.dropFirst()).filter { $0 != $1 }.count
    #expect(changes > 2)
    #expect(reading.tracks[0].items.count == changes + 1)
    #expect(try abs(reading.seconds - seconds(repository)) < 1e-9)
  }

  @Test func variantsAreMediaReferences() throws {
    let repository = try start()
    try repository.succeed("filter", "noir", "-b", "noir")
    // Another variant plays less: the middle stretch is not in it.
    _ = try repository.git("switch", "-q", "-c", "short", "main")
    try repository.succeed("cut", "12..18")
    let reading = try read(
      repository.vidgit("export", "otio", "main", "--variants", "noir,short").output)
    #expect(
      reading.tracks[0].items.map(\.keys) == [
        ["DEFAULT_MEDIA", "noir", "short"], ["DEFAULT_MEDIA", "noir"],
        ["DEFAULT_MEDIA", "noir", "short"],
      ])
    let timeline = try object(
      repository.vidgit("export", "otio", "main", "--variants", "noir").output)
    let tracks = try #require(
      (timeline["tracks"] as? [String: Any])?["children"] as? [[String: Any]])
    let clip = try #require((tracks[0]["children"] as? [[String: Any]])?.first)
    let reference = try #require(
      (clip["media_references"] as? [String: Any])?["noir"] as? [String: Any])
    let facts = try #require(
      (reference["metadata"] as? [String: Any])?["vidgit"] as? [String: Any])
    #expect(
      try facts["hash"] as? [String] == repository.hashes("noir").prefix(10).map { "sha256:\($0)" })
    #expect((facts["filters"] as? [String])?.count == 1)
    try repository.vidgit("export", "otio", "--variants", "none").expectError(
      Status.notFound, saying: ["none"])
  }

  @Test func knowsExactlyWhatTheFramesAre() throws {
    let repository = try start()
    let timeline = try object(repository.vidgit("export", "otio", "--range", "5..15").output)
    let tracks = try #require(
      (timeline["tracks"] as? [String: Any])?["children"] as? [[String: Any]])
    let clips = try #require(tracks[0]["children"] as? [[String: Any]])
    var hashes: [String] = []
    for clip in clips {
      let metadata = try #require((clip["metadata"] as? [String: Any])?["vidgit"] as? [String: Any])
      hashes += try #require(metadata["hash"] as? [String])
      let count = (metadata["hash"] as? [String])?.count
      #expect((metadata["pts"] as? [Int])?.count == count)
      #expect((metadata["dur"] as? [Int])?.count == count)
    }
    #expect(try hashes == repository.hashes()[5..<15].map { "sha256:\($0)" })
  }

  @Test(arguments: [Clip.groups, .vfr, .bFramesAtStartMatroska, .editList, .vfrTransportStream])
  func comesBackAsTheSameFrames(_ clip: Clip) throws {
    let repository = try Workspace().split(clip)
    try repository.succeed("cut", "..3", "10..15", "22..25")
    let file = repository.workspace.file("cut.otio")
    try repository.succeed("export", "otio", "-o", file)
    try Tool.vidgit.succeed(["import", file, "back"], in: repository.workspace.folder.path)
    let back = Repository(path: repository.workspace.file("back"), workspace: repository.workspace)
    try back.expectWhole()
    #expect(try back.hashes() == repository.hashes())
    #expect(try abs(seconds(back) - seconds(repository)) < 1e-9)
    #expect(
      try back.values("pts").map { $0 as? Int } == repository.values("pts").map { $0 as? Int })
    try back.succeed("verify", "--deep")
  }

  @Test func saysWhereAManifestIsBeyondAllBounds() throws {
    let repository = try Workspace().split(.short)
    try repository.edit("media/short.json") {
      $0.replacingOccurrences(of: "\"start\": 0,", with: "\"start\": \(Int64.min),")
    }
    #expect(try repository.json("media/short.json")["streams"] != nil)
    try repository.vidgit("export", "otio").expectError(
      Status.badInput, saying: ["media/short.json"])
  }

  /// A timeline as another program writes it.
  private func foreign(_ items: String) -> String {
    """
    {"OTIO_SCHEMA": "Timeline.1", "name": "x", "tracks": {"OTIO_SCHEMA": "Stack.1", "children": [
      {"OTIO_SCHEMA": "Track.1", "kind": "Audio", "children": []},
      {"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": [\(items)]}]}}
    """
  }

  private func clip(
    _ start: String, _ duration: String, rate: String = "25.0", available: String = "null",
    url: String = "groups.mp4", more: String = ""
  ) -> String {
    func time(_ value: String) -> String {
      "{\"OTIO_SCHEMA\": \"RationalTime.1\", \"rate\": \(rate), \"value\": \(value)}"
    }
    return """
      {"OTIO_SCHEMA": "Clip.1", "name": "one", "source_range": {"OTIO_SCHEMA": "TimeRange.1",
       "start_time": \(time(start)), "duration": \(time(duration))}, "media_reference":
       {"OTIO_SCHEMA": "ExternalReference.1", "target_url": "\(url)",
       "available_range": \(available)}\(more)}
      """
  }

  private func importing(_ items: String, clip: Clip = .groups) throws -> (ToolResult, Workspace) {
    let workspace = try Workspace()
    _ = try clip.orSkip()
    _ = try clip.copy(to: workspace.folder, as: "groups.mp4")
    try workspace.folder.write(foreign(items), to: "edit.otio")
    return (try workspace.vidgit("import", "edit.otio", "repo"), workspace)
  }

  @Test func readsWhatOtherProgramsWrite() throws {
    // Source times that count from a timecode, a second clip without one.
    let available = """
      {"OTIO_SCHEMA": "TimeRange.1",
       "start_time": {"OTIO_SCHEMA": "RationalTime.1", "rate": 25.0, "value": 90000.0},
       "duration": {"OTIO_SCHEMA": "RationalTime.1", "rate": 25.0, "value": 50.0}}
      """
    let (result, workspace) = try importing(
      clip("90010.0", "5.0", available: available) + "," + clip("2", "3"))
    #expect(result.status == 0, "\(result.snapshot)")
    let repository = Repository(path: workspace.file("repo"), workspace: workspace)
    let all = try FrameHash.ofFFmpeg(Clip.groups.path()).hashes
    #expect(try repository.hashes() == Array(all[10..<15] + all[2..<5]))
    try repository.succeed("verify", "--deep")
  }

  @Test func takesRoundedRatesForWhatTheyMean() throws {
    let ntsc = Clip("ntsc-otio.mp4") {
      try $0.generate(
        source: "testsrc2=size=160x120:rate=24000/1001:duration=2", EncoderArguments.groups)
    }
    let all = try FrameHash.ofFFmpeg(ntsc.orSkip()).hashes
    for rate in ["23.976", "23.98", "23.976023976023978"] {
      let (result, workspace) = try importing(clip("20", "10", rate: rate), clip: ntsc)
      #expect(result.status == 0, "\(result.snapshot)")
      let repository = Repository(path: workspace.file("repo"), workspace: workspace)
      #expect(try repository.hashes() == Array(all[20..<30]))
      #expect(Set(try repository.values("dur").map { $0 as? Int }).count == 1)
    }
  }

  @Test(arguments: [
    ("{\"OTIO_SCHEMA\": \"Gap.1\"}", ["clip 1", "gap", "black"]),
    ("{\"OTIO_SCHEMA\": \"Transition.1\"}", ["transition"]),
    ("{\"OTIO_SCHEMA\": \"Stack.1\"}", ["Stack", "flatten"]),
    ("{\"OTIO_SCHEMA\": \"Clip.2\", \"media_references\": {}}", ["media file"]),
    ("", ["without clips"]),
  ]) func refusesWhatIsNoCut(_ items: String, _ parts: [String]) throws {
    let (result, workspace) = try importing(items)
    result.expectError(Status.badInput, saying: parts)
    #expect(try workspace.entries == ["edit.otio", "groups.mp4"])
  }

  @Test func saysThatFiltersAreNotInIt() throws {
    let repository = try Workspace().split(.short)
    #expect(try repository.vidgit("export", "otio").errors == "")
    try repository.succeed("filter", "noir", "--range", "0..3")
    let words = "note: 3 frames carry filters, which OpenTimelineIO cannot say"
    #expect(try repository.vidgit("export", "otio").errors.hasPrefix(words))
    #expect(
      try repository.vidgit("export", "otio", "-o", "../a.otio").errors.contains(words))
    #expect(try repository.vidgit("export", "otio", "--range", "3..").errors == "")
  }

  @Test func refusesOtherTimesAndPlaces() throws {
    for (item, status, parts) in [
      (clip("40", "20"), Status.badInput, ["goes on to", "'one'"]),
      (clip("400", "20"), Status.badInput, ["is over before"]),
      (clip("0", "0"), Status.badInput, ["time range"]),
      (clip("99999999999", "5", rate: "0.001"), Status.badInput, ["edit.otio"]),
      (clip("-9999", "5", rate: "0.1"), Status.badInput, ["begins at 0 s", "-99990 s"]),
      (clip("0", "99999999999", rate: "0.001"), Status.badInput, ["edit.otio"]),
      (clip("1e300", "5"), Status.badInput, ["edit.otio"]),
      (clip("0", "5", rate: "0"), Status.badInput, ["edit.otio"]),
      (clip("0", "5", url: "missing.mp4"), Status.notFound, ["missing.mp4"]),
      (clip("0", "5", url: "https://example.org/a.mp4"), Status.badInput, ["https"]),
      (clip("0", "5", url: "file://server/a.mp4"), Status.badInput, ["no file here"]),
      (
        clip("0", "5", more: ", \"effects\": [{\"OTIO_SCHEMA\": \"LinearTimeWarp.1\"}]"),
        Status.badInput, ["LinearTimeWarp"]
      ),
      (clip("0", "5", more: ", \"enabled\": false"), Status.badInput, ["disabled"]),
    ] {
      let (result, workspace) = try importing(item)
      result.expectError(status, saying: parts)
      #expect(try workspace.entries == ["edit.otio", "groups.mp4"])
    }
    let workspace = try Workspace()
    try workspace.folder.write("{\"a\": 1}", to: "other.otio")
    try workspace.vidgit("import", "other.otio").expectError(
      Status.badInput, saying: ["Timeline.1"])
    try workspace.folder.write("{\"OTIO_SCHEMA\": ", to: "torn.otio")
    try workspace.vidgit("import", "torn.otio").expectError(Status.badInput, saying: ["torn.otio"])
  }
}
