import Foundation
import TestSupport
import Testing

/// What git, and whoever reads the words, knows after something was sent.
@Suite struct PublishGitTests {
  private func start(
    _ users: [String] = ["ann:tokA:repo", "bob:tokB:repo"]
  ) throws -> (server: GitHubServer, ann: Person) {
    let server = try GitHubServer(users: users)
    let ann = try Person("ann", token: "tokA", at: server)
    try ann.succeed("split", Clip.groups.orSkip(), "falls")
    for name in ["noir", "warm"] {
      try ann.succeed("filter", name == "noir" ? "noir" : "sepia", "-b", name, in: "falls")
      try ann.succeed("switch", "main", in: "falls")
    }
    return (server, ann)
  }

  private func bare(_ person: Person) throws -> String {
    let bare = person.workspace.file("bare.git")
    try Tool.git.succeed(["init", "-q", "--bare", "-b", "main", bare])
    return bare
  }

  @Test func gitKnowsWhatWasPushed() async throws {
    let (server, ann) = try start()
    let repository = ann.repository("falls")
    _ = try repository.git("config", "branch.warm.remote", "elsewhere")
    try ann.succeed("publish", "ann/falls", in: "falls")
    #expect(try repository.git("status", "-sb").hasPrefix("## main...origin/main"))
    for name in ["main", "noir", "warm"] {
      #expect(
        try repository.git("rev-parse", "refs/remotes/origin/\(name)")
          == repository.git("rev-parse", "refs/heads/\(name)"))
    }
    #expect(try repository.git("rev-parse", "--abbrev-ref", "noir@{upstream}") == "origin/noir")
    // An upstream that is there stays.
    #expect(try repository.git("config", "branch.warm.remote") == "elsewhere")
    // There is nothing left that a fetch would tell.
    let told = try Tool.git.succeed(
      ["fetch", "--dry-run", "origin", "main", "noir", "warm"],
      in: repository.path, environment: ann.environment)
    #expect(!told.errors.contains("->  origin/"), Comment(rawValue: told.snapshot))
    // The next one goes on from there.
    try ann.succeed("cut", "0..2", in: "falls")
    #expect(try repository.git("status", "-sb").contains("[ahead 1]"))
    try ann.succeed("publish", in: "falls")
    #expect(try repository.git("status", "-sb") == "## main...origin/main")
    // Another place is not the remote.
    let refs = try repository.git("for-each-ref", "refs/remotes")
    try ann.succeed("cut", "0..2", in: "falls")
    try ann.succeed("publish", bare(ann), "--no-media", in: "falls")
    #expect(try repository.git("for-each-ref", "refs/remotes") == refs)

