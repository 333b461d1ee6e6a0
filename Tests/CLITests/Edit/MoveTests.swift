import TestSupport
import Testing

@Suite struct MoveTests {
  @Test func movesForthAndBack() throws {
    let repository = try Workspace().split(.thousands)
    let old = try repository.lines()
    try repository.expectEdit(
      ["move", "100..200", "500"], gives: old.at(0..<100, 200..<500, 100..<200, 500..<2500),
      touching: ["frames/000000.jsonl"])
    try repository.expectRender()
    try repository.expectEdit(
      ["move", "4s..5s", "1s"], gives: old, touching: ["frames/000000.jsonl"])
    try repository.expectEdit(
      ["move", "0..10", "100%"], gives: old.at(10..<2500, 0..<10),
      touching: ["frames/000000.jsonl"])
  }

  /// A shard that moves whole keeps its bytes.
  @Test func movesShardsAsTheyAre() throws {
    let repository = try Workspace().split(.thousands)
    let old = try repository.lines()
    let blobs = Set(try repository.shards().values)
    try repository.expectEdit(
      ["move", "1000..2000", "0"], gives: old.at(1000..<2000, 0..<1000, 2000..<2500))
    #expect(Set(try repository.shards().values) == blobs)
  }

  @Test func staysWhereItIs() throws {
    let repository = try Workspace().split(.short)
    for place in ["2", "5"] { try repository.expectNothing(["move", "2..5", place]) }
  }

  @Test func refusesWhatMakesNoSense() throws {
    let repository = try Workspace().split(.short)
    try repository.expectRefusal(["move", "2..5", "3"], Status.usage, saying: ["'3'", "inside"])
    try repository.expectRefusal(["move", "2..5", "9"], Status.usage, saying: ["place '9'"])
    try repository.expectRefusal(["move", "2..5", "1h"], Status.usage, saying: ["place '1h'"])
    try repository.expectRefusal(["move", "2..9", "0"], Status.usage, saying: ["range '2..9'"])
  }
}
