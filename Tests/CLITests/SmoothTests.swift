import Foundation
import TestSupport
import Testing

/// `vidgit filter --smooth`: flicker goes, edges stay.
@Suite struct SmoothTests {
  /// A bright square that goes over a flat ground, six pixels a frame, then the negative from frame 16 on.
  static let edges = FlickerTests.raw(
    "edges.nut",
    "color=c=0x303030:size=160x120:rate=25:duration=1,format=yuv444p,"
      + "drawbox=x=-64:y=0:w=1:h=1,"
      + "geq=lum='if(between(X-6*N,0,39)*between(Y,40,79),200,60)':cb=128:cr=128,"
      + "negate=enable='gte(n,16)'")

  /// A program that makes every second frame brighter and the others darker, by y4m.
  private func flickering(_ workspace: Workspace) throws -> String {
    let folder = workspace.file("flicker")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(
      #"""
      import sys
      source, out = sys.stdin.buffer, sys.stdout.buffer
      header = source.readline()
      words = dict((word[:1], word[1:]) for word in header.decode().split()[1:])
      width, height = int(words["W"]), int(words["H"])
      out.write(header)
      looks = [bytes(max(0, min(255, value + change)) for value in range(256)) for change in (20, -20)]
      count = 0
      while source.readline() == b"FRAME\n":
          data = source.read(width * height * 3 // 2)
          luma = data[:width * height]
          out.write(b"FRAME\n" + luma.translate(looks[count % 2]) + data[width * height:])
          out.flush()
          count += 1
      """#.utf8
    ).write(to: URL(fileURLWithPath: "\(folder)/flicker.py"))
    let recipe = """
      {"name": "flicker", "engine": "command", "scope": "frame", "protocol": "y4m",
       "argv": ["python3", "flicker.py"]}
      """
    try Data(recipe.utf8).write(to: URL(fileURLWithPath: "\(folder)/flicker.json"))
    return "\(folder)/flicker.json"
  }

  private func flicker(_ repository: Repository, _ revision: String) throws -> Double {
    let diff = try object(
      Tool.vidgit.succeed(
        ["diff", "main", revision, "--flicker", "--json"], in: repository.path
      ).output)
    return try #require((diff["flicker"] as? [String: Any])?["new"] as? Double)
  }

  /// The brightness of all frames, as `ffmpeg` reads a lossless render.
  private func luma(_ repository: Repository, _ revision: String) throws -> [[UInt8]] {
    let path = repository.workspace.file("\(revision.replacingOccurrences(of: "~", with: "")).nut")
    try Tool.vidgit.succeed(["render", revision, "-o", path, "--lossless"], in: repository.path)
    let raw = try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", path, "-vf", "extractplanes=y", "-f", "rawvideo", "-",
    ]).standardOutput
    let frame = 160 * 120
    return stride(from: 0, to: raw.count, by: frame).map { Array(raw[$0..<$0 + frame]) }
  }

  @Test func takesFlickerAway() throws {
    let repository = try Workspace().split(FlickerTests.pan)
    let recipe = try flickering(repository.workspace)
    try repository.succeed("filter", recipe, "--jobs", "1", "-b", "plain")
    _ = try repository.git("switch", "-q", "main")
    try repository.succeed("filter", recipe, "--jobs", "1", "--smooth", "2", "-b", "smooth")
    let (before, after) = try (flicker(repository, "plain"), flicker(repository, "smooth"))
    #expect(before > 25)
    #expect(after < before / 3, "\(before) -> \(after)")
    // One commit, both recipes in the chain; times and count are as they were.
    #expect(try repository.git("rev-list", "--count", "main..smooth") == "1")
    let chains = try repository.values("filters", "smooth").map { $0 as? [String] ?? [] }
    #expect(chains.allSatisfy { $0.count == 2 && $0[0].hasPrefix("flicker-") })
    #expect(chains.allSatisfy { $0[1].hasPrefix("smooth-") })
    for key in ["pts", "dur", "source"] where key != "source" {
      #expect(
        try repository.values(key, "smooth").map { $0 as? Int }
          == repository.values(key, "main").map { $0 as? Int })
    }
    let made = try repository.json("filters/\(chains[0][1]).json")
    #expect(made["engine"] as? String == "motion")
    #expect(made["radius"] as? Int == 2)
    #expect(try repository.vidgit("log").output.contains(chains[0][1]))
    try repository.succeed("verify", "--deep")
    // The same in two steps, and again from what is known: the same tree.
    _ = try repository.git("switch", "-q", "plain")
    let again = try object(repository.succeed("filter", "--smooth", "2", "--json").output)
    #expect(again["reused"] as? Int == 25)
    #expect(try repository.hashes("plain") == repository.hashes("smooth"))
    let three = try object(
      repository.succeed("filter", chains[0][1], "-b", "three", "--json").output)
    #expect(three["made"] as? Int == 25)
  }

  /// Beside `tmix` over as many frames: that smears what moves, over the whole way.
  @Test func keepsEdgesThatMove() throws {
    let repository = try Workspace().split(Self.edges)
    let recipe = try flickering(repository.workspace)
    try repository.succeed("filter", recipe, "--jobs", "1", "--smooth", "2", "-b", "smooth")
    _ = try repository.git("switch", "-q", "main")
    try repository.succeed("filter", recipe, "--jobs", "1", "-b", "plain")
    try repository.succeed("filter", "graph:tmix=frames=5", "-b", "mixed")
    let (clean, plain) = (try luma(repository, "main"), try luma(repository, "plain"))
    let (smooth, mixed) = (try luma(repository, "smooth"), try luma(repository, "mixed"))
    #expect(try flicker(repository, "smooth") < flicker(repository, "plain") / 3)
    /// Pixels that are neither ground nor square: 25 levels from what either can be with any
    /// share of the flicker.
    func smeared(_ frames: [[UInt8]], _ numbers: Range<Int>) -> Int {
      numbers.reduce(0) { count, number in
        count
          + zip(frames[number], clean[number]).count { value, clean in
            abs(Int(value) - Int(clean)) > 20 + 25
          }
      }
    }
    #expect(smeared(plain, 4..<18) == 0)
    let (ours, theirs) = (smeared(smooth, 4..<14), smeared(mixed, 4..<14))
    #expect(theirs > 4000)
    #expect(ours * 20 < theirs, "\(ours) pixels, tmix \(theirs)")
    // Nothing of one scene comes into the other: tmix does that.
    #expect(smeared(smooth, 14..<18) * 20 < smeared(mixed, 14..<18))
  }

  @Test func blendsNothingOverAGap() throws {
    let repository = try Workspace().split(Self.edges)
    try repository.succeed("cut", "5..12")
    try repository.succeed("filter", "graph:negate", "--smooth", "3", "-b", "smooth")
    // A part by itself is smoothed as it is in the whole: nothing comes from beyond the gap.
    _ = try repository.git("switch", "-q", "main")
    try repository.succeed(
      "filter", "graph:negate", "--smooth", "3", "--range", "..5", "-b", "part")
    #expect(try repository.hashes("smooth")[..<5] == repository.hashes("part")[..<5])
    // One frame between two gaps stays what the recipe made of it.
    _ = try repository.git("switch", "-q", "main")
    try repository.succeed(
      "filter", "graph:negate", "--smooth", "3", "--frames", "2,7", "-b", "one")
    _ = try repository.git("switch", "-q", "main")
    try repository.succeed("filter", "graph:negate", "-b", "negative")
    for place in [2, 7] {
      #expect(try repository.hashes("one")[place] == repository.hashes("negative")[place])
    }
  }

  @Test func goesOnWhereItWasStopped() throws {
    let repository = try Workspace().split(FlickerTests.pan)
    _ = try repository.vidgit("filter", "noir", "--smooth", "1", "--range", "..10", "-b", "part")
    _ = try repository.git("switch", "-q", "main")
    let all = try object(
      repository.succeed("filter", "noir", "--smooth", "1", "-b", "all", "--json").output)
    // The last of them has had no frame after it.
    #expect(all["reused"] as? Int == 9)
    #expect(all["made"] as? Int == 16)
    let fresh = try Workspace().split(FlickerTests.pan)
    try fresh.succeed("filter", "noir", "--smooth", "1", "-b", "all")
    #expect(try repository.hashes() == fresh.hashes())
  }

  @Test func blendsDeepAndPackedPixels() throws {
    for graph in ["format=yuv422p10le", "format=rgb24", "format=gbrp", "format=rgb48be"] {
      let repository = try Workspace().split(.short)
      try repository.succeed("filter", "graph:\(graph)", "-b", "plain")
      _ = try repository.git("switch", "-q", "main")
      try repository.succeed("filter", "graph:\(graph)", "--smooth", "1", "-b", "smooth")
      let psnr = try object(
        repository.succeed("diff", "plain", "smooth", "--pixels", "--json").output)
      let runs = try #require(psnr["runs"] as? [[String: Any]])
      let value = try #require(runs.first?["psnr"] as? Double)
      // A clip without flicker stays nearly as it is: a channel in disorder would not.
      #expect(value > 28, "\(graph)")
    }
  }

  @Test func refusesWhatMakesNoSense() throws {
    let repository = try Workspace().split(.short)
    let before = try repository.state
    for radius in ["0", "9"] {
      try repository.vidgit("filter", "noir", "--smooth", radius).expectError(
        Status.usage, saying: ["--smooth", "1 to 8"])
    }
    try repository.vidgit("filter").expectError(Status.usage, saying: ["recipe"])
    try repository.vidgit("filter", "trails", "--smooth", "2").expectError(
      Status.usage, saying: ["trails-", "several frames"])
    try repository.vidgit("filter", "noir", "--smooth", "2", "--sample", "2").expectError(
      Status.usage, saying: ["smooth-", "frames around it"])
    try repository.vidgit("filter", "graph:format=pal8", "--smooth", "2").expectError(
      Status.badInput, saying: ["pal8"])
    #expect(try repository.state == before)
    // A recipe that does not keep the rules.
    for (file, word) in [
      (#"{"name": "x", "engine": "motion", "scope": "sequence", "radius": 9}"#, "radius"),
      (#"{"name": "x", "engine": "motion", "scope": "sequence"}"#, "radius"),
      (#"{"name": "x", "engine": "motion", "scope": "frame", "radius": 2}"#, "scope"),
    ] {
      let path = repository.workspace.file("x.json")
      try Data(file.utf8).write(to: URL(fileURLWithPath: path))
      try repository.vidgit("filter", path).expectError(Status.badInput, saying: [word])
    }
  }
}
