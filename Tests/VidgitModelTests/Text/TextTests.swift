import Testing

@testable import VidgitModel

@Suite struct TextTests {
  @Test(arguments: [
    ("plain text", "plain text"), ("\u{e9}t\u{e9} 日本 😀", "\u{e9}t\u{e9} 日本 😀"),
    ("a\u{1b}[31mb", #"a\u{1b}[31mb"#), ("a\nb\tc\rd", #"a\u{a}b\u{9}c\u{d}d"#),
    ("\u{202e}gpj.exe", #"\u{202e}gpj.exe"#), ("\u{2066}x\u{2069}", #"\u{2066}x\u{2069}"#),
    ("a\u{9b}31m", #"a\u{9b}31m"#), ("\u{7f}\u{feff}\u{200b}", #"\u{7f}\u{feff}\u{200b}"#),
    ("a\u{2028}b", #"a\u{2028}b"#), ("\u{61c}\u{200f}", #"\u{61c}\u{200f}"#),
    ("👨\u{200d}👩", "👨\u{200d}👩"), ("", ""),
  ])
  func escapes(text: String, expected: String) {
    #expect(TerminalText.escaped(text).unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  @Test(arguments: [
    ("falls.mp4", "falls.mp4"), ("a\u{1b}[31m\nb", "a_[31m_b"), ("\u{202e}4pm", "_4pm"),
    ("\u{e9}t\u{e9} 日本", "\u{e9}t\u{e9} 日"), ("", ""),
  ])
  func namesForAManifest(text: String, expected: String) {
    let name = TerminalText.name(text, limit: 9)
    #expect(name.unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  @Test func errorsSayWhere() {
    #expect(
      ModelError("a.json", line: 2, column: 3, reason: "bad").description == "a.json:2:3: bad")
    #expect(
      ModelError("range 'x'", column: 3, reason: "bad").description
        == "range 'x', column 3: bad")
  }
}

@Suite struct PassTrailersTests {
  let full = PassTrailers(
    pass: "filter", recipes: ["noir-3f2a9c1d0b7e", "dusk-0123456789ab"], range: "10s..20s",
    made: 300, reused: 12, engine: "libavfilter 8.44.100",
    costs: [
      PassCost(
        amount: Money(text: "1.2USD")!, recipe: "noir-3f2a9c1d0b7e", calls: 312),
      PassCost(amount: Money(text: "0.0023 EUR")!, recipe: nil, calls: nil),
    ])

  @Test func goldenMessage() throws {
    #expect(
      try full.message("Apply noir\n\nFor the opening.\n") == """
        Apply noir

        For the opening.

        Vidgit-Pass: filter
        Vidgit-Recipe: noir-3f2a9c1d0b7e
        Vidgit-Recipe: dusk-0123456789ab
        Vidgit-Range: 10s..20s
        Vidgit-Frames: made=300, reused=12
        Vidgit-Engine: libavfilter 8.44.100
        Vidgit-Cost: 1.20 USD, recipe=noir-3f2a9c1d0b7e, calls=312
        Vidgit-Cost: 0.0023 EUR

        """)
  }

  @Test(arguments: [
    "Subject", "Subject\n\nBody: not alone\nsecond line", "Subject\n\nSigned-off-by: A <a@b.c>",
    "Key: looks like a trailer",
  ])
  func roundTrips(text: String) throws {
    #expect(PassTrailers(parsing: try full.message(text)) == full)
    let least = PassTrailers(pass: "cut")
    #expect(PassTrailers(parsing: try least.message(text)) == least)
  }

  @Test func joinsTheUsersOwnTrailers() throws {
    let message = try PassTrailers(pass: "cut").message("S\n\nSigned-off-by: A <a@b.c>")
    #expect(message.contains("a@b.c>\nVidgit-Pass: cut\n"))
  }

  @Test func lineBreaksAreRefused() {
    for value in ["a\nVidgit-Cost: 0", "a\r", "", " a", "a\u{85}b"] {
      #expect(throws: ModelError.self) { try PassTrailers(pass: value).message("S") }
    }
    #expect(throws: ModelError.self) { try PassTrailers(pass: "a").message(" \n") }
  }

  @Test(arguments: [
    "Subject", "Vidgit-Pass: filter", "S\n\nVidgit-Pass: filter\n\nlast paragraph",
    "S\n\nVidgit-Pass: filter\nsome prose\n", "", "\n\n",
  ])
  func noTrailers(message: String) { #expect(PassTrailers(parsing: message) == nil) }

  @Test func readsWhatGitReads() throws {
    let message = """
      S

      prose
      vidgit-pass : filter
      Vidgit-Range: 1s
        ..2s
      # a comment
      Vidgit-Recipe: $(rm -rf)
      Vidgit-Frames: made=x, reused=3, made=-1
      Signed-off-by: A <a@b.c>

      """
    let trailers = try #require(PassTrailers(parsing: message))
    #expect(trailers == PassTrailers(pass: "filter", range: "1s ..2s", reused: 3))
  }
}
