import Testing

@testable import VidgitModel

/// Words of a recipe's texts.
@Suite struct CallTemplateTests {
  private func url(_ template: String, _ values: [String: String]) -> String {
    CallTemplate(template).filledURL { word in
      switch word {
      case .parameter(let name): values[name] ?? ""
      case .frame: values["frame"] ?? ""
      default: "?"
      }
    }
  }

  @Test func whatIsFilledInLeadsNowhere() {
    let base = ["base": "https://a.example:81/v1", "x": "a b?c=d&e#f%2f@g:h", "frame": "ab/cd"]
    #expect(
      url("$PARAM:base/$PARAM:x", base)
        == "https://a.example:81/v1/a%20b%3Fc%3Dd%26e%23f%252f%40g%3Ah")
    // Segments of a path may come from a parameter, and from nothing else.
    #expect(
      url("https://a.example/$PARAM:m/run", ["m": "owner/model"])
        == "https://a.example/owner/model/run")
    #expect(url("https://a.example/$FRAME", base) == "https://a.example/ab%2Fcd")
    #expect(url("https://a.example/$PARAM:m", ["m": "é"]) == "https://a.example/%C3%A9")
  }

  @Test func wordsAreFilledInOnce() {
    let template = CallTemplate("$PARAM:a-$FRAMES-$FRAME$UNKNOWN:$")
    #expect(template.words == [.parameter("a"), .frame])
    let text = template.filled { word in word == .frame ? "f" : "$FRAME" }
    #expect(text == "$FRAME-$FRAMES-f$UNKNOWN:$")
    #expect(CallTemplate("$ENV:KEY").onlyWord == .secret("KEY"))
    #expect(CallTemplate("Bearer $ENV:KEY").onlyWord == nil)
    #expect(CallTemplate("$PARAM:").words == [])
  }

  @Test(arguments: [
    ("", true), ("/", true), ("/a/0/b~1c~0", true), ("a", false), ("/a~2", false), ("/~", false),
  ]) func pointers(_ text: String, _ isPointer: Bool) {
    #expect((JSONPath(text) != nil) == isPointer)
  }

  @Test func pointersFindWhatStandsThere() throws {
    let json = try JSONValue(
      parsing: Array(#"{"a/b": {"~": [{"x": "one"}, {"x": ["two", "three"]}]}, "n": "4.5"}"#.utf8),
      what: "a test")
    func text(_ path: String, _ index: Int = 0) -> String? {
      JSONPath(path)?.text(in: json, index: index)
    }
    #expect(text("/a~1b/~0/0/x") == "one")
    #expect(text("/a~1b/~0/*/x", 1) == "two")
    for none in ["/a~1b/~0/2/x", "/a~1b/~0/00/x", "/a~1b/~0/-1/x", "/a~1b/~0/x", "/n/0", "/N"] {
      #expect(text(none) == nil)
    }
    #expect(JSONPath("/n")?.number(in: json) == 4.5)
  }
}
