import Foundation
import TestSupport
import Testing

/// Repositories behind SSH, with OpenSSH's own server on loopback.
@Suite struct SSHTests {
  private struct Scene {
    let host: SSHHost
    let github: GitHubServer
    var ann: Person
    let bare: String
  }

  private func start(passphrase: String = "") throws -> Scene {
    let host = try SSHHost()
    let github = try GitHubServer(users: ["ann:tokA:repo"])
    var ann = try Person("ann", token: nil, at: github)
    try host.welcome(&ann, passphrase: passphrase)
    let bare = ann.workspace.file("it's bare.git")
    try Tool.git.succeed(["init", "-q", "--bare", "-b", "main", bare])
    try ann.succeed("split", Clip.short.orSkip(), "falls")
    return Scene(host: host, github: github, ann: ann, bare: bare)
  }

  private func tip(_ path: String, _ name: String = "main") throws -> String {
    try Tool.git.succeed(["rev-parse", "refs/heads/\(name)"], in: path).output
  }

  @Test func clonesAndPublishesWithAKeyFile() throws {
    let scene = try start()
    let (ann, bare) = (scene.ann, scene.bare)
    let url = scene.host.url(bare.replacing(" ", with: "%20"))
    try ann.succeed("filter", "noir", "-b", "noir", in: "falls")
    try ann.succeed("publish", url, "--no-media", in: "falls")
    try Tool.git.succeed(["fsck", "--strict"], in: bare)
    for branch in ["main", "noir"] {
      #expect(try tip(bare, branch) == tip(ann.workspace.file("falls"), branch))
    }
    #expect(try ann.repository("falls").git("remote", "get-url", "origin") == url)

    // Hashed names are as good.
    try Tool.require("ssh-keygen").succeed([
      "-q", "-H", "-f", scene.host.file("known_hosts", of: ann),
    ])
    let known = try String(
      contentsOfFile: scene.host.file("known_hosts", of: ann), encoding: .utf8)
    #expect(known.hasPrefix("|1|"))
    try ann.succeed("clone", url, "again")
    try ann.succeed("cut", "0..2", in: "again")
    try ann.succeed("publish", "--no-media", in: "again")
    #expect(try tip(bare) == tip(ann.workspace.file("again")))

    // Here are no commits that came in between: nothing is lost.
    try ann.succeed("cut", "4..6", in: "falls")
    try ann.vidgit("publish", "--no-media", in: "falls").expectError(
      Status.conflict, saying: ["git fetch"])
    #expect(try tip(bare) == tip(ann.workspace.file("again")))
  }

  /// A key that only an agent has, and a host that only ~/.ssh/config knows.
  @Test func clonesAndPublishesWithAnAgent() throws {
    let scene = try start()
    let ann = scene.ann
    let key = ann.workspace.file("agent-key")
    try FileManager.default.moveItem(
      atPath: scene.host.file("id_ed25519", of: ann), toPath: key)
    // The account is that of ~/.ssh/config or the user's own, as with git.
    let address = "films:\(scene.bare)"
    try scene.host.know(scene.host.key, ann)
    try ann.vidgit("publish", address, "--no-media", in: "falls").expectError(
      Status.refused, saying: ["takes none of your SSH keys"])
    let vidgit = try Tool.vidgit
    for (arguments, place) in [
      ("publish '\(address.replacing("'", with: "'\\''"))' --no-media", "falls"),
      ("clone '\(address.replacing("'", with: "'\\''"))' again", "."),
    ] {
      try Tool.require("ssh-agent").succeed(
        ["sh", "-c", "ssh-add -q '\(key)' && exec '\(vidgit.path)' \(arguments)"],
        in: ann.workspace.file(place), environment: ann.environment)
    }
    #expect(try tip(scene.bare) == tip(ann.workspace.file("again")))
  }

  @Test func refusesHostsThatItDoesNotKnow() throws {
    let scene = try start()
    let (host, ann) = (scene.host, scene.ann)
    let url = host.url(scene.bare.replacing(" ", with: "%20"))
    try ann.succeed("publish", url, "--no-media", in: "falls")
    let before = try ann.workspace.entries
    try host.know(nil, ann)
    let login = "ssh -p \(host.port) \(host.user)@127.0.0.1"
    try ann.vidgit("clone", url, "made").expectError(
      Status.refused, saying: [host.name, "not known here", login, "fingerprint"])
    #expect(try String(contentsOfFile: host.file("known_hosts", of: ann), encoding: .utf8) == "")

    try Tool.require("ssh-keygen").succeed([
      "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", ann.workspace.file("home/other"),
    ])
    let other = try String(contentsOfFile: ann.workspace.file("home/other.pub"), encoding: .utf8)
    try host.know(other.trimmingCharacters(in: .whitespacesAndNewlines), ann)
    let tip = try tip(scene.bare)
    try ann.succeed("cut", "0..2", in: "falls")
    for arguments in [["clone", url, "made"], ["-C", "falls", "publish", "--no-media"]] {
      try Tool.vidgit.run(
        arguments, in: ann.workspace.folder.path, environment: ann.environment
      ).expectError(
        Status.refused, saying: ["not the one that is known", "ssh-keygen -R", host.name])
    }
    #expect(try self.tip(scene.bare) == tip)
    #expect(try ann.workspace.entries == before)
  }

