import TestSupport
import Testing

@Suite struct RepeatTests {
  @Test func playsARangeAgain() throws {
    let repository = try Workspace().split(.thousands)
    let old = try repository.lines()
    try repository.expectEdit(
      ["repeat", "2100..2110"], gives: old.at(0..<2110, 2100..<2500),
      touching: ["frames/000002.jsonl"])
    try repository.expectEdit(
      ["repeat", "0..1000", "--times", "2"],
      gives: old.at(0..<1000, 0..<1000, 0..<2110, 2100..<2500), touching: [])
    // Three times the same blob.
    #expect(Set(try repository.shards().values).count == 3)
    #expect(try repository.shards().count == 5)
    try repository.expectRender()
  }

  @Test func refusesWhatMakesNoSense() throws {
    let repository = try Workspace().split(.short)
    for times in ["0", "2000000", "9223372036854775807"] {
      try repository.expectRefusal(
        ["repeat", "0..8", "--times", times], Status.usage, saying: [times])
    }
    try repository.expectRefusal(["repeat", "8"], Status.usage, saying: ["range '8'"])
  }
}
