import Foundation
import Testing

@testable import VidgitModel

@Suite struct CommandRecipeTests {
  private func command(_ source: String) throws -> CommandRecipe {
    guard case .command(let command) = try Recipe(json: json(source), file: "f").engine else {
      throw ModelError("f", reason: "no command")
    }
    return command
  }

  @Test func readsAllKeys() throws {
    let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let command = try command(
      #"{"name":"toon","engine":"command","scope":"frame","argv":["toon","--size","4"],"#
        + #""protocol":"png-stream","environment":["A","B_1"],"timeout":5,"startup":0,"#
        + #""input":"png","files":{"toon.py":"\#(digest)"}}"#)
    #expect(command.argv == ["toon", "--size", "4"])
    #expect(command.transfer == .pngStream)
    #expect(command.variables == ["A", "B_1"])
    #expect(command.timeout == 5)
    #expect(command.startup == 0)
    #expect(command.files.map(\.path) == ["toon.py"])
    #expect(command.files.map(\.digest.text) == [digest])
  }

  @Test func usualValues() throws {
    let command = try command(
      #"{"name":"x","engine":"command","scope":"frame","argv":["x","--in=$INPUT","$OUTPUT"]}"#)
    #expect(command.transfer == .files)
    #expect(command.timeout == 60)
    #expect(command.variables == [])
  }

  @Test func unknownKeysAreKeptAndCount() throws {
    let source =
      #"{"name":"x","engine":"command","scope":"frame","argv":["x"],"protocol":"y4m","cost":{"per":1}}"#
    let recipe = try Recipe(json: json(source), file: "f")
    #expect(text(recipe.fileBytes()).contains("\"cost\""))
    let plain = try Recipe(json: json(source.replacing(#","cost":{"per":1}"#, with: "")), file: "f")
    #expect(recipe.id != plain.id)
    #expect(recipe.id.hasSuffix(String(recipe.digest.hex.prefix(12))))
  }

  /// What a person reads must not look like another command.
  @Test func showsWordsAsTheyAre() throws {
    let command = try command(
      #"{"name":"x","engine":"command","scope":"frame","protocol":"y4m","#
        + #""argv":["sh","-c","rm -rf \"$HOME\"; it's","","\u001b[2Ka\nb","\u202ex"]}"#)
    #expect(
      command.text == #"sh -c 'rm -rf "$HOME"; it'\''s' '' '\u{1b}[2Ka\u{a}b' '\u{202e}x'"#)
    #expect(
      GraphNotation.text(
        of: try Recipe(
          json: [
            "name": "x", "engine": "command", "scope": "frame", "protocol": "y4m", "argv": ["a"],
          ],
          file: "f")) == "a")
  }

  @Test(arguments: [
    (#""argv":["a"]"#, "'argv' must hold $INPUT"),
    (#""argv":["a","$INPUT"]"#, "'argv' must hold $OUTPUT"),
    (#""argv":["$INPUT","$OUTPUT"]"#, "'argv' must begin with the name of a program"),
    (#""argv":["","$INPUT","$OUTPUT"]"#, "'argv' must begin with the name of a program"),
    (
      #""argv":["a\u0000b","$INPUT","$OUTPUT"]"#,
      "'argv[0]' must be a string of at most 65536 bytes"
    ),
    (
      #""argv":["a","$INPUT"],"protocol":"y4m""#,
      #"$INPUT in 'argv' does not go with the protocol "y4m""#
    ),
    (
      #""argv":["a"],"protocol":"y4m","input":"png""#,
      #"'input' does not go with the protocol "y4m""#
    ),
    (#""argv":["a"],"protocol":"y4m","input":"jpg""#, #"'input' must be "png", and is "jpg""#),
    (
      #""argv":["a"],"protocol":"y4m","timeout":1.5"#,
      "'timeout' must be a whole number of seconds from 1 to 3600, and is 1.5"
    ),
    (
      #""argv":["a"],"protocol":"y4m","timeout":3601"#,
      "'timeout' must be a whole number of seconds from 1 to 3600, and is 3601"
    ),
    (
      #""argv":["a"],"protocol":"y4m","environment":["A=b"]"#,
      "'environment[0]' must be the name of a variable"
    ),
    (
      #""argv":["a"],"protocol":"y4m","files":{"a.py":"md5:1"}"#,
      "'files.a.py' must be \"sha256:\" and 64 digits"
    ),
  ])
  func refuses(_ keys: String, _ reason: String) throws {
    let value = try json(#"{"name":"x","engine":"command","scope":"frame",\#(keys)}"#)
    let error = failure { () throws(ModelError) in try Recipe(json: value, file: "f") }
    #expect(error.reason == reason)
  }

  @Test func seesSingleFramesOnly() throws {
    let value = try json(
      #"{"name":"x","engine":"command","scope":"sequence","argv":["a"],"protocol":"y4m"}"#)
    let error = failure { () throws(ModelError) in try Recipe(json: value, file: "f") }
    #expect(error.reason == #"a command sees single frames: 'scope' must be "frame""#)
  }
}