  @Test func saysWhatToDoWithoutAKey() throws {
    let scene = try start(passphrase: "secret words")
    let (host, ann) = (scene.host, scene.ann)
    let url = host.url(scene.bare.replacing(" ", with: "%20"))
    let before = try ann.workspace.entries
    // A key with a passphrase is not asked for, nor is one taken that the host does not know.
    for key in ["locked", "strange"] {
      if key == "strange" {
        try FileManager.default.removeItem(atPath: host.file("id_ed25519", of: ann))
        try Tool.require("ssh-keygen").succeed([
          "-q", "-t", "ed25519", "-N", "", "-f", host.file("id_ed25519", of: ann),
        ])
      }
      try ann.vidgit("clone", url, "made").expectError(
        Status.refused, saying: ["takes none of your SSH keys", "ssh-add", "ssh-keygen"])
    }
    #expect(try ann.workspace.entries == before)
  }

  @Test func saysWhatElseIsWrong() throws {
    let scene = try start()
    let (host, ann) = (scene.host, scene.ann)
    try ann.vidgit("clone", host.url("/no/such.git")).expectError(
      Status.notFound, saying: ["/no/such.git", host.name])
    try ann.vidgit("clone", "\(host.user)@films:\(scene.bare)", "made").expectError(
      Status.notFound, saying: ["is empty"])
    try ann.vidgit(
      "clone", host.url("/x.git"), with: ["GIT_SSH_COMMAND": "/no/such/ssh -v"]
    ).expectError(Status.notFound, saying: ["/no/such/ssh", "OpenSSH"])
    // Nobody listens there.
    try ann.vidgit("clone", "ssh://\(host.user)@127.0.0.1:1/x.git").expectError(
      Status.system, saying: ["by SSH", "refused"])
    // A file that ssh misses here is no repository that is missing there.
    try ann.vidgit(
      "clone", "ssh://\(host.user)@127.0.0.1:1/x.git",
      with: ["GIT_SSH_COMMAND": "ssh -i /no/such/key"]
    ).expectError(Status.system, saying: ["by SSH", "refused"])
    try ann.vidgit(
      "clone", "\(host.user)@films:\(scene.bare)", "made",
      with: ["GIT_SSH_COMMAND": "ssh -i /no/such/key"]
    ).expectError(Status.notFound, saying: ["is empty"])
    // What a shell or ssh would read as more than a word.
    for address in [
      "ssh://-oProxyCommand=id@127.0.0.1/x", "ssh://a@-oProxyCommand=id/x",
      "ssh://127.0.0.1:99999/x", "ssh://127.0.0.1",
    ] {
      try ann.vidgit("clone", address).expectError(Status.usage)
    }
    // These are folders.
    for address in ["a b@127.0.0.1:x", "a@-oProxyCommand=id:x", "ext::id"] {
      try ann.vidgit("clone", address).expectError(Status.notFound, saying: ["folder"])
    }
    // A path is one word, whatever is in it.
    try ann.vidgit("clone", host.url("/$(touch%20\(ann.workspace.file("ran")))'!;x")).expectError(
      Status.notFound)
    #expect(!FileManager.default.fileExists(atPath: ann.workspace.file("ran")))
  }

