import Foundation
import TestSupport
import Testing

/// Media at addresses of their own: links that hold for a time only.
@Suite struct LinkTests {
  private let studio: Studio
  private let medium: String

  /// The bytes lie in the folder "store"; no clone knows it as a store.
  init() throws {
    studio = try Studio()
    try studio.push()
    // The medium is named there; the pictures of "mix" are nowhere else.
    _ = try studio.repository.git("switch", "-q", "main")
    medium = try #require(studio.workspace.folder.entries("store/media").first)
  }

  /// A clone of a repository whose medium names these servers.
  private func clone(_ servers: [TestServer]) throws -> Repository {
    let places = servers.map { "\"\($0.base)/media/\(medium)?X-Amz-Signature=0123456789abcdef\"" }
    let name = try #require(studio.workspace.folder.entries("repo/media").first)
    try studio.repository.edit("media/\(name)") {
      $0.replacing("\"locations\": []", with: "\"locations\": [\(places.joined(separator: ", "))]")
    }
    let found = try studio.repository.json("media/\(name)")["locations"] as? [String]
    #expect(found?.count == servers.count)
    let clone = try studio.clone("clone-\(servers.count)")
    _ = try clone.git("config", "vidgit.allowHost", "127.0.0.1")
    return clone
  }

  private func server(_ mode: String) throws -> TestServer {
    try TestServer.faulty(studio.workspace.file("store"), mode)
  }

  @Test(arguments: ["expired", "gone"])
  func aLinkThatIsTooOldIsSaid(_ mode: String) throws {
    let server = try server(mode)
    let clone = try clone([server])
    let result = try clone.vidgit("render", "origin/main", "-o", "x.mp4")
    let size = try FileManager.default.attributesOfItem(
      atPath: studio.workspace.file("store/media/\(medium)"))[.size]
    result.expectError(
      Status.notFound,
      saying: [
        "has expired", "'short", "\(try #require(size as? Int)) bytes", "sha256:\(medium)",
        "vidgit rehost", mode == "gone" ? "410" : "Request has expired",
      ])
    // Whoever finds the words of the error has no key by them.
    #expect(!result.errors.contains("0123456789abcdef"))
  }

  @Test func theNextAddressIsAsked() throws {
    let (old, good) = (try server("expired"), try server("plain"))
    let clone = try clone([old, good])
    let result = try Tool.vidgit.succeed(["render", "origin/main", "-o", "x.mp4"], in: clone.path)
    #expect(try old.requestCount() > 0)
    #expect(result.errors.contains("has expired"), Comment(rawValue: result.snapshot))
    #expect(result.errors.contains("the next store is asked"))
  }

  /// The signature of such a link is for GET alone.
  @Test func aSignedLinkIsAskedByGet() throws {
    let server = try server("signed")
    let clone = try clone([server])
    let result = try Tool.vidgit.succeed(["render", "origin/main", "-o", "x.mp4"], in: clone.path)
    #expect(result.errors == "", Comment(rawValue: result.snapshot))
  }
}
