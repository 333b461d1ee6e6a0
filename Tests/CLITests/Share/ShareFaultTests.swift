import Foundation
import TestSupport
import Testing

/// What goes wrong among people: nothing is half done, and the words say what to do.
@Suite struct ShareFaultTests {
  private func start(
    _ users: [String] = ["ann:tokA:repo", "bob:tokB:repo"], _ arguments: [String] = []
  ) throws -> (server: GitHubServer, ann: Person) {
    let server = try GitHubServer(users: users, arguments)
    let ann = try Person("ann", token: "tokA", at: server)
    try ann.succeed("split", Clip.groups.orSkip(), "falls")
    return (server, ann)
  }

  @Test func withoutAToken() async throws {
    let (server, ann) = try start()
    let bob = try Person("bob", token: nil, at: server)
    try ann.succeed("publish", "ann/falls", in: "falls")
    let before = try ann.repository("falls").state
    let ways = ["nobody is signed in", "GH_TOKEN", "gh auth login", "credential helper"]
    for arguments in [
      ["publish", "ann/other"], ["publish"], ["propose"], ["fork", "ann/falls", "../fork"],
    ] {
      let result = try Tool.vidgit.run(
        arguments, in: ann.workspace.file("falls"),
        environment: ann.environment.merging(["GH_TOKEN": ""]) { $1 })
      result.expectError(Status.refused, saying: ways)
      // Nothing of what git says by itself.
      #expect(!result.errors.contains("fatal") && !result.errors.contains("Username"))
    }
    #expect(try ann.repository("falls").state == before)
    #expect(try await server.api("/repos/ann/other") == nil)
    // What everybody may read needs nobody.
    try bob.succeed("clone", "ann/falls")
    // A helper of git's is one of the ways.
    try Tool.git.succeed(
      ["config", "--global", "credential.helper", "!printf 'username=x\\npassword=tokB\\n'; :"],
      environment: bob.environment)
    try bob.succeed("publish", "bob/falls", in: "falls")
    #expect(try await server.violations() == [])
  }

  @Test func aTokenWithoutTheRight() throws {
    let (server, ann) = try start(["ann:tokA:gist"])
    let result = try ann.vidgit("publish", "ann/falls", in: "falls")
    result.expectError(Status.notFound, Status.refused, saying: ["scope 'repo'", "gist"])
    #expect(!result.snapshot.contains("tokA"))
    withExtendedLifetime(server) {}
  }

  @Test func whereItIsNotSaidWhereTo() throws {
    let (server, ann) = try start()
    try ann.vidgit("publish", in: "falls").expectError(
      Status.usage, saying: ["origin", "OWNER/NAME"])
    try ann.vidgit("propose", in: "falls").expectError(Status.usage, saying: ["vidgit fork"])
    try ann.vidgit("review", "1", in: "falls").expectError(Status.usage, saying: ["origin"])
    withExtendedLifetime(server) {}
  }

  @Test func aRepositoryOfSomebodyElse() throws {
    let (server, ann) = try start()
    try ann.succeed("publish", "ann/falls", in: "falls")
    let bob = try Person("bob", token: "tokB", at: server)
    try bob.succeed("split", Clip.short.orSkip(), "other")
    try bob.vidgit("publish", "ann/falls", in: "other").expectError(
      Status.conflict, saying: ["may not push", "vidgit fork ann/falls"])
    try ann.vidgit("fork", "ann/falls").expectError(Status.conflict, saying: ["is yours"])
  }

  @Test func aBranchThatHasGoneElsewhere() throws {
    let (server, ann) = try start()
    try ann.succeed("publish", "ann/falls", in: "falls")
    let again = try Person("ann", token: "tokA", at: server)
    try again.succeed("clone", "ann/falls")
    try again.succeed("cut", "0..3", in: "falls")
    try again.succeed("publish", in: "falls")
    try ann.succeed("cut", "40..", in: "falls")
    let before = try ann.repository("falls").state
    try ann.vidgit("publish", in: "falls").expectError(Status.conflict, saying: ["git fetch"])
    #expect(try ann.repository("falls").state == before)
  }

  @Test func aLimitedRateAndAServerThatIsDown() async throws {
    let (server, ann) = try start()
    try await server.fail("path=/api&kind=rate&status=429&retry_after=1&count=1")
    try await server.fail("path=/api&status=502&count=1&after=1")
    try ann.succeed("publish", "ann/falls", in: "falls")
    #expect(try await server.violations() == [])
  }

  /// An upload that breaks is not begun again from nothing, and leaves no half thing behind.
  @Test func anUploadThatBreaks() async throws {
    let (server, ann) = try start()
    try await server.fail("path=/uploads&kind=502-starter&count=1")
    let first = try ann.vidgit("publish", "ann/falls", in: "falls")
    if first.status != 0 { try ann.succeed("publish", in: "falls") }
    let bob = try Person("bob", token: "tokB", at: server)
    try bob.succeed("clone", "ann/falls")
    try bob.succeed("verify", "--deep", in: "falls")
    #expect(try await server.violations() == [])
  }

