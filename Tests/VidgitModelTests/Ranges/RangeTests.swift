import Testing

@testable import VidgitModel

@Suite struct RangeTests {
  /// 100 frames of 1/10 s.
  let even = try! FrameTimes(
    durations: [Int64](repeating: 100, count: 100), timebase: Rational(1, 1000))
  /// 0, 0.5, 0.75, 2.75 and 3 s: 3.5 s long.
  let uneven = try! FrameTimes(durations: [500, 250, 2000, 250, 500], timebase: Rational(1, 1000))

  @Test(arguments: [
    ("..", 0..<100), ("10..20", 10..<20), ("10..", 10..<100), ("..20", 0..<20), ("42", 42..<43),
    ("1s..2s", 10..<20), ("1.05s..2s", 11..<20), ("250ms..1s", 3..<10), ("0:01..0:02.5", 10..<25),
    ("0:00:09..", 90..<100), ("..10s", 0..<100), ("10%..20%", 10..<20), ("0.5%..100%", 0..<100),
    ("99..100", 99..<100), ("5s..60", 50..<60), ("50%..9s", 50..<90), ("99", 99..<100),
  ])
  func resolves(text: String, expected: Range<Int>) throws {
    #expect(try RangeExpression(parsing: text).resolve(in: even) == expected)
  }

  /// A frame belongs to a range where its beginning lies in it.
  @Test(arguments: [
    ("0s..0.5s", 0..<1), ("0s..0.501s", 0..<2), ("0.5s..0.75s", 1..<2), ("1s..3s", 3..<4),
    ("2.75s..3.5s", 3..<5), ("..3.5s", 0..<5),
  ])
  func resolvesUneven(text: String, expected: Range<Int>) throws {
    #expect(try RangeExpression(parsing: text).resolve(in: uneven) == expected)
  }

  @Test(arguments: [
    ("20..10", "the end lies before the beginning"),
    ("2s..1s", "the end lies before the beginning"),
    ("3s..20", "the end lies before the beginning"),
    ("1.01s..1.001s", "the end lies before the beginning"),
    ("10..10", "holds no frame"), ("1.01s..1.05s", "holds no frame"), ("0s..0s", "holds no frame"),
    ("100..", "begins after the last frame"), ("9.95s..", "begins after the last frame"),
    ("100", "reaches beyond the last frame"), ("0..101", "reaches beyond the last frame"),
    ("..10.001s", "reaches beyond the end"), ("1:00..2:00", "reaches beyond the end"),
    ("100%..", "begins after the last frame"), ("99999999999..", "reaches beyond the last frame"),
  ])
  func outOfRange(text: String, reason: String) throws {
    let range = try RangeExpression(parsing: text)
    let error = failure { () throws(ModelError) in try range.resolve(in: even) }
    #expect(error.reason == reason + "; the timeline is 0:10.000 long (100 frames)")
  }

  @Test(arguments: [
    ("1.5s..2", "'2' is frame 2; write 2s for a time"),
    ("20..0:01", "'20' is frame 20; write 20s for a time"),
    ("1.5s..11s", "write 1.5s.. for all that follows, to the end"),
    ("..101", "write 0.. for all that follows, to the end"),
    ("100", "the last frame is 99, at 0:09.900; they count from 0"),
    ("10s..", "the last frame is 99, at 0:09.900; they count from 0"),
    ("11s..", "the last frame is 99, at 0:09.900; they count from 0"),
  ])
  func saysWhatToWrite(text: String, hint: String) throws {
    let range = try RangeExpression(parsing: text)
    let error = failure { () throws(ModelError) in try range.resolve(in: even) }
    #expect(error.hint == hint)
  }

  @Test(arguments: [
    ("", 1), ("abc", 1), ("1.5", 4), ("1..x", 4), ("10x..", 3), ("-1..2", 1), ("101%..", 1),
    ("1:2..", 3), ("1:60..", 3), ("1:2:3:4..", 1), ("1:..", 3), ("1.5:00..", 1), ("1...2", 4),
    ("1s...", 5), ("1..2..3", 4), ("99999999999999999999..", 1), ("0x10..", 2), (" 1..2", 1),
    ("1.1234567890s..", 1),
  ])
  func refuses(text: String, column: Int) {
    let error = failure { () throws(ModelError) in try RangeExpression(parsing: text) }
    #expect(error.column == column, "\(error)")
  }

  @Test func singleTimesNeedAnEnd() {
    for text in ["10s", "50%", "1:00"] {
      let error = failure { () throws(ModelError) in try RangeExpression(parsing: text) }
      #expect(error.reason == "a range of times or percent needs '..'")
    }
  }

  /// 29.97: no double is involved, so a frame never falls out of its second.
  @Test func timesAreExact() throws {
    let times = try FrameTimes(
      durations: [Int64](repeating: 1001, count: 200_000), timebase: Rational(1, 30000))
    #expect(times.lengthText == "1:51:13.333")
    // Frame 3000 begins at 100.1 s exactly.
    #expect(try RangeExpression(parsing: "1:40.1..").resolve(in: times).lowerBound == 3000)
    #expect(try RangeExpression(parsing: "1:40.100000001..").resolve(in: times).lowerBound == 3001)
  }

  @Test func adjacentPercentagesMeet() throws {
    let times = try FrameTimes(durations: [Int64](repeating: 1, count: 7), timebase: Rational(1, 1))
    var next = 0
    for percent in stride(from: 0, to: 100, by: 20) {
      let range = try RangeExpression(parsing: "\(percent)%..\(percent + 20)%").resolve(in: times)
      #expect(range.lowerBound == next)
      next = range.upperBound
    }
    #expect(next == 7)
  }

  @Test func hostileDurations() throws {
    #expect(throws: ModelError.self) {
      try FrameTimes(durations: [.max, 1], timebase: Rational(1, 1))
    }
    #expect(throws: ModelError.self) { try FrameTimes(durations: [0], timebase: Rational(1, 1)) }
    #expect(throws: ModelError.self) { try FrameTimes(durations: [1], timebase: Rational(0, 1)) }
    #expect(throws: ModelError.self) {
      try FrameTimes(durations: [1 << 59, 1 << 59], timebase: Rational(1, 1))
    }
    let huge = try FrameTimes(durations: [(1 << 60) - 1], timebase: Rational(.max, 1))
    #expect(!huge.lengthText.isEmpty)
    let none = try FrameTimes(durations: [], timebase: Rational(1, 1))
    #expect(throws: ModelError.self) { try RangeExpression(parsing: "..").resolve(in: none) }
  }

  @Test func lists() throws {
    #expect(
      try FrameList(parsing: "0,99,50,40..42,41,42,60..61").resolve(in: even)
        == [0..<1, 40..<43, 50..<51, 60..<61, 99..<100])
    #expect(try FrameList(parsing: "1s..2s").resolve(in: even) == [10..<20])
    let error = failure { () throws(ModelError) in try FrameList(parsing: "1,,2") }
    #expect(error.column == 3)
    #expect(throws: ModelError.self) { try FrameList(parsing: "1,100").resolve(in: even) }
    #expect(throws: ModelError.self) { try FrameList(parsing: "") }
    #expect(throws: ModelError.self) {
      try FrameList(parsing: String(repeating: "1,", count: 20_000) + "1")
    }
  }
}
