import Foundation
import Testing

@testable import VidgitModel

@Suite struct MarkupTests {
  @Test(arguments: [
    ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    (#"" onload="x' y"#, "&quot; onload=&quot;x&#39; y"),
    ("a & b &amp; c", "a &amp; b &amp;amp; c"),
    ("abc\u{202e}fdp.exe", "abc\\u{202e}fdp.exe"), ("a\u{0}b\u{1b}[31m", "a\\u{0}b\\u{1b}[31m"),
    ("naïve 映画 👩‍🚀", "naïve 映画 👩‍🚀"), ("", ""),
  ]) func escapes(_ text: String, _ expected: String) {
    #expect(MarkupText.escaped(text) == expected)
  }

  /// Swift's own compiler refuses to read them in a literal.
  @Test(arguments: [0xffff, 0xfdd0, 0xfdef, 0x1_fffe, 0x10_ffff] as [UInt32])
  func replacesWhatIsNoCharacter(_ code: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(code))
    #expect(MarkupText.escaped("a" + String(scalar)) == "a\u{fffd}")
  }

  @Test func cutsBeforeItEscapes() {
    #expect(MarkupText.escaped("<<<<", limit: 2) == "&lt;&lt;…")
    #expect(MarkupText.escaped("<<", limit: 2) == "&lt;&lt;")
    // One character of a hundred thousand scalars is not a way around the limit.
    let heavy = "a" + String(repeating: "\u{301}", count: 100_000)
    #expect(MarkupText.escaped(heavy, limit: 10).unicodeScalars.count <= 81)
  }

  @Test func keepsLines() {
    #expect(MarkupText.escapedLines("{\n  \"a\"\n}\n") == "{\n  &quot;a&quot;\n}\n")
  }

  @Test(arguments: [
    ("https://example.org/a?b=c", true), ("http://example.org", true),
    ("javascript:alert(1)", false), ("JaVaScRiPt://example.org/%0aalert(1)", false),
    ("data:text/html,x", false), ("s3://bucket/key", false), ("//example.org", false),
    ("https://user@example.org/", false), ("https://example.org/\"onclick", false),
    ("file:///etc/passwd", false), ("", false),
  ]) func knowsAddressesOfTheWeb(_ text: String, _ expected: Bool) {
    #expect(MarkupText.isWebAddress(text) == expected)
  }

  @Test func namesFoldersSafelyAndOnce() {
    var names = PageNames()
    let given = [
      "noir", "Noir", "feature/noir", "feature-noir", "../../etc", "..", "🎬", "<b>", "con\u{0}",
      String(repeating: "x", count: 300), String(repeating: "x", count: 301),
    ]
    let made = given.map { names.name(for: $0) }
    #expect(made.prefix(5) == ["noir", "Noir-2", "feature-noir", "feature-noir-2", "etc"])
    #expect(Set(made.map { $0.lowercased() }).count == given.count)
    #expect(made.allSatisfy { FileNames.isSafe($0) }, "\(made)")
  }

  @Test func tellsRecipesApart() {
    var generator = SeededGenerator(seed: 7)
    for count in [1, 2, 5, 8] {
      let ids = (0..<count).map { _ in "noir-" + generator.digest().hex.prefix(12) }
      let colors = RecipeColors(ids)
      #expect(Set(ids.map(colors.hex)).count == count)
      // The order in which they are found does not count.
      #expect(ids.map(colors.hex) == ids.map(RecipeColors(ids.reversed()).hex))
    }
    let many = (0..<100).map { "noir-\($0)" }
    #expect(
      many.map(RecipeColors(many).hex).allSatisfy { $0.wholeMatch(of: /#[0-9a-f]{6}/) != nil })
    #expect(RecipeColors.hex(hue: 0, saturation: 100, lightness: 50) == "#ff0000")
    #expect(RecipeColors.hex(hue: 210, saturation: 50, lightness: 50) == "#4080bf")
  }

  @Test func writesDates() throws {
    let formatter = ISO8601DateFormatter()
    var generator = SeededGenerator(seed: 3)
    let times =
      [0, 951_782_400, 951_868_799, 1_709_164_800, 4_107_542_400, 253_402_300_799]
      + (0..<500).map { _ in Int64.random(in: 0..<253_402_300_800, using: &generator) }
    for time in times {
      let expected = formatter.string(from: Date(timeIntervalSince1970: Double(time)))
      #expect(AtomFeed.timestamp(time) == expected)
    }
    #expect(AtomFeed.timestamp(.max) == "9999-12-31T23:59:59Z")
    #expect(AtomFeed.timestamp(.min) == "1970-01-01T00:00:00Z")
  }
}