  @Test func mediaThatAreNowhere() async throws {
    let (server, ann) = try start()
    try ann.succeed("publish", "ann/falls", "--no-media", in: "falls")
    let bob = try Person("bob", token: nil, at: server)
    let clone = try bob.succeed("clone", "ann/falls")
    for words in ["groups.mp4", "bytes, sha256:", "media locate", "store add", "vidgit publish"] {
      #expect(clone.output.contains(words), Comment(rawValue: clone.snapshot))
    }
    #expect(try await server.count("asset_out") == 0)
  }

  @Test func whatCannotBeCloned() throws {
    let (server, ann) = try start()
    let before = try ann.workspace.entries
    for (address, status, words) in [
      ("ann/nothing", Status.notFound, "nothing"), ("/no/such/folder", Status.notFound, "folder"),
      ("ext::sh -c id", Status.notFound, "folder"), ("-u/x", Status.usage, "'-'"),
      ("https://user:pass@example.org/x/y", Status.usage, "password"),
      ("ftp://example.org/x", Status.usage, "scheme"),
      ("file://host/x", Status.usage, "from '/' on"),
      ("file:///no/such/folder", Status.notFound, "folder"),
      ("http://example.org/x/y.git", Status.refused, "encrypted"),
    ] {
      try ann.vidgit("clone", "--", address, "made").expectError(status, saying: [words])
      #expect(try ann.workspace.entries == before, "\(address)")
    }
    // A repository that holds no video is not left behind.
    let plain = ann.workspace.file("plain")
    try Tool.git.succeed(["init", "-q", "-b", "main", plain])
    try Tool.git.succeed(["commit", "-q", "--allow-empty", "-m", "x"], in: plain)
    try ann.vidgit("clone", plain, "made").expectError(
      Status.badInput, Status.notFound, saying: ["video.json"])
    #expect(try ann.workspace.entries == (before + ["plain"]).sorted())
    withExtendedLifetime(server) {}
  }

  @Test func aCloneThatIsKilledLeavesNothingElsewhere() async throws {
    let (server, ann) = try start()
    try ann.succeed("publish", "ann/falls", in: "falls")
    let bob = try Person("bob", token: nil, at: server)
    let temporary = try bob.workspace.folder.folder("tmp")
    try await server.fail("path=/ann/falls.git&kind=slow&seconds=20&count=1")
    let killed = try Tool.vidgit.run(
      ["clone", "ann/falls"], in: bob.workspace.folder.path,
      environment: bob.environment.merging(["TMPDIR": temporary]) { $1 },
      interruption: Interruption(
        SIGKILL, after: .milliseconds(500), sign: bob.workspace.file(".falls.vidgit-split")))
    #expect(killed.signal == SIGKILL)
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
    try bob.succeed("clone", "ann/falls")
    #expect(try bob.workspace.entries == ["falls", "home", "tmp"])
  }

  /// The proxy of the environment, or of git's setting, is the way also to the first question.
  @Test func aProxyThatIsNotThere() throws {
    let (server, ann) = try start()
    for (variables, setting) in [
      (["https_proxy": "http://127.0.0.1:1"], nil), ([:], "http://127.0.0.1:1"),
    ] {
      if let setting {
        try Tool.git.succeed(
          ["config", "--global", "http.proxy", setting], environment: ann.environment)
      }
      try ann.vidgit("clone", "https://films.example/x.git", with: variables).expectError(
        Status.system, saying: ["127.0.0.1"])
    }
    withExtendedLifetime(server) {}
  }

  /// An empty address is git's way to say that there is no proxy.
  @Test func noProxyInTheSettings() throws {
    let (server, ann) = try start()
    try Tool.git.succeed(["config", "--global", "http.proxy", ""], environment: ann.environment)
    try ann.succeed("publish", "ann/falls", "--no-media", in: "falls")
    try ann.succeed("clone", "ann/falls", "copy")
    withExtendedLifetime(server) {}
  }

  /// Plain hosts: a bare folder, with a store beside it.
  @Test func aBareFolder() throws {
    let (server, ann) = try start()
    let bare = ann.workspace.file("bare.git")
    try Tool.git.succeed(["init", "-q", "--bare", "-b", "main", bare])
    try FileManager.default.createDirectory(
      atPath: ann.workspace.file("nas"), withIntermediateDirectories: false)
    try ann.succeed("store", "add", "nas", "file:\(ann.workspace.file("nas"))", in: "falls")
    try ann.succeed("filter", "graph:tmix=frames=3", "-b", "soft", in: "falls")
    try ann.succeed("publish", bare, in: "falls")
    try ann.succeed("clone", bare, "again", "-b", "soft")
    try ann.succeed("store", "add", "nas", "file:\(ann.workspace.file("nas"))", in: "again")
    try ann.succeed("verify", "--deep", in: "again")
    try ann.succeed("switch", "main", in: "again")
    #expect(try ann.repository("again").git("config", "branch.main.remote") == "origin")
    withExtendedLifetime(server) {}
  }
}
