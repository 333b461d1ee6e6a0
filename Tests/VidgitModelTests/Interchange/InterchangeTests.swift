import Testing
import VidgitModel

@Suite struct NaturalOrderTests {
  @Test func numbersCompareAsNumbers() {
    let sorted = ["", "a", "a01", "a1", "a2", "a2b", "a10", "a010b", "a11", "b1.9", "b1.10", "ä"]
    for seed in 0..<20 {
      var shuffled = sorted
      for index in shuffled.indices.dropFirst() {
        shuffled.swapAt(index, (seed * index) % (index + 1))
      }
      #expect(shuffled.sorted(by: NaturalOrder.precedes) == sorted)
    }
    #expect(NaturalOrder.precedes("a2", "a10") && !NaturalOrder.precedes("a10", "a2"))
    #expect(NaturalOrder.precedes("a01", "a1") && !NaturalOrder.precedes("a1", "a01"))
    #expect(NaturalOrder.precedes("a1.png", "a2.jpg") && NaturalOrder.precedes("b1.9", "b1.10"))
    #expect(NaturalOrder.precedes("a", "a1") && !NaturalOrder.precedes("a1", "a1"))
    #expect(NaturalOrder.precedes("9", "99999999999999999999999999999999"))
  }
}

@Suite struct RationalDecimalTests {
  @Test(arguments: [
    ("0", 0, 1), ("12", 12, 1), ("0.040", 1, 25), ("-1.5", -3, 2),
    ("41.708333", 41_708_333, 1_000_000),
  ]) func readsDecimals(_ text: String, _ num: Int64, _ den: Int64) {
    #expect(Rational(decimal: text) == Rational(num, den))
  }

  @Test(arguments: ["", ".", ".5", "1.", "1e3", "--1", "1,5", "1.0000000001", "9999999999999"])
  func refusesTheRest(_ text: String) {
    #expect(Rational(decimal: text) == nil)
  }

  @Test(arguments: [("1:00", 60, 1), ("1:02:03.5", 7447, 2), ("-0:01", -1, 1), ("90", 90, 1)])
  func readsClocks(_ text: String, _ num: Int64, _ den: Int64) {
    #expect(Rational(clock: text) == Rational(num, den))
  }

  @Test(arguments: [
    (5, 2, "2.5"), (-1, 24, "-0.041667"), (0, 1, "0"), (-1, 10_000_000, "0"), (7, 1, "7"),
    (1_999_999_999, 1_000_000_000, "2"),
  ]) func writesDecimals(_ num: Int64, _ den: Int64, _ text: String) {
    #expect(Rational(num, den).decimalText == text)
  }

  @Test func findsTheCommonUnit() throws {
    #expect(
      try Rational.commonUnit(Rational(1, 12800), Rational(1, 90000)) == Rational(1, 2_880_000)
    )
    #expect(
      try Rational.commonUnit(Rational(1001, 30000), Rational(1001, 24000))
        == Rational(1001, 120_000))
    #expect(try Rational.commonUnit(Rational(1, 25), Rational(0, 1)) == Rational(1, 25))
    #expect(try Rational.commonUnit(Rational(1, 25), Rational(-5, 2)) == Rational(1, 50))
    #expect(throws: ModelError.self) {
      try Rational.commonUnit(Rational(1, 1_000_000_007), Rational(1, 90000))
    }
    #expect(Rational(5, 2).multiple(of: Rational(1, 50)) == 125)
    #expect(Rational(1, 3).multiple(of: Rational(1, 50)) == nil)
  }
}

@Suite struct ConcatListTests {
  @Test func readsQuotesAndEscapes() throws {
    let list = try ConcatList(
      parsing: "ffconcat version 1.0\n  file 'a b'\\'' c'.mp4 \nfile d\\ e.mp4\noutpoint 1.5\n",
      file: "l")
    #expect(list.pieces.map(\.path) == ["a b' c.mp4", "d e.mp4"])
    #expect(list.pieces[1].end == Rational(3, 2) && list.pieces[1].start == nil)
    #expect(list.pieces[1].place == "l:3")
  }
}

@Suite struct FramehashFileTests {
  private static let hash = String(repeating: "ab", count: 32)

  @Test func takesTheVideoStream() throws {
    let text = """
      #format: frame checksums
      #version: 2
      #hash: SHA256
      #media_type 0: audio
      #media_type 1: video
      0,          0,          0,     1024,     4096, \(String(repeating: "0", count: 64))
      1,          0,          0,        1,    28800, \(Self.hash)

      """
    #expect(try FramehashFile(parsing: text, file: "f").hashes.map(\.hex) == [Self.hash])
  }

  @Test(arguments: ["", "#version: 1\n", "#hash: MD5\n", "0, 0, 0, 1, 2\n", "0,0,0,1,2,abcd\n"])
  func refusesTheRest(_ text: String) {
    #expect(throws: ModelError.self) { try FramehashFile(parsing: text, file: "f") }
  }
}

@Suite struct TimecodeFileTests {
  @Test func findsTheCoarsestTimebase() throws {
    let file = try TimecodeFile(
      parsing: "# timestamp format v2\r\n0\r\n\r\n41.5\r\n80.250000\r\n", file: "t")
    #expect(file.timebase == Rational(1, 100_000) && file.starts == [0, 4150, 8025])
  }

  @Test(arguments: [
    "", "0\n40\n", "# timecode format v1\n0\n", "# timecode format v2\n",
    "# timecode format v2\n1.0000001\n", "# timecode format v2\n-1\n",
    "# timecode format v2\n0\n0\n", "# timecode format v2\n0 1\n",
  ]) func refusesTheRest(_ text: String) {
    #expect(throws: ModelError.self) { try TimecodeFile(parsing: text, file: "t") }
  }
}
