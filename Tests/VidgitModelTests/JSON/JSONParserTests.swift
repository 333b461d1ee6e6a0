import Testing

@testable import VidgitModel

@Suite struct JSONParserTests {
  @Test func keepsOrderAndWholeNumbers() throws {
    let value = try json(#" {"b": [1, -0, 9223372036854775807, 1.5e3], "a": {"x": null}} "#)
    #expect(
      value == [
        "b": [1, 0, .int(.max), .double(1500)], "a": ["x": nil],
      ])
    #expect(value.object?.keys == ["b", "a"])
  }

  @Test func resolvesEscapes() throws {
    #expect(try json(#""\u00e9\ud83d\ude00\n\/\u0000""#) == .string("\u{e9}\u{1f600}\n/\0"))
  }

  @Test func keysThatUnicodeCallsEqualAreTwo() throws {
    let value = try json(#"{"K": 1, "\u212a": 2}"#)
    #expect(value.object?.count == 2)
    #expect(value.object?["K"] == 1)
    #expect(value.object?["\u{212a}"] == 2)
    #expect(JSONValue.string("\u{e9}") != .string("e\u{301}"))
  }

  @Test(arguments: [
    (#"{"a":1,"a":2}"#, 1, 8, "the key 'a' stands twice"),
    ("[1,\n 2,]", 2, 4, "a value is expected here"),
    ("[1 2]", 1, 4, "',' or ']' is expected here"),
    (#"{"a" 1}"#, 1, 6, "':' is expected after a key"),
    ("{a:1}", 1, 2, "a key in quotes is expected here"),
    ("1 2", 1, 3, "text follows after the end of the value"),
    ("", 1, 1, "the text is empty"),
    ("[", 1, 2, "the text ends where a value is expected"),
    ("\u{feff}1", 1, 1, "a byte order mark may not stand before JSON"),
    ("01", 1, 1, "a number may not begin with 0"),
    ("1.", 1, 3, "a digit is expected here"),
    ("[1e]", 1, 4, "a digit is expected here"),
    ("-", 1, 2, "a digit is expected here"),
    ("NaN", 1, 1, "a value is expected here"),
    ("+1", 1, 1, "a value is expected here"),
    ("nul", 1, 1, "a value is expected here"),
    ("1e999", 1, 1, "the number 1e999 is too large"),
    ("9223372036854775808", 1, 1, "the whole number 9223372036854775808 does not fit 64 bits"),
    ("\"a\nb\"", 1, 3, "a control character may not stand in a string unescaped"),
    ("[\"\u{e9}\", \"a", 1, 7, "the string is not closed"),
    (#""\ud800""#, 1, 2, "half of a surrogate pair"),
    (#""\udc00\ud800""#, 1, 2, "half of a surrogate pair"),
    (#""\ud800\u0041""#, 1, 2, "half of a surrogate pair"),
    (#""\x""#, 1, 2, "an unknown escape"),
    (#""\u12g4""#, 1, 2, "four hexadecimal digits are expected after \u{5c}u"),
    (#""\u+123""#, 1, 2, "four hexadecimal digits are expected after \u{5c}u"),
  ])
  func refuses(text: String, line: Int, column: Int, reason: String) {
    let error = failure { () throws(ModelError) in try JSONValue(parsing: text, what: "t.json") }
    #expect(error == ModelError("t.json", line: line, column: column, reason: reason))
  }

  @Test(
    arguments: [
      [0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xe2, 0x82, 0x22],
    ] as [[UInt8]])
  func refusesInvalidUTF8(bytes: [UInt8]) {
    let error = failure { () throws(ModelError) in try JSONValue(parsing: bytes, what: "t.json") }
    #expect(error.reason == "the string is not valid UTF-8")
  }

  @Test func everythingIsBounded() {
    func reason(_ text: String) -> String {
      failure { () throws(ModelError) in try JSONValue(parsing: text, what: "t.json") }.reason
    }
    let deep = 2_000_000
    #expect(
      reason(String(repeating: "[", count: deep))
        == "more than 32 arrays and objects inside each other")
    #expect(
      reason(String(repeating: #"{"a":"#, count: 33))  // no value is needed to see the depth
        == "more than 32 arrays and objects inside each other")
    #expect(
      reason("\"" + String(repeating: "a", count: 10 << 20) + "\"")
        == "10485762 bytes are more than the 4194304 that are read here")
    #expect(
      reason("\"" + String(repeating: "a", count: 1 << 20) + "\"")
        == "a string of more than 65536 bytes")
    #expect(
      reason("[" + String(repeating: "0,", count: 200_000) + "0]") == "more than 100000 values")
    #expect(
      reason(String(repeating: "1", count: 100_000)) == "a number of more than 64 characters")
  }

  @Test func thirtyTwoLevelsAreRead() throws {
    let text = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
    #expect(try json(text).array?.count == 1)
  }

  /// Whatever the bytes, the parser returns; what it accepts, it writes and reads again.
  @Test func survivesMutations() throws {
    var random = SeededGenerator(seed: 7)
    let seed = Array(
      #"{"a":[1,-2.5e-7,"\u00e9x\n",true,null,{"b":{}}],"c":"\ud83d\ude00"}"#.utf8)
    for _ in 0..<20_000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        default: bytes.insert(seed.randomElement(using: &random)!, at: index)
        }
      }
      guard let value = try? JSONValue(parsing: bytes, what: "t.json") else { continue }
      #expect(
        try JSONValue(parsing: value.pretty(), what: "t.json").canonical()
          == value.canonical())
      #expect(try JSONValue(parsing: value.compact(), what: "t.json") == value.normalized)
    }
  }
}

extension JSONValue {
  /// A double that ECMAScript writes as a whole number reads back as one.
  fileprivate var normalized: JSONValue {
    switch self {
    case .double(let value): Int64(JSONNumber.text(value)).map { .int($0) } ?? self
    case .array(let values): .array(values.map(\.normalized))
    case .object(let object):
      .object(JSONObject(object.members.map { .init(key: $0.key, value: $0.value.normalized) }))
    default: self
    }
  }
}
