import TestSupport
import Testing

@Suite struct SpeedTests {
  /// Ticks of the clip are 1/12800 s, a frame has 128.
  @Test(arguments: [("2x", 64), ("0.5x", 256), ("0.5", 256), ("4/3", 96), ("128x", 1)])
  func changesDurations(factor: String, expected: Int) throws {
    let repository = try Workspace().split(.thousands)
    let old = try repository.lines()
    let new = old.at(1500..<2000).map {
      $0.replacing("\"dur\":128,", with: "\"dur\":\(expected),")
    }
    #expect(new[0] != old[1500])
    try repository.expectEdit(
      ["speed", "1500..2000", factor], gives: old.at(0..<1500) + new + old.at(2000..<2500),
      touching: ["frames/000001.jsonl"])
  }

  /// Places are rounded, not durations: 90,000 ticks a second and a factor that never comes out.
  @Test func gathersNoError() throws {
    let repository = try Workspace().split(.vfr)
    let old = try repository.durations()
    try repository.succeed("speed", "..", "7/3")
    var (before, after) = (0, 0)
    for (a, b) in zip(old, try repository.durations()) {
      before += a
      after += b
      #expect(abs(after * 7 - before * 3) * 2 <= 7)
    }
    try repository.expectRender()
  }

  @Test func refusesWhatMakesNoSense() throws {
    let repository = try Workspace().split(.thousands)
    try repository.expectRefusal(
      ["speed", "10..20", "300x"], Status.usage, saying: ["frame 10", "one tick", "128x"])
    for factor in ["0x", "x", "-1x", "fast", "1/0"] {
      try repository.expectRefusal(["speed", "..", "--", factor], Status.usage, saying: [factor])
    }
    try repository.expectRefusal(["speed", "30s..", "2x"], Status.usage, saying: ["range '30s..'"])
    try repository.expectNothing(["speed", "..", "1x"])
  }
}
