import Testing

@testable import VidgitModel

@Suite struct GraphNotationTests {
  static let orders: [String: [String]] = [
    "hue": ["h", "s", "H", "b"], "eq": ["contrast", "brightness", "saturation"],
    "split": ["outputs"], "avgblur": ["sizeX", "planes", "sizeY"], "hflip": [], "vflip": [],
    "blend": ["c0_mode", "all_mode"], "scale": ["width", "height", "flags"],
    "drawtext": ["fontfile", "text"], "curves": ["preset", "master", "red"], "overlay": ["x", "y"],
  ]
  static let aliases = ["scale.w": "width", "scale.h": "height", "curves.m": "master"]

  static func parse(_ text: String) throws(ModelError) -> FilterGraph {
    try GraphNotation.parse(
      text, optionOrder: { orders[$0] },
      canonicalName: { filter, option in
        if let name = aliases["\(filter).\(option)"] { return name }
        return orders[filter]!.contains(option) || option == "enable" ? option : nil
      })
  }

  static func node(
    _ filter: String, _ options: [(String, OptionValue)] = [], _ inputs: [String] = [],
    _ outputs: [String] = []
  ) -> GraphNode {
    GraphNode(
      filter: filter, options: options.map { .init($0.0, $0.1) }, inputs: inputs, outputs: outputs)
  }

