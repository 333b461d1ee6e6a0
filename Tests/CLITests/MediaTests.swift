import Foundation
import TestSupport
import Testing

@Suite struct MediaTests {
  private func state(_ repository: Repository) throws -> [String?] {
    let result = try Tool.vidgit.run(["media", "list", "--json"], in: repository.path)
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    let text = result.output
    let list = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
    let medium = try #require(list?.first)
    return [medium["state"] as? String, medium["path"] as? String]
  }

  @Test func tellsWhereTheSourceIs() throws {
    let workspace = try Workspace()
    let clip = try Clip.short.copy(to: workspace.folder, as: "clip.mp4")
    let repository = try workspace.split(clip)
    #expect(try state(repository) == ["ok", clip])
    let moved = workspace.file("moved.mp4")
    try FileManager.default.moveItem(atPath: clip, toPath: moved)
    #expect(try state(repository) == ["missing", clip])

    let located = try repository.succeed("media", "locate", "../moved.mp4")
    #expect(located.output.hasPrefix("media/clip.json  "))
    #expect(try state(repository) == ["ok", moved])
    try repository.succeed("filter", "graph:negate")
  }

  @Test func noticesOtherBytes() throws {
    let workspace = try Workspace()
    let clip = try Clip.short.copy(to: workspace.folder, as: "clip.mp4")
    let repository = try workspace.split(clip)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: clip))
    try (bytes + [0]).write(to: URL(fileURLWithPath: clip))
    #expect(try state(repository) == ["changed", clip])
    try repository.vidgit("media", "locate", clip).expectError(
      Status.notFound, saying: ["clip.mp4", "sha256:"])
    // The same bytes with another time are the same medium.
    try bytes.write(to: URL(fileURLWithPath: clip))
    #expect(try state(repository) == ["ok", clip])
  }

  @Test func knowsFilesByTheirBytesOnly() throws {
    let workspace = try Workspace()
    let clip = try Clip.short.copy(to: workspace.folder, as: "clip.mp4")
    let repository = try workspace.split(clip)
    // As long as the medium, and another.
    var bytes = try Data(contentsOf: URL(fileURLWithPath: clip))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: workspace.file("other.mp4")))
    let twin = try Clip.short.copy(to: workspace.folder, as: "twin.mp4")
    try FileManager.default.removeItem(atPath: clip)
    try repository.vidgit("media", "locate", "../other.mp4", "../none.mp4", "../twin.mp4")
      .expectError(Status.notFound, saying: ["other.mp4", "none.mp4", "remembered"])
    #expect(try state(repository) == ["ok", twin])
  }

  @Test func needsARepository() throws {
    try Workspace().vidgit("media", "list").expectError(Status.notFound)
  }
}
