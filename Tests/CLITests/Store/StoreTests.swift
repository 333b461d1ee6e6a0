import Foundation
import TestSupport
import Testing

@Suite struct StoreTests {
  @Test func addListAndRemove() throws {
    let studio = try Studio()
    let repository = studio.repository
    let before = try repository.state
    try repository.succeed("store", "add", "nas", studio.uri)
    #expect(try repository.git("config", "vidgit.store.nas.url") == studio.uri)
    #expect(try repository.vidgit("store", "list").output == "nas  \(studio.uri)\n")
    try repository.vidgit("store", "add", "nas", studio.uri)
      .expectError(Status.conflict, saying: ["'nas'"])
    try repository.succeed("store", "remove", "nas")
    #expect(try repository.vidgit("store", "list").output == "")
    try repository.vidgit("store", "remove", "nas").expectError(Status.notFound, saying: ["nas"])
    #expect(try !repository.git("config", "--list").contains("vidgit.store"))
    // Nothing of it is committed.
    #expect(try repository.state == before)
  }

  @Test func whatIsNoStoreIsNotAdded() throws {
    let studio = try Studio()
    let repository = studio.repository
    for (name, uri) in [
      ("a.b", studio.uri), ("-x", studio.uri), ("", studio.uri), ("x", ""),
      ("x", "file:relative"), ("x", "films:x"),
      ("x", "s3://BAD"), ("x", "rclone::sftp,ssh=touch pwned:x"), ("x", "https://u:p@h/x"),
    ] {
      let result = try Tool.vidgit.run(["store", "add", "--", name, uri], in: repository.path)
      result.expectError(Status.usage)
    }
    try repository.vidgit("store", "add", "x", "file:\(studio.workspace.file("none"))")
      .expectError(Status.notFound, saying: ["mount"])
    #expect(try repository.vidgit("store", "list").output == "")
  }

  @Test func aPublicStoreIsCommitted() throws {
    let studio = try Studio()
    let repository = studio.repository
    try repository.vidgit("store", "add", "nas", studio.uri, "--public")
      .expectError(Status.usage, saying: ["--public-base"])
    let base = "https://films.example/store"
    try repository.succeed("store", "add", "nas", studio.uri, "--public-base", base)
    #expect(try repository.json("video.json")["stores"] as? [String] == [base])
    #expect(try repository.git("log", "-1", "--format=%s") == "Name the store \(base)")
    // The same place is not asked a second time by another name.
    try repository.succeed("push")
    #expect(try repository.vidgit("store", "list").output == "nas  \(studio.uri)\n")
    let clone = try studio.clone()
    #expect(try clone.vidgit("store", "list").output.contains(base))
  }

  /// A repository names stores: only HTTPS at public addresses is called for it.
  @Test func whatARepositoryNamesIsNotCalledUnlessPublic() throws {
    let studio = try Studio()
    try studio.push()
    let server = try TestServer.faulty(studio.workspace.file("store"), "plain")
    let port = server.base.split(separator: ":").last!
    try studio.repository.edit("video.json") {
      $0.replacing(
        "\"stores\": []",
        with:
          "\"stores\": [\"\(server.base)\", \"https://127.0.0.1:\(port)\", \"https://[::1]:\(port)/x\", "
          + "\"s3://films/x\"]")
    }
    #expect(try (studio.repository.json("video.json")["stores"] as? [String])?.count == 4)
    let clone = try studio.clone()
    let result = try clone.vidgit("render", "-o", "x.mp4")
    result.expectError(Status.refused, Status.notFound)
    #expect(result.errors.contains("store add") && result.errors.contains("s3://films/x"))
    #expect(result.errors.contains(server.base))
    #expect(try server.requestCount() == 0)
    // What the user adds is.
    try Tool.vidgit.succeed(["store", "add", "web", server.base], in: clone.path)
    try Tool.vidgit.succeed(["render", "-o", "x.mp4"], in: clone.path)
    #expect(try server.requestCount() > 2)
  }

  /// As curl does: a proxy of the environment, but not for the hosts that need none.
  @Test func storesKnowWhichHostsNeedNoProxy() throws {
    let studio = try Studio()
    try studio.push()
    let server = try TestServer.faulty(studio.workspace.file("store"), "plain")
    let clone = try studio.clone()
    // It is asked for whole addresses, and has none of them.
    let proxy = try TestServer.faulty(studio.workspace.file("store"), "plain")
    let variables = ["http_proxy": proxy.base, "https_proxy": "http://127.0.0.1:1"]
    try clone.succeed(["store", "add", "web", server.base], variables)
    #expect(try proxy.requestCount() > 0)
    #expect(try server.requestCount() == 0)
    let count = try proxy.requestCount()
    try clone.succeed(["pull"], variables.merging(["NO_PROXY": "x.test,127.0.0.1"]) { $1 })
    #expect(try proxy.requestCount() == count)
    #expect(try studio.objects("clone") == studio.objects("repo"))
  }

  @Test func s3FromEndToEnd() throws {
    let studio = try Studio()
    let server = try TestServer.s3()
    let keys = [
      "AWS_ACCESS_KEY_ID": server.facts["key"] ?? "",
      "AWS_SECRET_ACCESS_KEY": server.facts["secret"] ?? "",
    ]
    let add = [
      "store", "add", "bucket", "s3://films/some/where", "--endpoint", server.base, "--region",
      "eu-central-1",
    ]
    let refused = try Tool.vidgit.run(
      add, in: studio.repository.path,
      environment: keys.merging(["AWS_SECRET_ACCESS_KEY": "another-secret"]) { $1 })
    refused.expectError(Status.refused, saying: ["AWS_ACCESS_KEY_ID", "403"])
    try studio.repository.succeed(add, keys)
    try studio.repository.succeed(["push"], keys)
    let clone = try studio.clone()
    // The other way to give keys: AWS's own file.
    let file = try studio.workspace.folder.write(
      """
      [films]
      aws_access_key_id = \(server.facts["key"] ?? "")
      aws_secret_access_key = \(server.facts["secret"] ?? "")
      region = eu-central-1
      """, to: "credentials")
    let profile = ["AWS_SHARED_CREDENTIALS_FILE": file]
    try clone.succeed(
      [
        "store", "add", "bucket", "s3://films/some/where", "--endpoint", server.base, "--profile",
        "films",
      ], profile)
    try clone.succeed(["pull"], profile)
    #expect(try studio.objects("clone") == studio.objects("repo"))
    try clone.succeed(["verify", "--stores", "--deep"], profile)
    // No key in what git keeps.
    let kept = try clone.git("config", "--list", "--local")
    #expect(
      !kept.contains(server.facts["secret"] ?? "?") && !kept.contains(server.facts["key"] ?? "?"))
  }

  @Test func releasesOfGitHubFromEndToEnd() async throws {
    let studio = try Studio()
    let server = try GitHubServer.films()
    let token = ["GITHUB_TOKEN": GitHubServer.token]
    let add = [
      "store", "add", "release", "github-release:ada/films", "--endpoint", server.endpoint,
    ]
    try studio.repository.succeed(add, token)
    let refused = try studio.repository.vidgit("push")
    refused.expectError(Status.refused, saying: ["GITHUB_TOKEN"])
    try studio.repository.succeed(["push"], token)
    let clone = try studio.clone()
    // A fork reads without one.
    try clone.succeed(add, [:])
    try clone.succeed("pull")
    #expect(try studio.objects("clone") == studio.objects("repo"))
    #expect(try await server.violations() == [])
  }
}
