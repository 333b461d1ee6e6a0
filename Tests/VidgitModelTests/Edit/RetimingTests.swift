import Testing

@testable import VidgitModel

@Suite struct RetimingTests {
  private func all(_ durations: [Int64], _ retiming: Retiming) -> (new: [Int64?], isExact: Bool) {
    var retiming = retiming
    return (durations.map { retiming.duration($0) }, retiming.isExact)
  }

  /// Halves are rounded up: 500.5, 1000.5, 1501, 2001.
  @Test(arguments: [
    (Rational(2, 1), [501, 500, 500, 500], false),
    (Rational(1, 2), [2002, 2000, 2002, 2000], true),
    (Rational(1, 1), [1001, 1000, 1001, 1000], true),
    (Rational(2000, 1), [1, 0, 1, 0], false),
  ])
  func changesSpeed(speed: Rational, expected: [Int64], isExact: Bool) {
    let result = all([1001, 1000, 1001, 1000], Retiming(speed: speed))
    #expect(result.new == expected)
    #expect(result.isExact == isExact)
  }

  @Test func changesTheTimebase() {
    // 30 frames of 1/30 s in ticks of 1/1000 s.
    let thirtieths = all(
      Array(repeating: 1, count: 30), Retiming(from: Rational(1, 30), to: Rational(1, 1000)))
    #expect(thirtieths.new.prefix(6) == [33, 34, 33, 33, 34, 33])
    #expect(thirtieths.new.compactMap(\.self).reduce(0, +) == 1000)
    #expect(!thirtieths.isExact)
    let exact = all([512, 513], Retiming(from: Rational(1, 12800), to: Rational(1, 25600)))
    #expect(exact.new == [1024, 1026])
    #expect(exact.isExact)
    // 60 frames a second do not fit a clock of 25 ticks.
    #expect(
      all([1, 1, 1, 1], Retiming(from: Rational(1, 60), to: Rational(1, 25))).new == [0, 1, 0, 1])
  }

  /// Every place is right to half a tick, however many frames there are.
  @Test func gathersNoError() {
    var generator = SeededGenerator(seed: 5)
    for speed in [Rational(3, 2), Rational(7, 3), Rational(1, 3), Rational(30_000, 1001)] {
      var retiming = Retiming(speed: speed)
      var (old, new) = (Int128(0), Int128(0))
      for _ in 0..<20_000 {
        let duration = Int64.random(in: 100...5000, using: &generator)
        old += Int128(duration)
        new += Int128(retiming.duration(duration)!)
        let error = new * Int128(speed.num) * 2 - old * Int128(speed.den) * 2
        #expect(error.magnitude <= UInt128(speed.num))
      }
    }
  }

  @Test func refusesWhatNoTimelineHolds() {
    var long = Retiming(speed: Rational(1, 1_000_000))
    #expect(long.duration(1 << 50) == nil)
    var coarse = Retiming(from: Rational(Int64(Int32.max), 1), to: Rational(1, Int64(Int32.max)))
    #expect(coarse.duration(1 << 59) == nil)
    #expect(coarse.duration(.max) == nil)
  }
}

@Suite struct PlaceTests {
  private let times = try! FrameTimes(
    durations: [500, 250, 2000, 250, 500], timebase: Rational(1, 1000))

  @Test(arguments: [
    ("0", 0), ("3", 3), ("5", 5), ("0s", 0), ("0.5s", 1), ("501ms", 2), ("0:02.75", 3), ("3.5s", 5),
    ("100%", 5), ("50%", 2),
  ])
  func resolves(text: String, expected: Int) throws {
    #expect(try PlaceExpression(parsing: text).resolve(in: times) == expected)
  }

  @Test(arguments: ["6", "3.501s", "", "1..2", "-1", "x", "101%"])
  func saysWhatIsWrong(text: String) {
    let error = failure { () throws(ModelError) in
      try PlaceExpression(parsing: text).resolve(in: times)
    }
    #expect(error.what == "place '\(text)'")
    #expect(error.hint?.contains("100%") == true)
  }
}
