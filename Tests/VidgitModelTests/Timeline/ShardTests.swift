import Testing

@testable import VidgitModel

@Suite struct ShardTests {
  @Test func names() {
    #expect(Shard.name(0) == "frames/000000.jsonl")
    #expect(Shard.name(999_999) == "frames/999999.jsonl")
    #expect(Shard.isName("frames/000042.jsonl") && Shard.isName("000042-5.jsonl"))
    for name in [
      "frames/42.jsonl", "000042.json", "00004a.jsonl", "x/000042.jsonl", "+00042.jsonl",
    ] {
      #expect(!Shard.isName(name))
    }
  }

  func bytes(_ lines: String...) -> [UInt8] { Array(lines.joined(separator: "\n").utf8) }
  let plain = FrameLineTests.plain

  @Test func lineEnds() throws {
    #expect(try Shard.parse([], file: "f").isEmpty)
    #expect(try Shard.parse(bytes(plain), file: "f").count == 1)
    #expect(try Shard.parse(bytes(plain, plain, ""), file: "f").count == 2)
    for text in [
      bytes(plain, "", plain), bytes(plain, "", ""), bytes("", plain), bytes(plain, " "),
    ] {
      let error = failure { () throws(ModelError) in try Shard.parse(text, file: "f") }
      #expect(error.reason == "the line is empty")
    }
  }

  @Test func mergeConflictsAreNamed() {
    let text = bytes(plain, "<<<<<<< HEAD", plain, "=======", plain, ">>>>>>> noir", "")
    let error = failure { () throws(ModelError) in try Shard.parse(text, file: "f") }
    #expect(error.line == 2)
    #expect(error.reason == "'<<<<<<<' is the mark of a merge conflict")
  }

  @Test func sumsMustFit() throws {
    let long = plain.replacing("\"dur\":1001", with: "\"dur\":\(Int64.max)")
    #expect(try Shard.parse(bytes(long), file: "f")[0].dur == .max)
    let error = failure { () throws(ModelError) in try Shard.parse(bytes(long, plain), file: "f") }
    #expect(error.line == 2)
    #expect(error.reason == "the sum of all 'dur' up to here does not fit 64 bits")
    var parser = ShardParser()
    _ = try parser.parse(bytes(long), file: "frames/000000.jsonl")
    #expect(throws: ModelError.self) { try parser.parse(bytes(plain), file: "frames/000001.jsonl") }
  }

  @Test func countsAreBounded() {
    let text = Array(String(repeating: plain + "\n", count: 4001).utf8)
    let error = failure { () throws(ModelError) in try Shard.parse(text, file: "f") }
    #expect(error.line == 4001)
    let huge = [UInt8](repeating: 0x20, count: Shard.maximumBytes + 1)
    #expect(throws: ModelError.self) { try Shard.parse(huge, file: "f") }
    let line = plain.replacing(
      "\"filters\"", with: "\"x\":\"" + String(repeating: "a", count: 70_000) + "\",\"filters\"")
    #expect(throws: ModelError.self) { try Shard.parse(bytes(line), file: "f") }
  }

  static func randomLines(_ count: Int, _ random: inout SeededGenerator) -> [FrameLine] {
    let uris = ["media/falls.json", "https://example.org/a.png?x=1", "s3://b/k", "media/b.json"]
    let ids = ["noir-3f2a9c1d0b7e", "a-0123456789ab", "blur-2-fedcba987654"]
    return (0..<count).map { _ in
      let filters = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        ids.randomElement(using: &random)!
      }
      var line = FrameLine(
        pts: Int64.random(in: .min ... .max, using: &random)
          >> Int64.random(in: 0..<64, using: &random),
        dur: Int64.random(in: 1...1 << 40, using: &random), hash: random.digest(),
        uri: uris.randomElement(using: &random)!,
        source: filters.isEmpty ? nil : random.digest(), filters: filters)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: line.format = "yuv420p10le"
      case 1: line.width = Int.random(in: 1...65535, using: &random)
      case 2: (line.height, line.format) = (7, "gray")
      case 3: line.extra = ["z": ["\u{1f600}", 1.5], "a": nil]
      default: break
      }
      return line
    }
  }

  @Test func roundTrips() throws {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<50 {
      let lines = Self.randomLines(200, &random)
      let bytes = Shard.encode(lines)
      var parser = ShardParser()
      let read = try parser.parse(bytes, file: "f")
      #expect(read == lines)
      #expect(Shard.encode(read) == bytes)
      #expect(parser.count == 200)
      #expect(parser.total == lines.reduce(0) { $0 + $1.dur })
    }
  }

  /// Whatever happens to the bytes of a line, the scanner and the strict parser agree.
  @Test func scannerAgreesWithTheStrictParser() throws {
    var random = SeededGenerator(seed: 5)
    for line in Self.randomLines(100, &random) {
      let golden = Shard.encode([line]).dropLast()
      for _ in 0..<200 {
        var bytes = Array(golden)
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0x20...0x7e, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(golden.randomElement(using: &random)!, at: index)
        default: bytes.removeLast(bytes.count - index)
        }
        guard !bytes.contains(0x0a), !bytes.isEmpty else { continue }
        let strict = try? FrameLine(
          json: JSONValue(parsing: bytes, what: "f", limits: FrameLine.limits), file: "f")
        let scanned = try? Shard.parse(bytes, file: "f").first
        #expect(scanned == strict, "\(text(bytes))")
      }
    }
  }

  @Test func stringsAreShared() throws {
    let uri = "https://example.org/" + String(repeating: "a", count: 100)
    let line = FrameLine(pts: 0, dur: 1, hash: Digest(of: []), uri: uri)
    let read = try Shard.parse(Shard.encode([line, line]), file: "f")
    func address(_ text: String) -> UInt? {
      text.utf8.withContiguousStorageIfAvailable { UInt(bitPattern: $0.baseAddress) }
    }
    #expect(address(read[0].uri) == address(read[1].uri))
    let single = try Shard.parse(Shard.encode([line]), file: "f")
    #expect(address(read[0].uri) != address(single[0].uri))
  }
}
