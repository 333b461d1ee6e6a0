import Foundation
import TestSupport
import Testing

/// Git's settings `url.BASE.insteadOf`: other words for an address, as git takes them.
@Suite struct InsteadOfTests {
  private func start() throws -> (server: GitHubServer, ann: Person, guest: Person) {
    let server = try GitHubServer(users: ["ann:tokA:repo", "bob:tokB:repo"])
    let ann = try Person("ann", token: "tokA", at: server)
    try ann.succeed("split", Clip.short.orSkip(), "falls")
    return (server, ann, try Person("guest", token: nil, at: server))
  }

  private func configure(_ person: Person, _ settings: [String: String]) throws {
    for (key, value) in settings {
      try Tool.git.succeed(["config", "--global", key, value], environment: person.environment)
    }
  }

  /// What the runners of GitLab's CI are set up with: the token stands in BASE.
  @Test func aTokenInTheBaseIsUsedAndNotShown() throws {
    let (server, ann, guest) = try start()
    try ann.succeed("publish", "ann/falls", "--private", "--no-media", in: "falls")
    let rest = server.base.dropFirst("http://".count)
    try configure(guest, ["url.http://ci:tok%41@\(rest)/.insteadOf": "https://films.example/"])
    let url = "https://films.example/ann/falls.git"
    try guest.succeed("clone", url)
    #expect(try guest.repository("falls").git("remote", "get-url", "origin") == url)
    try guest.succeed("cut", "0..2", in: "falls")
    // The interface of GitHub is another matter, which this address has nothing to do with.
    try Tool.git.succeed(
      ["config", "--global", "vidgit.githubWeb", "https://github.example"],
      environment: guest.environment)
    try guest.succeed("publish", "--no-media", in: "falls")
    let there = Repository(path: "\(server.folder)/ann/falls.git", workspace: ann.workspace)
    #expect(
      try there.git("rev-parse", "refs/heads/main")
        == guest.repository("falls").git("rev-parse", "HEAD"))

    for base in [
      "http://ci:hidden@\(rest)/", "ftp://ci:hidden@\(rest)/",
      "ssh://ci:hidden@\(rest)/", "http://ci:hidden@x.example/",
    ] {
      try configure(guest, ["url.\(base).insteadOf": "https://other.example/"])
      let result = try guest.vidgit("clone", "https://other.example/ann/falls.git", "made")
      #expect(result.status != 0, Comment(rawValue: result.snapshot))
      #expect(!result.snapshot.contains("hidden"), Comment(rawValue: result.snapshot))
      try Tool.git.succeed(
        ["config", "--global", "--unset", "url.\(base).insteadOf"], environment: guest.environment)
    }
  }

  /// A name without a password is what git's helpers are asked with.
  @Test func aUserInTheBaseIsToldToTheHelpers() throws {
    let (server, ann, guest) = try start()
    try ann.succeed("publish", "ann/falls", "--private", "--no-media", in: "falls")
    let rest = server.base.dropFirst("http://".count)
    try configure(
      guest,
      [
        "url.http://annie@\(rest)/.insteadOf": "https://films.example/",
        "credential.helper":
          "!f() { test \"$1\" = get && grep -qx username=annie && echo password=tokA; }; f",
      ])
    try guest.succeed("clone", "https://films.example/ann/falls.git")
  }

  /// Git, which is the judge, looks once.
  @Test func isAppliedOnce() throws {
    let (server, ann, _) = try start()
    let place = ann.workspace.file("bare")
    try Tool.git.succeed(["clone", "-q", "--bare", ann.workspace.file("falls"), "\(place)/x.git"])
    try configure(
      ann,
      [
        "url.\(place)/.insteadOf": "https://films.example/",
        "url./no/such/.insteadOf": "\(place)/",
      ])
    let url = "https://films.example/x.git"
    try Tool.git.succeed(
      ["clone", "-q", url, "theirs"], in: ann.workspace.folder.path, environment: ann.environment)
    try ann.succeed("clone", url, "ours")
    try ann.succeed("cut", "0..2", in: "ours")
    try ann.succeed("publish", "--no-media", in: "ours")
    try Tool.git.succeed(
      ["pull", "-q"], in: ann.workspace.file("theirs"), environment: ann.environment)
    #expect(
      try ann.repository("theirs").git("rev-parse", "HEAD")
        == ann.repository("ours").git("rev-parse", "HEAD"))
    withExtendedLifetime(server) {}
  }

  /// Git's documented short form: "gh:" in place of GitHub's address.
  @Test func shortFormsReachGitHub() async throws {
    let (server, ann, _) = try start()
    try ann.succeed("publish", "ann/falls", in: "falls")
    let bob = try Person("bob", token: "tokB", at: server)
    try configure(bob, ["url.\(server.base)/.insteadOf": "gh:"])
    try bob.succeed("clone", "gh:ann/falls", "copy")
    #expect(try bob.repository("copy").git("remote", "get-url", "origin") == "gh:ann/falls")
    try bob.succeed("fork", "gh:ann/falls", "fork")
    let fork = bob.repository("fork")
    #expect(try fork.git("remote", "get-url", "upstream") == "gh:ann/falls")
    _ = try fork.git("remote", "set-url", "origin", "gh:bob/falls")
    try bob.succeed("filter", "noir", "-b", "noir", in: "fork")
    let made = try object(bob.succeed("propose", "--json", in: "fork").output)
    #expect(made["target"] as? String == "ann/falls")
    #expect(try await server.violations() == [])
  }
}
