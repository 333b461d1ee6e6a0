import Foundation
import Testing

@testable import VidgitModel

@Suite struct RecipeTests {
  static let noir = #"""
    {
      "name": "noir",
      "engine": "graph",
      "scope": "frame",
      "filters": [
        {
          "filter": "hue",
          "options": {
            "s": 0
          }
        },
        {
          "filter": "eq",
          "options": {
            "contrast": 1.4
          }
        }
      ]
    }

    """#

  @Test func goldenBytesAndID() throws {
    let graph = try FilterGraph(nodes: [
      GraphNode(filter: "hue", options: [.init("s", .int(0))]),
      GraphNode(filter: "eq", options: [.init("contrast", .double(1.4))]),
    ])
    let recipe = try Recipe(name: "noir", scope: .frame, graph: graph)
    #expect(text(recipe.fileBytes()) == Self.noir)
    // printf '%s' '{"engine":"graph","filters":[{"filter":"hue","options":{"s":0}},{"filter":"eq",
    // "options":{"contrast":1.4}}],"name":"noir","scope":"frame"}' | sha256sum
    #expect(recipe.id == "noir-942034e7c388")
    #expect(Recipe.isID(recipe.id))
  }

  /// Who writes the same recipe in another order or spacing writes the same file.
  @Test func theSameRecipeIsTheSameFile() throws {
    let other = try Recipe(
      json: json(
        #"{"scope":"frame","filters":[{"options":{"s":0.0},"filter":"hue"},"#
          + #"{"filter":"eq","options":{"contrast":14e-1}}],"engine":"graph","name":"noir"}"#),
      file: "f")
    #expect(text(other.fileBytes()) == Self.noir)
    #expect(other.id == (try Recipe(json: json(Self.noir), file: "f")).id)
  }

  @Test func anyChangeIsAnotherID() throws {
    let noir = try Recipe(json: json(Self.noir), file: "f").id
    for (old, new) in [
      ("1.4", "1.5"), ("noir", "noix"), ("frame", "sequence"), ("\"s\": 0", "\"s\": false"),
    ] {
      let changed = try Recipe(json: json(Self.noir.replacing(old, with: new)), file: "f")
      #expect(changed.id != noir)
    }
    let noted = try Recipe(
      json: json(Self.noir.replacing("\"scope\"", with: "\"seed\": 1, \"scope\"")), file: "f")
    #expect(noted.id != noir)
    #expect(text(noted.fileBytes()).contains("\"seed\": 1"))
  }

  @Test(arguments: ["model", "later"])
  func otherEnginesAreKeptWhole(engine: String) throws {
    let source =
      #"{"name":"toon","engine":"\#(engine)","scope":"frame","url":"https://x.org","z":{"b":1,"a":[2]}}"#
    let recipe = try Recipe(json: json(source), file: "f")
    #expect(recipe.engine == .other(engine, ["url": "https://x.org", "z": ["b": 1, "a": [2]]]))
    #expect(recipe.engine.name == engine)
    let again = try Recipe(json: JSONValue(parsing: recipe.fileBytes(), what: "f"), file: "f")
    #expect(again.id == recipe.id)
    #expect(again.fileBytes() == recipe.fileBytes())
  }

  @Test(arguments: [
    (
      #""name": "noir""#, #""name": "Noir""#,
      "'name' must be 1 to 40 of a-z, 0-9 and '-', not beginning with '-', and is \"Noir\""
    ),
    (#""engine": "graph","#, "", "the key 'engine' is missing"),
    (
      #""scope": "frame""#, #""scope": "all""#,
      #"'scope' must be "frame" or "sequence", and is "all""#
    ),
    (#""s": 0"#, #""s": [0]"#, "'filters[0].options.s' must be a number, a string, true or false"),
    (
      #""s": 0"#, #""s": 9007199254740993"#,
      "the number 9007199254740993 is beyond 2^53, which a recipe may not hold"
    ),
    (#""s": 0"#, #""a b": 0"#, "'filters[0].options.a b' is no name of an option"),
    (
      #""filter": "hue""#, #""filter": "hue=s=0""#,
      "'filters[0].filter' must be the name of a filter, and is \"hue=s=0\""
    ),
    (
      #""filter": "hue","#, #""filter": "hue", "enable": "x","#,
      "'filters[0].enable' is not known, and would change the pixels"
    ),
    (
      #""filter": "hue","#, #""filter": "hue", "inputs": [],"#,
      "'filters[0].inputs' must have 1 to 16 labels, or not be there"
    ),
    (
      #""filter": "hue","#, #""filter": "hue", "outputs": ["a b"],"#,
      "'filters[0].outputs' must be labels of 1 to 32 letters, digits and '_'"
    ),
  ])
  func refuses(old: String, new: String, reason: String) throws {
    let range = try #require(Self.noir.range(of: old))
    let value = try json(Self.noir.replacingCharacters(in: range, with: new))
    let error = failure { () throws(ModelError) in
      try Recipe(json: value, file: "filters/noir-0123456789ab.json")
    }
    #expect(error.reason == reason)
  }

  @Test(arguments: [
    ("noir-3f2a9c1d0b7e", true), ("a-b-3f2a9c1d0b7e", true), ("a--3f2a9c1d0b7e", true),
    ("3f2a9c1d0b7e", false), ("-3f2a9c1d0b7e", false), ("-a-3f2a9c1d0b7e", false),
    ("noir-3F2A9C1D0B7E", false), ("noir-3f2a9c1d0b7", false), ("noir_3f2a9c1d0b7e", false),
    ("../x-3f2a9c1d0b7e", false), ("", false),
    (String(repeating: "a", count: 40) + "-3f2a9c1d0b7e", true),
    (String(repeating: "a", count: 41) + "-3f2a9c1d0b7e", false),
  ])
  func ids(text: String, isID: Bool) { #expect(Recipe.isID(text) == isID) }

  @Test func palettesDropWhatIsForPeople() throws {
    var object = try #require(try json(Self.noir).object)
    object["description"] = "Black and white"
    object["tags"] = ["film"]
    let entry = try PaletteEntry(json: .object(object), file: "noir.json")
    #expect(entry.description == "Black and white")
    #expect(entry.tags == ["film"])
    #expect(text(entry.recipe.fileBytes()) == Self.noir)
    let again = try PaletteEntry(json: JSONValue(parsing: entry.fileBytes(), what: "p"), file: "p")
    #expect(again == entry)
    object["description"] = nil
    #expect(throws: ModelError.self) { try PaletteEntry(json: .object(object), file: "noir.json") }
  }
}