  @Test(arguments: [
    (
      "hue=s=0,eq=contrast=1.4",
      [node("hue", [("s", .int(0))]), node("eq", [("contrast", .double(1.4))])]
    ),
    (" hflip , vflip ", [node("hflip"), node("vflip")]),
    ("hue", [node("hue")]),
    ("hue=", [node("hue")]),
    ("hue=s=0:", [node("hue", [("s", .int(0))])]),
    ("hue=90:0.5", [node("hue", [("h", .int(90)), ("s", .double(0.5))])]),
    (
      "scale=640:-2:flags=bicubic",
      [node("scale", [("width", .int(640)), ("height", .int(-2)), ("flags", .string("bicubic"))])]
    ),
    (
      "scale=w=iw/2:h=ih/2",
      [node("scale", [("width", .string("iw/2")), ("height", .string("ih/2"))])]
    ),
    (
      "eq= contrast = 1.4 : brightness=.5",
      [node("eq", [("contrast", .double(1.4)), ("brightness", .double(0.5))])]
    ),
    ("[in]hflip[out]", [node("hflip")]),
    ("[0:v]hflip[v]", [node("hflip")]),
    (
      "[in]split[a][b];[a]avgblur=8[c];[b][c]blend=all_mode=screen",
      [
        node("split", [], [], ["a", "b"]), node("avgblur", [("sizeX", .int(8))], ["a"], ["c"]),
        node("blend", [("all_mode", .string("screen"))], ["b", "c"]),
      ]
    ),
    // The comma links the pad that has no label.
    (
      "split[a],avgblur[c];[a][c]blend",
      [
        node("split", [], [], ["a", "link1"]), node("avgblur", [], ["link1"], ["c"]),
        node("blend", [], ["a", "c"]),
      ]
    ),
    // A label before a filter comes before what the comma brings.
    (
      "split[a][b];[a]hflip,[b]blend",
      [
        node("split", [], [], ["a", "b"]), node("hflip", [], ["a"], ["link1"]),
        node("blend", [], ["b", "link1"]),
      ]
    ),
    (
      "[c][b]blend;[in]split[a][b];[a]hflip[c]",
      [
        node("blend", [], ["c", "b"], ["out"]), node("split", [], ["in"], ["a", "b"]),
        node("hflip", [], ["a"], ["c"]),
      ]
    ),
    // Quotes at the level of the graph keep what would end the option there.
    (
      "curves=m='0/0 0.5/0.58 1/1',hflip",
      [node("curves", [("master", .string("0/0 0.5/0.58 1/1"))]), node("hflip")]
    ),
    (
      "hue=h=90:enable='between(t,1,2)'",
      [node("hue", [("h", .int(90)), ("enable", .string("between(t,1,2)"))])]
    ),
    (#"hue=enable=between(t\,1\,2)"#, [node("hue", [("enable", .string("between(t,1,2)"))])]),
    // FFmpeg's manual, "Notes on filtergraph escaping": the text is
    // "this is a 'string': may contain one, or more, special characters".
    (
      #"drawtext=text=this is a \\\'string\\\'\\: may contain one\, or more\, special characters"#,
      [
        node(
          "drawtext",
          [
            ("text", .string("this is a 'string': may contain one, or more, special characters"))
          ])
      ]
    ),
    (#"drawtext=text='a\:b'"#, [node("drawtext", [("text", .string("a:b"))])]),
    (#"drawtext=text='\'"#, [node("drawtext", [("text", .string(#"\"#))])]),
    (#"drawtext=text=a\\\\b"#, [node("drawtext", [("text", .string(#"a\b"#))])]),
    ("drawtext=text=  a b  ,hflip", [node("drawtext", [("text", .string("a b"))]), node("hflip")]),
    (#"drawtext=text=\\\ a"#, [node("drawtext", [("text", .string(" a"))])]),
    ("drawtext=text=007", [node("drawtext", [("text", .string("007"))])]),
    ("drawtext=text=1e3", [node("drawtext", [("text", .string("1e3"))])]),
    ("drawtext=text=0x10", [node("drawtext", [("text", .string("0x10"))])]),
    ("drawtext=text=5.", [node("drawtext", [("text", .string("5."))])]),
    ("drawtext=text=-", [node("drawtext", [("text", .string("-"))])]),
    ("drawtext=text=-.25", [node("drawtext", [("text", .double(-0.25))])]),
    ("drawtext=text=9007199254740993", [node("drawtext", [("text", .string("9007199254740993"))])]),
    (
      "drawtext=text=0.1234567890123456",
      [node("drawtext", [("text", .string("0.1234567890123456"))])]
    ),
    ("drawtext=text='日本;[x]'", [node("drawtext", [("text", .string("日本;[x]"))])]),
  ])
  func parses(text: String, nodes: [GraphNode]) throws {
    let graph = try Self.parse(text)
    #expect(graph.nodes == nodes)
    let shown = GraphNotation.text(of: graph)
    #expect(try Self.parse(shown).nodes == nodes, "\(shown)")
  }

  @Test(arguments: [
    ("", 1, "the name of a filter is expected here"),
    ("hflip,", 7, "the name of a filter is expected here"),
    ("hflip,,vflip", 7, "the name of a filter is expected here"),
    ("nosuch=1", 1, "there is no filter 'nosuch'"),
    ("hflip, é", 8, "there is no filter 'é'"),
    ("hflip@a", 6, "instance names ('hflip@a') mean nothing here"),
    (
      "sws_flags=bicubic;hflip", 1,
      "'sws_flags' may not be set: it would change the pixels of all scalers"
    ),
    ("hue=x=1", 5, "the filter 'hue' has no option 'x'"),
    ("é=1", 1, "there is no filter 'é'"),
    ("drawtext=text=é,hue=h=0:x=1", 25, "the filter 'hue' has no option 'x'"),
    ("hue=s=0:90", 9, "'name=' is expected before this value"),
    ("hue=1:2:3:4:5", 13, "'name=' is expected before this value"),
    ("hflip=1", 7, "the filter 'hflip' takes no value without a name"),
    ("scale=w=1:width=2", 11, "the option 'width' is set twice"),
    ("hue=h='90", 7, "this quote is not closed"),
    ("[a hflip", 1, "']' is missing after a label"),
    ("[]hflip", 1, "a label is empty"),
    ("hflip]", 1, "there is no filter 'hflip]'"),
    ("hue=h=1]", 8, "',', ';', '[' or the end is expected here"),
    (
      "hflip;vflip", 7,
      "the graph takes 2 inputs where one is expected: the input of 'vflip' is never made"
    ),
    (
      "split[a][b];[a]hflip", 9,
      "the graph gives 2 outputs where one is expected: [b] is never used"
    ),
    (
      "split[a][b];[a][c]blend", 16,
      "the graph takes 2 inputs where one is expected: [c] is never made"
    ),
    ("split[a][a];[a][a]blend", 16, "the label [a] stands twice"),
    (
      "split[a b][c];[a b][c]blend", 15,
      "the label [a b] is not 1 to 32 letters, digits and '_'"
    ),
    ("[a]hflip[a]", 1, "the graph takes no input"),
  ])
  func refuses(text: String, column: Int, reason: String) {
    let error = failure { () throws(ModelError) in try Self.parse(text) }
    #expect(error.column == column)
    #expect(error.reason == reason)
  }

  /// Any value survives both levels of escaping.
  @Test func escapingRoundTrips() throws {
    var random = SeededGenerator(seed: 9)
    let alphabet = Array(#"a1 \':,;[]=@é"# + "\t\n")
    for _ in 0..<5000 {
      let value = String(
        (0..<Int.random(in: 1...8, using: &random)).map { _ in
          alphabet.randomElement(using: &random)!
        })
      guard case .string = NotationParser.value(value) else { continue }
      let graph = try FilterGraph(nodes: [
        Self.node("drawtext", [("text", .string(value)), ("fontfile", .string(value))]),
        Self.node("hflip"),
      ])
      #expect(try Self.parse(GraphNotation.text(of: graph)) == graph)
    }
  }

  @Test func neverTraps() {
    var random = SeededGenerator(seed: 10)
    let pieces = [
      "hue", "split", "[a]", "[b]", "[", "]", ",", ";", "=", ":", "'", "\\", "1", " ", "in", "@",
    ]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        pieces.randomElement(using: &random)!
      }.joined()
      guard let graph = try? Self.parse(text) else { continue }
      #expect((try? Self.parse(GraphNotation.text(of: graph))) == graph, "\(text)")
    }
  }

  @Test func showsOtherEngines() throws {
    let recipe = try Recipe(json: ["name": "x", "engine": "model", "scope": "frame"], file: "f")
    #expect(GraphNotation.text(of: recipe) == "model")
  }
}
