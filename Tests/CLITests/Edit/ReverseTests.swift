import TestSupport
import Testing

@Suite struct ReverseTests {
  @Test func playsBackwards() throws {
    let repository = try Workspace().split(.thousands)
    let old = try repository.lines()
    try repository.expectEdit(
      ["reverse", "1500..2000"],
      gives: old.at(0..<1500) + old.at(1500..<2000).reversed() + old.at(2000..<2500),
      touching: ["frames/000001.jsonl"])
    try repository.expectEdit(
      ["reverse", "15s..20s"], gives: old, touching: ["frames/000001.jsonl"])
    try repository.expectNothing(["reverse", "7"])
  }

  /// A frame keeps its duration.
  @Test func takesDurationsAlong() throws {
    let repository = try Workspace().split(.vfr)
    let old = try repository.lines()
    #expect(Set(try repository.durations()).count > 2)
    try repository.expectEdit(["reverse", ".."], gives: old.reversed())
    try repository.expectRender()
  }

  @Test func refusesWhatMakesNoSense() throws {
    let repository = try Workspace().split(.short)
    try repository.expectRefusal(["reverse", "9.."], Status.usage, saying: ["range '9..'"])
  }
}
