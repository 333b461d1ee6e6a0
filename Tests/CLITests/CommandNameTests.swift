import Foundation
import TestSupport
import Testing

/// Words where a command should stand, and how commands are asked for.
@Suite struct CommandNameTests {
  private func run(_ arguments: String...) throws -> ToolResult {
    try Tool.vidgit.run(arguments)
  }

  @Test func guessesWhatWasMeant() throws {
    try run("fliter", "noir").expectError(
      Status.usage, saying: ["there is no command 'fliter'", "did you mean `vidgit filter`?"])
    try run("-C", "/", "fliter", "-b", "x").expectError(
      Status.usage, saying: ["there is no command 'fliter'"])
    try run("palette", "lst").expectError(
      Status.usage, saying: ["'palette lst'", "did you mean `vidgit palette list`?"])
    try run("nonsense").expectError(
      Status.usage, saying: ["there is no command 'nonsense'", "`vidgit --help` lists all"])
    let json = try run("nonsense", "--json")
    #expect(json.status == Status.usage)
    let error = try object(json.errors)["error"] as? [String: Any]
    #expect(error?["message"] as? String == "there is no command 'nonsense'")
    #expect(error?["kind"] as? String == "usage")
  }

  @Test func knowsGitsOwn() throws {
    for words in [["commit", "-m", "x"], ["add", "."], ["tag", "v1"]] {
      try Tool.vidgit.run(words).expectError(
        Status.usage,
        saying: ["there is no command '\(words[0])'", "`git \(words[0])` works here as ever"])
    }
    try run("init").expectError(Status.usage, saying: ["vidgit split VIDEO"])
  }

  @Test func helpIsOfCommandsThatAre() throws {
    try run("help", "nonsense").expectError(Status.usage, saying: ["no command 'nonsense'"])
    try run("help", "palette", "lst").expectError(Status.usage, saying: ["palette list"])
    for words in [["filter"], ["palette", "list"], ["media"], ["help"], []] {
      let asked = try Tool.vidgit.run(["help"] + words)
      #expect(asked.status == 0, Comment(rawValue: asked.snapshot))
    }
    let long = try run("filter", "--help")
    #expect(long.output.contains("remembered by hash, so that nothing"))
    #expect(try run("help", "filter").output == long.output)
  }

  @Test func mediaAreListedWithoutMoreWords() throws {
    let repository = try Workspace().split(.short)
    let listed = try repository.succeed("media", "list").output
    #expect(try repository.succeed("media").output == listed)
    #expect(try repository.succeed("media", "HEAD", "--json").output.hasPrefix("[{"))
  }
}
