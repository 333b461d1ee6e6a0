import Foundation
import TestSupport
import Testing

/// `vidgit cut` and `vidgit keep`, and what all edits share.
@Suite struct EditTests {
  @Test func cutsOnlyInItsShards() throws {
    let repository = try Workspace().split(.thousands)
    let old = try repository.lines()
    try repository.expectEdit(
      ["cut", "1100..1200", "15s..15.5s"], gives: old.at(0..<1100, 1200..<1500, 1550..<2500),
      touching: ["frames/000001.jsonl"])
    try repository.expectRender()
  }

  @Test func keepsOnlyWhatItIsTold() throws {
    let repository = try Workspace().split(.thousands)
    let old = try repository.lines()
    // The order is that of the timeline, and what is named twice is there once.
    try repository.expectEdit(
      ["keep", "2100..2200", "900..2050", "2000..2100"], gives: old.at(900..<2200),
      touching: ["frames/000000.jsonl", "frames/000002.jsonl"])
    try repository.expectNothing(["keep", ".."])
    try repository.expectEdit(["keep", "5"], gives: old.at(905..<906))
    try repository.expectRender()
  }

  @Test func refusesWhatMakesNoSense() throws {
    let repository = try Workspace().split(.short)
    try repository.expectRefusal(["cut", ".."], Status.usage, saying: ["no frame would be left"])
    try repository.expectRefusal(["keep", "8.."], Status.usage, saying: ["8..", "8 frames"])
    try repository.expectRefusal(["keep", "3..2"], Status.usage, saying: ["3..2"])
    try repository.expectRefusal(["keep"], Status.usage, saying: ["ranges"])
    _ = try repository.git("checkout", "-q", "--detach")
    try repository.vidgit("keep", "1..3").expectError(Status.conflict, saying: ["branch"])
    #expect(try repository.git("rev-parse", "HEAD") == repository.git("rev-parse", "main"))
  }

  @Test func reportsForPrograms() throws {
    let repository = try Workspace().split(.short)
    let report = try object(try repository.succeed("keep", "2..5", "--json").output)
    #expect(report["frames"] as? Int == 3)
    #expect(report["framesBefore"] as? Int == 8)
    #expect(report["commit"] as? String == (try repository.git("rev-parse", "HEAD")))
    #expect(report["duration"] as? Int == (try repository.durations().reduce(0, +)))
  }

  /// The file of a shard that is edited by hand and committed with plain git is as good as any.
  @Test func rendersWhatIsEditedByHand() throws {
    let repository = try Workspace().split(.groups)
    let old = try repository.lines()
    try repository.edit("frames/000000.jsonl") { text in
      var lines = text.split(separator: "\n").map(String.init)
      lines.removeSubrange(5..<9)
      lines.insert(contentsOf: lines[20..<23], at: 2)
      lines.swapAt(30, 40)
      lines.append(lines[0])
      return lines.joined(separator: "\n") + "\n"
    }
    try repository.expectWhole()
    #expect(try repository.lines().count == old.count)
    #expect(try repository.lines() != old)
    try repository.expectRender()
  }
}
