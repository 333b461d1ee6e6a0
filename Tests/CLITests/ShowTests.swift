import Foundation
import TestSupport
import Testing

@Suite struct ShowTests {
  @Test func showsARevision() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "noir", "-b", "noir", "--range", "10..20")
    let result = try repository.succeed("show")
    for word in ["noir", "10"] {
      #expect(result.output.contains(word), Comment(rawValue: result.snapshot))
    }
    #expect(try repository.succeed("show", "main").output.contains("groups"))
  }

  @Test func knowsNoSuchRevision() throws {
    let repository = try Workspace().split(.short)
    try repository.vidgit("show", "nowhere").expectError(Status.notFound, saying: ["nowhere"])
  }

  /// A stranger's names must not reach the terminal as commands.
  @Test func escapesWhatATerminalWouldObey() throws {
    let repository = try Workspace().split(.short)
    try repository.edit("video.json") {
      $0.replacingOccurrences(of: "\"short\"", with: "\"\\u001b]0;evil\\u0007\\u202eshort\"")
    }
    for command in ["status", "show", "log"] {
      let result = try repository.vidgit(command)
      let everything = result.output + result.errors
      #expect(!everything.contains("\u{1b}]"), Comment(rawValue: result.snapshot))
      #expect(!everything.contains("\u{202e}"))
    }
  }
}
