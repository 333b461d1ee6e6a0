import Testing

@testable import VidgitModel

/// What other programs write, and the format does not allow.
@Suite struct JSONLenientTests {
  private func lenient(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: text, what: "the answer", limits: JSONLimits(isLenient: true))
  }

  private static let long = String(repeating: "1", count: 400)

  private static let numbers: [(String, Double)] = [
    ("18446744073709551615", 0x1p64), ("9223372036854775808", 0x1p63),
    ("-9223372036854775809", -0x1p63), ("1.5e400", .infinity), ("-1e999", -.infinity),
    (long, .infinity),
  ]

  @Test(arguments: numbers)
  func numbersBeyond64Bits(_ text: String, _ value: Double) throws {
    #expect(try lenient("{\"seed\": \(text), \"output\": 1}").object?["seed"] == .double(value))
    #expect(throws: ModelError.self) { try JSONValue(parsing: text, what: "x") }
  }

  @Test func exactWhereTheFormatIs() throws {
    let text = #"[1, -9223372036854775808, 9223372036854775807, 1.5, "\ud83d\ude00"]"#
    #expect(try lenient(text) == JSONValue(parsing: text, what: "x"))
  }

  @Test func theLastOfEqualKeysCounts() throws {
    #expect(try lenient(#"{"a": 1, "b": 2, "a": 3}"#).object?["a"] == 3)
    #expect(try lenient(#"{"a": 1, "b": 2, "a": 3}"#).object?.count == 2)
  }

  @Test(arguments: [
    (#""a\ud83d""#, "a\u{fffd}"), (#""\ude00b""#, "\u{fffd}b"), (#""\ud83d\n""#, "\u{fffd}\n"),
    (#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"), (#""\ud83d\u0041""#, "\u{fffd}A"),
  ])
  func halvesOfPairsAreReplaced(_ text: String, _ value: String) throws {
    #expect(try lenient(text) == .string(value))
    #expect(throws: ModelError.self) { try JSONValue(parsing: text, what: "x") }
  }

  @Test(arguments: ["", "01", "+1", "NaN", "[1,]", #"{"a" 1}"#, #""\ud8""#, "<html>"])
  func whatIsNoJSONIsRefused(_ text: String) {
    #expect(throws: ModelError.self) { try lenient(text) }
  }
}
