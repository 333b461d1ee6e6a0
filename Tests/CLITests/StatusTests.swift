import Foundation
import TestSupport
import Testing

@Suite struct StatusTests {
  @Test func saysWhereOneStands() throws {
    let repository = try Workspace().split(.groups)
    let result = try repository.succeed("status")
    for word in ["main", "50"] {
      #expect(result.output.contains(word), Comment(rawValue: result.snapshot))
    }
    #expect(result.errors == "")
  }

  @Test func saysWhatIsNotCommitted() throws {
    let repository = try Workspace().split(.short)
    let header = repository.file("video.json")
    let text = try String(contentsOfFile: header, encoding: .utf8)
    try Data((text + " ").utf8).write(to: URL(fileURLWithPath: header))
    let result = try repository.vidgit("status")
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    #expect(result.output.contains("video.json"), Comment(rawValue: result.snapshot))
  }

  @Test func saysThatMediaIsMissing() throws {
    let workspace = try Workspace()
    let source = try Clip.short.copy(to: workspace.folder)
    let repository = try workspace.split(source)
    try FileManager.default.removeItem(atPath: source)
    let result = try repository.vidgit("status")
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    #expect(result.snapshot.contains("missing"), Comment(rawValue: result.snapshot))
  }

  @Test func worksInAnotherFolder() throws {
    let workspace = try Workspace()
    _ = try workspace.split(.short)
    #expect(try workspace.vidgit("-C", "repo", "status").status == 0)
    #expect(try workspace.vidgit("status").status == Status.notFound)
    // From inside the work tree too.
    #expect(try workspace.vidgit("-C", "repo/frames", "status").status == 0)
  }

  @Test func speaksToPrograms() throws {
    let repository = try Workspace().split(.short)
    let result = try repository.vidgit("status", "--json")
    _ = try object(result.output)
    #expect(result.errors == "")
    let failure = try repository.vidgit("show", "nowhere", "--json")
    #expect(failure.status == Status.notFound)
    let error = try #require(try object(failure.errors)["error"] as? [String: Any])
    #expect(error["kind"] as? String == "not-found")
    #expect((error["message"] as? String)?.contains("nowhere") == true)
  }

  @Test func explainsItself() throws {
    let workspace = try Workspace()
    for command in [
      "split", "filter", "render", "status", "log", "show", "verify", "palette", "export",
    ] {
      let help = try workspace.vidgit(command, "--help")
      #expect(help.status == 0)
      #expect(help.output.contains("USAGE: vidgit \(command)"), Comment(rawValue: help.snapshot))
    }
    let version = try workspace.vidgit("--version")
    for library in ["libavcodec", "libgit2", "libcurl"] {
      #expect(version.output.contains(library), Comment(rawValue: version.snapshot))
    }
    #expect(try workspace.vidgit("nonsense").status == Status.usage)
    #expect(try workspace.vidgit("split").status == Status.usage)
    #expect(try workspace.vidgit("split", "--nonsense").status == Status.usage)
  }
}