    let bob = try Person("bob", token: "tokB", at: server)
    try bob.succeed("fork", "ann/falls")
    try bob.succeed("filter", "sepia", "--range", "0..5", "-b", "soft", in: "falls")
    try bob.succeed("propose", in: "falls")
    let pull = try Tool.git.run(
      ["pull"], in: bob.workspace.file("falls"), environment: bob.environment)
    #expect(
      pull.status == 0 && pull.output.contains("Already up to date"),
      Comment(rawValue: pull.snapshot))
    // A branch that is gone has no upstream, and the next of that name has none either.
    let clone = bob.repository("falls")
    try bob.succeed("switch", "main", in: "falls")
    try bob.succeed("branch", "-D", "soft", in: "falls")
    try bob.succeed("branch", "soft", "main", in: "falls")
    #expect(try !clone.git("config", "--list").contains("branch.soft"))
    #expect(try await server.violations() == [])
  }

  @Test func branchesOfTheRemoteAreListed() async throws {
    let (server, ann) = try start()
    try ann.succeed("publish", "ann/falls", "--pages", in: "falls")
    #expect(try !ann.succeed("branch", in: "falls").output.contains("also"))
    let bob = try Person("bob", token: "tokB", at: server)
    try bob.succeed("fork", "ann/falls")
    let line = "also on origin: noir, warm; `vidgit switch NAME` takes one up"
    #expect(try bob.succeed("branch", in: "falls").output.contains(line))
    try bob.succeed("switch", "noir", in: "falls")
    #expect(try bob.succeed("branch", in: "falls").output.contains("also on origin: warm;"))
    #expect(try !bob.succeed("branch", "--json", in: "falls").output.contains("warm"))
    #expect(try await server.violations() == [])
  }

  @Test func anOldPageIsSaid() async throws {
    let (server, ann) = try start()
    let words = "note: the page shows an older state: `vidgit publish --pages`"
    #expect(try !ann.succeed("publish", "ann/falls", in: "falls").errors.contains(words))
    #expect(try !ann.succeed("publish", "--pages", in: "falls").errors.contains(words))
    #expect(try !ann.succeed("publish", in: "falls").errors.contains(words))
    try ann.succeed("cut", "0..2", in: "falls")
    let old = try ann.succeed("publish", in: "falls")
    #expect(old.errors.contains(words), Comment(rawValue: old.snapshot))
    // Another clone sees it too, of what it has.
    let again = try Person("ann", token: "tokA", at: server)
    try again.succeed("clone", "ann/falls")
    #expect(try again.succeed("publish", in: "falls").errors.contains(words))
    try ann.succeed("publish", "--pages", in: "falls")
    for person in [ann, again] {
      #expect(try !person.succeed("publish", in: "falls").errors.contains(words))
    }
    #expect(try await server.violations() == [])
  }

  @Test func theBranchesThatAreNamedGoAlone() async throws {
    let (server, ann) = try start()
    try ann.vidgit("publish", "ann/falls", "main", "nosuch", in: "falls").expectError(
      Status.notFound, saying: ["no branch 'nosuch'", "vidgit branch"])
    #expect(try await server.api("/repos/ann/falls") == nil)
    let made = try ann.succeed("publish", "ann/falls", "main", "noir", "--pages", in: "falls")
    #expect(made.output.contains("2 branches (main, noir)"), Comment(rawValue: made.snapshot))
    let there = try Tool.git.succeed([
      "--git-dir=\(server.folder)/ann/falls.git", "for-each-ref", "--format=%(refname:short)",
      "refs/heads",
    ]).output
    #expect(there == "main\nnoir\nvidgit-pages\n")
    let page = try ann.repository("falls").git("show", "refs/vidgit/vidgit-pages:docs/index.html")
    #expect(page.contains("noir") && !page.contains("warm"))
    #expect(try await server.violations() == [])
  }

  @Test func aStoreThatOthersDoNotKnowIsSaid() async throws {
    let (server, ann) = try start()
    let bare = try bare(ann)
    let before = try ann.repository("falls").state
    try ann.vidgit("publish", bare, in: "falls").expectError(
      Status.usage, saying: ["no store", "--no-media", "vidgit store add"])
    #expect(try ann.repository("falls").state == before)
    try ann.succeed("publish", bare, "--no-media", in: "falls")
    let place = ann.workspace.file("nas")
    // From the folder where one is, and not there yet.
    try ann.vidgit("store", "add", "NAS", "../nas", in: "falls").expectError(
      Status.notFound, saying: ["mkdir"])
    try ann.workspace.folder.folder("nas")
    try ann.succeed("store", "add", "NAS", "../nas", in: "falls")
    let url = try ann.repository("falls").git("config", "vidgit.store.NAS.url")
    #expect(url == "file:\(place)")
    try ann.succeed("store", "add", "again", place, in: "falls")
    #expect(try ann.repository("falls").git("config", "vidgit.store.again.url") == url)
    let sent = try ann.succeed("publish", bare, "--store", "NAS", in: "falls")
    #expect(
      sent.errors.contains("`vidgit store add NAS file:\(place)`"), Comment(rawValue: sent.snapshot)
    )
    // Releases of a public repository stand in the video.
    let made = try ann.succeed("publish", "ann/other", "--no-media", in: "falls")
    #expect(!made.errors.contains("store add"), Comment(rawValue: made.snapshot))
    let help = try ann.succeed("store", "add", "--help").output
    for form in ["s3://", "rclone:", "github-release:", "https://", "/mnt/nas"] {
      #expect(help.contains(form))
    }
    withExtendedLifetime(server) {}
  }

  /// On a terminal, what goes over is counted in bytes.
  @Test func bytesAreCountedOnATerminal() throws {
    let studio = try Studio()
    try studio.repository.succeed("store", "add", "nas", studio.workspace.file("store"))
    let result = try Tool.require("python3").run(
      [
        "-c", "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))",
        Tool.vidgit.path, "push",
      ], in: studio.repository.path)
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    #expect(
      result.output.contains(/push: 0 bytes of [0-9.]+ [kM]B, 0 bytes\/s/),
      Comment(rawValue: result.snapshot))
    #expect(!result.output.contains("frames"))
  }
}
