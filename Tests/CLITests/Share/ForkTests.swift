import Foundation
import TestSupport
import Testing

/// A fork that is there already.
@Suite struct ForkTests {
  private func people() throws -> (server: GitHubServer, ann: Person, bob: Person) {
    let server = try GitHubServer(users: ["ann:tokA:repo", "bob:tokB:repo"])
    let ann = try Person("ann", token: "tokA", at: server)
    try ann.succeed("split", Clip.groups.orSkip(), "falls")
    try ann.succeed("filter", "noir", "-b", "noir", in: "falls")
    try ann.succeed("filter", "sepia", "-b", "warm", in: "falls")
    try ann.succeed("switch", "main", in: "falls")
    try ann.succeed("publish", "ann/falls", in: "falls")
    return (server, ann, try Person("bob", token: "tokB", at: server))
  }

  private func tip(_ server: GitHubServer, _ name: String, _ branch: String) throws -> String {
    try Tool.git.succeed(
      ["--git-dir=\(server.folder)/\(name).git", "rev-parse", "refs/heads/\(branch)"]
    ).output
  }

  @Test func oneThatIsBehindIsBroughtUpToDate() async throws {
    let (server, ann, bob) = try people()
    let first = try object(bob.succeed("fork", "ann/falls", "first", "--json").output)
    #expect(first["synced"] as? [String] == [])
    // Bob has work of his own on one branch, and on another that Ann goes on with.
    try bob.succeed("switch", "noir", in: "first")
    try bob.succeed("cut", "0..2", in: "first")
    try bob.succeed("switch", "warm", in: "first")
    try bob.succeed("cut", "0..2", in: "first")
    try bob.succeed("publish", in: "first")
    for branch in ["main", "warm"] {
      try ann.succeed("switch", branch, in: "falls")
      try ann.succeed("cut", "10..12", in: "falls")
    }
    try ann.succeed("publish", in: "falls")
    let own = try ["noir", "warm"].map { try tip(server, "bob/falls", $0) }

    let again = try bob.succeed("fork", "ann/falls", "second", "--json")
    let result = try object(again.output)
    #expect(result["synced"] as? [String] == ["main"])
    let notes = try #require(result["notes"] as? [String])
    #expect(notes.count == 1 && notes[0].contains("'warm' has work of its own"))
    #expect(try tip(server, "bob/falls", "main") == tip(server, "ann/falls", "main"))
    #expect(try ["noir", "warm"].map { try tip(server, "bob/falls", $0) } == own)
    #expect(
      try bob.repository("second").git("rev-parse", "origin/main") + "\n"
        == tip(server, "ann/falls", "main"))
    #expect(try await server.violations() == [])
    // Where GitHub does not move it, it is said, and the clone is made all the same.
    try ann.succeed("switch", "main", in: "falls")
    try ann.succeed("cut", "10..12", in: "falls")
    try ann.succeed("publish", in: "falls")
    try await server.fail("path=/api/v3/repos/bob/falls/merge-upstream&status=409&count=1")
    let third = try bob.succeed("fork", "ann/falls", "third")
    #expect(third.errors.contains("'main' is behind"), Comment(rawValue: third.snapshot))
  }

  /// GitHub answers with the name that a fork has.
  @Test func oneOfAnotherNameIsTaken() async throws {
    let (server, _, bob) = try people()
    // The name is in use, so that GitHub chooses another one.
    try bob.succeed("split", Clip.short.orSkip(), "own")
    try bob.succeed("publish", "bob/falls", in: "own")
    for folder in ["first", "second"] {
      let made = try object(bob.succeed("fork", "ann/falls", folder, "--json").output)
      #expect(made["fork"] as? String == "bob/falls-1")
      let url = try bob.repository(folder).git("remote", "get-url", "origin")
      #expect(url == "\(server.base)/bob/falls-1.git")
    }
    try bob.succeed("switch", "noir", in: "first")
    try bob.succeed("cut", "0..2", in: "first")
    let made = try object(bob.succeed("propose", "--base", "noir", "--json", in: "first").output)
    #expect(made["target"] as? String == "ann/falls")
    #expect(try await server.violations() == [])
  }
}