  @Test func isInterrupted() throws {
    let scene = try start()
    let ann = scene.ann
    let before = try ann.workspace.entries
    let sign = ann.workspace.file("home/sign")
    let result = try Tool.vidgit.run(
      ["clone", scene.host.url("/x.git"), "made"], in: ann.workspace.folder.path,
      environment: ann.environment.merging(
        ["GIT_SSH_COMMAND": "sh -c 'echo $$ > \(sign); exec sleep 1000' #"]) { $1 },
      interruption: Interruption(SIGINT, after: .zero, sign: sign))
    #expect(result.status == Status.interrupted, Comment(rawValue: result.snapshot))
    #expect(try ann.workspace.entries == before)
    // The program went too: what is left of it is at most a number to be collected.
    let text = try String(contentsOfFile: sign, encoding: .utf8)
    let pid = try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    func isThere() throws -> Bool {
      let state = try Tool.require("ps").run(["-o", "state=", "-p", "\(pid)"]).output
      return !["", "Z"].contains(state.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    for _ in 0..<1000 where try isThere() { usleep(10_000) }
    #expect(try !isThere())
  }

  @Test func gitsOwnSettingsCount() throws {
    let scene = try start()
    let (host, bare) = (scene.host, scene.bare)
    var ann = scene.ann
    let place = (bare as NSString).deletingLastPathComponent
    let real = "\(ann.workspace.file("home"))/bin/ssh"
    try Tool.git.succeed(
      [
        "config", "--global", "url.\(host.url(place))/.insteadOf", "https://films.example/",
      ], environment: ann.environment)
    try Tool.git.succeed(["clone", "-q", "--bare", ann.workspace.file("falls"), "\(place)/one.git"])
    ann.set("PATH", nil)
    // Not the `ssh` on PATH: the one that Git's setting names.
    try Tool.git.succeed(
      ["config", "--global", "core.sshCommand", "'\(real)'"], environment: ann.environment)
    try ann.succeed("clone", "https://films.example/one.git", "copy")
    #expect(
      try ann.repository("copy").git("remote", "get-url", "origin")
        == "https://films.example/one.git")
    try ann.succeed("cut", "0..2", in: "copy")
    try ann.succeed("publish", "--no-media", in: "copy")
    #expect(try tip("\(place)/one.git") == tip(ann.workspace.file("copy")))
  }

  /// A command of the shell, as git runs it: with a variable of its own before it.
  @Test func theCommandMaySetVariables() throws {
    let scene = try start()
    try scene.ann.vidgit(
      "clone", scene.host.url(scene.bare.replacing(" ", with: "%20")), "made",
      with: ["GIT_SSH_COMMAND": "LC_ALL=C TZ=UTC ssh"]
    ).expectError(Status.notFound, saying: ["is empty"])
  }

  /// A server that says no is heard, also where it has gone before it is told goodbye.
  @Test func aHookThatSaysNo() throws {
    let scene = try start()
    let (ann, bare) = (scene.ann, scene.bare)
    let url = scene.host.url(bare.replacing(" ", with: "%20"))
    let hook = "\(bare)/hooks/pre-receive"
    try Data("#!/bin/sh\necho not on Sundays >&2\nexit 1\n".utf8)
      .write(to: URL(fileURLWithPath: hook))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
    let python = try Tool.require("python3").path
    let early = "\(python) '\(SharedVideos.packageRoot)/Tests/Servers/hangup.py'"
    for variables in [[:], ["GIT_SSH_COMMAND": early]] {
      try ann.vidgit("publish", url, "--no-media", in: "falls", with: variables).expectError(
        Status.conflict, saying: ["was not taken", "pre-receive hook declined"])
      #expect(try Tool.git.succeed(["for-each-ref"], in: bare).output == "")
    }
    // One that says yes is heard too.
    try FileManager.default.removeItem(atPath: hook)
    let taken = try ann.vidgit(
      "publish", url, "--no-media", in: "falls", with: ["GIT_SSH_COMMAND": early])
    #expect(taken.status == 0, Comment(rawValue: taken.snapshot))
    #expect(try tip(bare) == tip(ann.workspace.file("falls")))
  }

  /// On GitHub, whoever names an address of SSH goes by SSH.
  @Test func forksAndProposes() async throws {
    let github = try GitHubServer(users: ["ann:tokA:repo", "bob:tokB:repo"])
    let host = try SSHHost(root: github.folder)
    let ann = try Person("ann", token: "tokA", at: github)
    var bob = try Person("bob", token: "tokB", at: github)
    try host.welcome(&bob)
    try ann.succeed("split", Clip.short.orSkip(), "falls")
    try ann.succeed("publish", "ann/falls", in: "falls")
    try await github.reset()
    try bob.succeed("fork", host.url("/ann/falls"))
    let repository = bob.repository("falls")
    #expect(try repository.git("remote", "get-url", "origin") == host.url("/bob/falls.git"))
    #expect(try repository.git("remote", "get-url", "upstream") == host.url("/ann/falls"))
    try bob.succeed("filter", "noir", "-b", "noir", in: "falls")
    let made = try object(bob.succeed("propose", "--json", in: "falls").output)
    #expect(made["target"] as? String == "ann/falls")
    let review = try bob.succeed("review", "1", in: "falls")
    #expect(review.output.contains("ann/falls#1 (open)"), Comment(rawValue: review.snapshot))
    // Nothing went over HTTP but the interface.
    #expect(try await github.count("git_out") == 0)
    #expect(try await github.violations() == [])
  }
}
