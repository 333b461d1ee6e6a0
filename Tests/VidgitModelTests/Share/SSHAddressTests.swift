import Testing
import VidgitModel

/// As `git` and `ssh` read addresses.
@Suite struct SSHAddressTests {
  @Test func readsBothForms() throws {
    let url = try #require(SSHAddress("ssh://ann@example.org:2222/films/it's%20new.git"))
    #expect(url.user == "ann" && url.host == "example.org" && url.port == 2222)
    #expect(url.path == "/films/it's new.git")
    #expect(url.knownName == "[example.org]:2222")
    #expect(
      url.arguments(running: "git-upload-pack") == [
        "-p", "2222", "ann@example.org", #"git-upload-pack '/films/it'\''s new.git'"#,
      ])
    let short = try #require(SSHAddress("git@example.org:films/a!b.git"))
    #expect(short.port == nil && short.path == "films/a!b.git")
    #expect(
      short.arguments(running: "git-receive-pack") == [
        "git@example.org", #"git-receive-pack 'films/a'\!'b.git'"#,
      ])
    #expect(SSHAddress("ssh://example.org/~ann/x")?.path == "~ann/x")
    #expect(SSHAddress("ssh://[::1]:22/x")?.host == "::1")
    #expect(SSHAddress("git@[::1]:x")?.host == "::1")
    #expect(SSHAddress("[::1]:x")?.path == "x")
    let named = try #require(SSHAddress("studio:films/a@b"))
    #expect(named.user == nil && named.destination == "studio" && named.path == "films/a@b")
    #expect(SSHAddress("SSH://example.org/x")?.destination == "example.org")
  }

  @Test func refusesWhatIsNone() {
    for text in [
      "https://example.org/x", "/a/b", "a/b", "ext::sh", "./a:b", "-x:y", ":x", "ssh://example.org",
      "ssh://example.org/", "ssh://-x/y", "ssh://a@-x/y", "ssh://-a@x/y", "-a@x:y", "a@-x:y",
      "ssh://x:0/y", "ssh://x:70000/y", "ssh://x:y/z", "a@x:", "a b@x:y", "a@x y:z",
      "ssh://%2Da@x/y", "ssh://x/a%0Ab", "a/b@x:y",
    ] {
      #expect(SSHAddress(text) == nil, "\(text)")
    }
  }

  @Test func gitHubIsKnownInBothForms() throws {
    let ours = RepositoryAddress.gitHub(owner: "ann", name: "falls")
    for text in [
      "git@github.com:ann/falls.git", "ssh://git@github.com/ann/falls",
      "ssh://git@github.com:22/ann/falls.git",
    ] {
      #expect(try RepositoryAddress(text) == ours, "\(text)")
    }
    #expect(try RepositoryAddress("git@example.org:ann/falls") == .url("git@example.org:ann/falls"))
  }
}
