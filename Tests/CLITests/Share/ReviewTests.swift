import Foundation
import TestSupport
import Testing

/// Which proposal is looked at, and what is said of it.
@Suite struct ReviewTests {
  @Test func aForkLooksAtWhatItProposesTo() async throws {
    let server = try GitHubServer(users: ["ann:tokA:repo", "bob:tokB:repo", "eve:tokE:repo"])
    let ann = try Person("ann", token: "tokA", at: server)
    let bob = try Person("bob", token: "tokB", at: server)
    let eve = try Person("eve", token: "tokE", at: server)
    try ann.succeed("split", Clip.groups.orSkip(), "falls")
    try ann.succeed("publish", "ann/falls", in: "falls")
    for person in [bob, eve] { try person.succeed("fork", "ann/falls") }
    try bob.succeed("filter", "sepia", "--range", "10..20", "-b", "warm", in: "falls")
    try bob.succeed("propose", "--title", "Warm", in: "falls")
    let page = try #require(try await server.api("/repos/ann/falls/pulls/1"))
    let body = try #require(
      (JSONSerialization.jsonObject(with: page) as? [String: Any])?["body"] as? String)
    #expect(!body.contains("NUMBER") && body.contains("`vidgit review`"), Comment(rawValue: body))

    // In all clones it is Ann who decides.
    for person in [bob, eve] {
      for words in ["1", "#1", "ann/falls#1", "\(server.base)/ann/falls/pull/1"] {
        let review = try object(person.succeed("review", words, "--json", in: "falls").output)
        #expect(review["repository"] as? String == "ann/falls")
        #expect(review["state"] as? String == "open")
        #expect(review["title"] as? String == "Warm")
        #expect(review["revision"] as? String == "upstream/pr/1")
      }
    }
    let text = try eve.succeed("review", "1", in: "falls")
    #expect(text.output.contains("ann/falls#1 (open): Warm"), Comment(rawValue: text.snapshot))
    #expect(text.output.contains("10 frames changed"), Comment(rawValue: text.snapshot))

    // Without the remote, what GitHub says it was forked from.
    _ = try eve.repository("falls").git("remote", "remove", "upstream")
    let asked = try object(eve.succeed("review", "1", "--json", in: "falls").output)
    #expect(asked["revision"] as? String == "pr/ann/falls/1")
    try eve.succeed("merge", "pr/ann/falls/1", in: "falls")

    // What was taken in is not "closed", and shows what it changed.
    try ann.succeed("review", "1", in: "falls")
    try ann.succeed("merge", "origin/pr/1", in: "falls")
    try ann.succeed("publish", in: "falls")
    for person in [ann, bob] {
      let merged = try person.succeed("review", "1", in: "falls")
      #expect(merged.output.contains("(merged)"), Comment(rawValue: merged.snapshot))
      #expect(merged.output.contains("10 frames changed"), Comment(rawValue: merged.snapshot))
    }
    for (words, status) in [
      ("2", Status.notFound), ("bob/falls#1", Status.notFound), ("0", Status.usage),
      ("ann#1", Status.usage), ("x", Status.usage),
      ("https://example.org/a/b/pull/1", Status.usage),
      ("\(server.base)/ann/falls/issues/1", Status.usage),
    ] {
      try bob.vidgit("review", words, in: "falls").expectError(
        status, saying: [String(words.prefix { $0 != "#" })])
    }
    #expect(try await server.violations() == [])
  }
}
