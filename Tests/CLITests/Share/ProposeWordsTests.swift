import Foundation
import TestSupport
import Testing

/// What a proposal is called, what its picture says, and how it is found.
@Suite struct ProposeWordsTests {
  private func proposal(_ server: GitHubServer) async throws -> (title: String, body: String) {
    let page = try #require(try await server.api("/repos/ann/falls/pulls/1"))
    let json = try JSONSerialization.jsonObject(with: page) as? [String: Any]
    return (json?["title"] as? String ?? "", json?["body"] as? String ?? "")
  }

  @Test func oneLineIsTheTitle() async throws {
    let server = try GitHubServer(users: ["ann:tokA:repo", "bob:tokB:repo"])
    let ann = try Person("ann", token: "tokA", at: server)
    let bob = try Person("bob", token: "tokB", at: server)
    try ann.succeed("split", Clip.groups.orSkip(), "falls")
    try ann.succeed("publish", "ann/falls", in: "falls")
    let none = try ann.succeed("review", in: "falls")
    #expect(none.output == "No proposal is open in ann/falls\n")
    try bob.succeed("fork", "ann/falls")
    // Where nothing differs, that is said.
    try bob.vidgit("propose", in: "falls").expectError(
      Status.conflict, saying: ["nothing to propose", "does not differ", "vidgit filter", "-b"])

    try bob.succeed("filter", "sepia", "--range", "10..20", "-b", "warm", in: "falls")
    try bob.succeed("propose", "-m", "Warmer?", in: "falls")
    var text = try await proposal(server)
    #expect(text.title == "Warmer?" && !text.body.contains("Warmer?"))
    try bob.succeed("propose", "-m", "It looks cold.\n\nDoes it not?", in: "falls")
    text = try await proposal(server)
    #expect(text.title == "Warmer?" && text.body.hasPrefix("It looks cold.\n\nDoes it not?\n"))
    try bob.succeed("propose", "--title", "Warm", "-m", "Please", in: "falls")
    text = try await proposal(server)
    #expect(text.title == "Warm" && text.body.hasPrefix("Please\n"))

    // The picture says what `vidgit diff` says of the two branches.
    let repository = bob.repository("falls")
    try bob.succeed("diff", "main", "warm", "--contact-sheet", "../sheet.png", in: "falls")
    let tip = try repository.git("rev-parse", "warm").prefix(12)
    #expect(
      try repository.git("rev-parse", "refs/vidgit/vidgit-previews:proposals/\(tip).png")
        == repository.git("hash-object", "--no-filters", "../sheet.png"))

    // Without a number, the open ones are listed.
    for person in [ann, bob] {
      let list = try person.succeed("review", in: "falls")
      #expect(
        list.output.contains("#1  Warm  from bob:warm into main"), Comment(rawValue: list.snapshot))
      let json = try JSONSerialization.jsonObject(
        with: Data(person.succeed("review", "--json", in: "falls").output.utf8))
      let items = try #require(json as? [[String: Any]])
      #expect(items.count == 1 && items[0]["number"] as? Int == 1)
      #expect(items[0]["repository"] as? String == "ann/falls")
    }
    try ann.succeed("review", "1", in: "falls")
    try ann.succeed("merge", "origin/pr/1", in: "falls")
    try ann.succeed("publish", in: "falls")
    #expect(try ann.succeed("review", in: "falls").output.contains("No proposal is open"))
    #expect(try await server.violations() == [])
  }
}
