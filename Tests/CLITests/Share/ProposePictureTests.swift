import Foundation
import TestSupport
import Testing

/// Pictures that nobody can make again go along with a proposal.
@Suite struct ProposePictureTests {
  @Test func whoDecidesCanSeeAndRenderThem() async throws {
    let server = try GitHubServer(users: ["ann:tokA:repo", "bob:tokB:repo"])
    let ann = try Person("ann", token: "tokA", at: server)
    let bob = try Person("bob", token: "tokB", at: server)
    try ann.succeed("split", Clip.groups.orSkip(), "falls")
    try ann.succeed("publish", "ann/falls", "--images", "jpg", "--every", "25", in: "falls")
    try bob.succeed("fork", "ann/falls")
    // Pictures for people are no variants.
    let branches = try bob.repository("falls").git("branch", "-r", "--format=%(refname:short)")
    #expect(!branches.contains("vidgit-"), Comment(rawValue: branches))
    // A sequence filter: its frames are stored, and cannot be made from one frame.
    try bob.succeed("filter", "graph:tmix=frames=3", "--range", "10..20", "-b", "soft", in: "falls")
    try bob.succeed("propose", "-m", "Softer?", "--title", "Soft middle", in: "falls")
    let text = try await proposal(server)
    #expect(text.title == "Soft middle")
    #expect(text.body.hasPrefix("Softer?\n"), Comment(rawValue: text.body))
    // Again, without words: those that are there stay.
    try bob.succeed("propose", in: "falls")
    let again = try await proposal(server)
    #expect(again.title == text.title && again.body == text.body)
    try bob.vidgit("propose", "--base", "nosuch", in: "falls").expectError(
      Status.notFound, saying: ["nosuch", "--base"])

    try ann.succeed("review", "1", in: "falls")
    try ann.succeed("merge", "origin/pr/1", in: "falls")
    try ann.succeed("render", "-o", "../main.nut", "--lossless", in: "falls")
    #expect(
      try FrameHash.ofFFmpeg(ann.workspace.file("main.nut")).hashes
        == bob.repository("falls").frameHash("soft").hashes)
    // Taking them in makes them hers: her own store gets them too.
    try ann.succeed("publish", in: "falls")
    try ann.succeed("verify", "--stores", in: "falls")
    #expect(try await server.violations() == [])
  }

  private func proposal(_ server: GitHubServer) async throws -> (title: String, body: String) {
    let page = try #require(try await server.api("/repos/ann/falls/pulls/1"))
    let json = try JSONSerialization.jsonObject(with: page) as? [String: Any]
    return (json?["title"] as? String ?? "", json?["body"] as? String ?? "")
  }
}
