import Foundation
import TestSupport
import Testing

extension Clip {
  /// 2,500 frames, which are three shards, no two alike.
  static let thousands = Clip("thousands.mp4") {
    try $0.generate(
      source: LavfiSource.moving(size: "64x48", rate: 100, seconds: 25), EncoderArguments.x264)
  }
}

extension Repository {
  /// The blob of each shard by its path.
  func shards(_ revision: String = "HEAD") throws -> [String: String] {
    let lines = try git("ls-tree", revision, "frames/").split(separator: "\n")
    return Dictionary(
      uniqueKeysWithValues: lines.map { line in
        let parts = line.split { " \t".contains($0) }.map(String.init)
        return (parts[3], parts[2])
      })
  }

  /// The durations of the timeline, in ticks.
  func durations(_ revision: String = "HEAD") throws -> [Int] {
    try values("dur", revision).map { try #require($0 as? Int) }
  }

  /// Runs an edit, and expects one commit whose timeline is `lines`, a whole repository, and that no other
  /// shard than those of `touching` has changed or gone.
  @discardableResult
  func expectEdit(
    _ arguments: [String], gives lines: [String], touching: Set<String>? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ToolResult {
    let before = try (git("rev-parse", "HEAD"), shards())
    let result = try Tool.vidgit.succeed(arguments, in: path)
    try expectWhole(sourceLocation: sourceLocation)
    #expect(try git("rev-parse", "HEAD~1") == before.0, sourceLocation: sourceLocation)
    #expect(try self.lines() == lines, sourceLocation: sourceLocation)
    if let touching {
      let after = try shards()
      let changed = before.1.filter { after[$0.key] != $0.value }.keys
      #expect(Set(changed) == touching, sourceLocation: sourceLocation)
    }
    let trailer = try git("log", "-1", "--format=%(trailers:key=Vidgit-Pass,valueonly)")
    #expect(
      trailer.trimmingCharacters(in: .newlines) == arguments[0], sourceLocation: sourceLocation)
    return result
  }

  /// Runs an edit that is refused, and expects that it has touched nothing.
  func expectRefusal(
    _ arguments: [String], _ statuses: Int32..., saying parts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try state
    try Tool.vidgit.run(arguments, in: path).expectError(
      anyOf: statuses, saying: parts, sourceLocation: sourceLocation)
    #expect(try state == before, sourceLocation: sourceLocation)
    try expectWhole(sourceLocation: sourceLocation)
  }

  /// Runs an edit that changes nothing, and expects no commit.
  func expectNothing(
    _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try state
    let result = try Tool.vidgit.succeed(arguments, in: path)
    #expect(result.output.contains("nothing to commit"), sourceLocation: sourceLocation)
    #expect(try state == before, sourceLocation: sourceLocation)
  }

  /// Expects that a render without loss shows the frames of the lines, in their order and times.
  func expectRender(
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let out = workspace.file("edited.nut")
    try? FileManager.default.removeItem(atPath: out)
    try Tool.vidgit.succeed(["render", "-o", out, "--lossless"], in: path)
    let rendered = try FrameHash.ofFFmpeg(out)
    #expect(try rendered.hashes == hashes(), sourceLocation: sourceLocation)
    #expect(try rendered.relativeTimes == frameHash().relativeTimes, sourceLocation: sourceLocation)
  }
}

extension Array where Element == String {
  /// The elements of several ranges, one after another.
  func at(_ ranges: Range<Int>...) -> [String] { ranges.flatMap { Array(self[$0]) } }
}
