import Foundation
import TestSupport
import Testing

/// A stranger's recipe calls nobody, keys go to their service alone, and nobody else is called.
@Suite struct ServiceTrustTests {
  private func start() throws -> (TestService, Repository) {
    let service = try TestService(Workspace())
    return (service, try service.split())
  }

  @Test func callsNobodyForAStranger() async throws {
    let (service, repository) = try start()
    let recipe = try service.recipe { $0.header("Authorization", "Bearer $ENV:TEST_KEY") }
    let made = try service.succeed(repository, "filter", recipe, "-b", "made")
    let id = try #require((made["recipes"] as? [String])?.first)
    let path = repository.workspace.file("clone")
    try Tool.git.succeed(["clone", "-q", repository.path, path])
    let clone = Repository(path: path, workspace: repository.workspace)
    _ = try clone.git("config", "vidgit.allowHost", "127.0.0.1")
    try Tool.vidgit.succeed(["media", "locate", Clip.short.orSkip()], in: path)
    _ = try clone.git("switch", "-q", "-c", "base", "HEAD")
    try await service.server.reset()

    for arguments in [["filter", id, "-b", "x"], ["filter", "made", "-b", "x"]] {
      try Tool.vidgit.run(arguments, in: path, environment: TestService.variables).expectError(
        Status.refused, saying: [id, "would call a service", service.server.base, "vidgit trust"])
    }
    for arguments in [
      ["render", "-o", "\(path)/../x.mkv"], ["verify", "--deep"], ["show"], ["log"],
    ] {
      _ = try Tool.vidgit.run(arguments, in: path, environment: TestService.variables)
    }
    let shown = try service.run(clone, "trust", id, "--dry-run")
    for part in [
      id, service.server.base, "Authorization", "$ENV:TEST_KEY", "0.0023 USD", "not trusted",
    ] {
      #expect(shown.output.contains(part), "\(part) is not in:\n\(shown.output)")
    }
    #expect(try await service.server.counts().requests == 0)

    #expect(try service.run(clone, "trust", id).status == 0)
    _ = try clone.git("switch", "-q", "--detach", "HEAD~")
    _ = try clone.git("switch", "-q", "-c", "start")
    let again = try service.succeed(clone, "filter", id, "-b", "mine")
    #expect(again["made"] as? Int == 8)
    // Another parameter is another recipe.
    _ = try clone.git("switch", "-q", "start")
    try service.run(clone, "filter", id, "--param", "filter=posterise", "-b", "y").expectError(
      Status.refused, saying: ["vidgit trust"])
  }

  /// Every host, with the headers and the payload that go there; keys by their variables' names.
  @Test func showsWhatGoesWhere() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    let recipe: [String: Any] = [
      "name": "far", "engine": "http", "scope": "frame",
      "params": ["base": "https://api.example.com", "style": "ink"],
      "request": [
        "method": "POST", "url": "$PARAM:base/v1/style",
        "headers": ["Authorization": "Bearer $ENV:TEST_KEY", "X-Style": "$PARAM:style"],
        "json": ["images": "$SINGLE_INPUT"],
      ],
      "input": ["as": "uri"],
      "exchange": [
        "url": "https://upload.example.net/in/$FILE", "uri": "s3://films/in/$FILE",
        "headers": ["X-Upload": "$ENV:HF_TOKEN"],
      ],
      "job": [
        "poll": "/urls/get", "status": "/status", "done": ["ok"], "cancel": "/urls/cancel",
        "cancelMethod": "DELETE",
      ],
      "reply": ["as": "url", "path": "/output"], "hosts": ["*.cdn.example.org"],
    ]
    let path = workspace.file("far.json")
    try JSONSerialization.data(withJSONObject: recipe).write(to: URL(fileURLWithPath: path))
    func trust(_ more: String...) throws -> String {
      let result = try Tool.vidgit.run(
        ["trust", "--dry-run", path] + more, in: repository.path,
        environment: TestService.variables)
      #expect(result.status == 0, Comment(rawValue: result.snapshot))
      #expect(!result.output.contains(TestService.key))
      return result.output
    }
    let flows = try #require(object(trust("--json"))["flows"] as? [[String: Any]])
    let places = flows.map { $0["to"] as? String }
    #expect(
      places == ["https://api.example.com", "https://upload.example.net", "*.cdn.example.org"])
    let headers = try flows.map { flow in
      try #require(flow["headers"] as? [[String: String]]).map {
        "\($0["name"] ?? ""): \($0["value"] ?? "")"
      }.sorted()
    }
    #expect(headers[0] == ["Authorization: Bearer $ENV:TEST_KEY", "X-Style: ink"])
    #expect(headers[1] == ["X-Upload: $ENV:HF_TOKEN"])
    #expect(headers[2] == [])
    let sent = try flows.map { try #require($0["sends"] as? [String]).joined(separator: "\n") }
    for (place, words) in [
      (0, ["POST", "where every frame", "/urls/get", "DELETE", "/urls/cancel", "/output"]),
      (1, ["PUT of every frame", "PNG", "/urls/get", "/output"]), (2, ["/urls/get", "/output"]),
    ] {
      for word in words { #expect(sent[place].contains(word), "\(word) is not in: \(sent[place])") }
    }
    #expect(!sent[2].contains("every frame"))
    let text = try trust()
    for word in places.compactMap(\.self) + [
      "s3://films/in/$FILE", "Bearer $ENV:TEST_KEY", "X-Upload: $ENV:HF_TOKEN",
    ] {
      #expect(text.contains(word), "\(word) is not in:\n\(text)")
    }
  }

  @Test func neverShowsAKey() async throws {
    let (service, repository) = try start()
    // The service tells it back: in a body that is no image, where a result was expected, as an error.
    func recipe(_ name: String, _ change: (inout [String: Any]) -> Void) throws -> String {
      try service.plainRecipe(as: name) {
        $0.header("Authorization", "Bearer $ENV:TEST_KEY")
        $0.header("X-Own", "a-$ENV:TEST_KEY-b")
        $0.url("$PARAM:base/control/echo")
        $0["parallel"] = 1
        change(&$0)
      }
    }
    let recipes = [
      try recipe("bytes") { _ in },
      try recipe("missing") { $0["reply"] = ["as": "base64", "path": "/picture"] },
      try recipe("headers") { $0["reply"] = ["as": "url", "path": "/headers/2/1"] },
      try recipe("text") { $0["reply"] = ["as": "base64", "path": "/headers/2/1"] },
      try recipe("job") {
        $0["job"] = ["poll": "/headers/2/1", "status": "/x", "done": ["y"]]
        $0["reply"] = ["as": "url", "path": "/x"]
      },
      try recipe("told") {
        $0.url("$PARAM:base/control/echo?status=400")
        $0["error"] = "/headers/2/1"
      },
    ]
    for recipe in recipes.dropLast() {
      let result = try service.run(repository, "filter", recipe, "--frames", "0")
      #expect(result.status != 0, Comment(rawValue: result.snapshot))
    }
    let told = try service.run(repository, "filter", recipes[5], "--frames", "0")
    told.expectError(Status.badInput, saying: ["answered 400"])
    try Secrets.expectNone(of: TestService.key, in: repository)
    // A key that breaks a header is not shown either.
    let broken = try Tool.vidgit.run(
      ["filter", recipes[0], "--frames", "0"], in: repository.path,
      environment: ["TEST_KEY": "sk-broken\r\nX-Other: 1"])
    broken.expectError(Status.badInput, Status.usage, saying: ["bytes"])
    #expect(!broken.errors.contains("sk-broken"))
    try service.run(repository, "filter", recipes[0], "--frames", "0").expectError(Status.badInput)
    let unset = try Tool.vidgit.run(["filter", recipes[0], "--frames", "0"], in: repository.path)
    unset.expectError(Status.usage, saying: ["TEST_KEY", "not set"])
  }

  @Test func keysGoNowhereElse() async throws {
    let (service, repository) = try start()
    let other = try FilterServer()
    let elsewhere = other.base.replacing("127.0.0.1", with: "localhost")
    func recipe(_ name: String, _ change: (inout [String: Any]) -> Void) throws -> String {
      try service.plainRecipe(as: name) {
        $0.header("Authorization", "Bearer $ENV:TEST_KEY")
        change(&$0)
      }
    }
    func answer(_ text: String) -> String {
      let allowed = CharacterSet.alphanumerics
      return "$PARAM:base/control/answer?text="
        + text.addingPercentEncoding(withAllowedCharacters: allowed)!
    }
    let redirect = try recipe("redirect") {
      $0.url("$PARAM:base/control/redirect?status=307&to=\(elsewhere)/raw/invert")
    }
    let result = try recipe("result") {
      $0.url(answer(#"{"output": "\#(elsewhere)/files/x.png"}"#))
      $0["reply"] = ["as": "url", "path": "/output"]
    }
    let poll = try recipe("poll") {
      $0.url(answer(#"{"poll": "\#(elsewhere)/v1/predictions/1", "status": "x"}"#))
      $0["job"] = ["poll": "/poll", "status": "/status", "done": ["ok"]]
      $0["reply"] = ["as": "url", "path": "/output"]
    }
    for (recipe, name) in [(redirect, "redirect"), (result, "result"), (poll, "poll")] {
      for host in ["127.0.0.1", "localhost"] {
        // Even where the user allows the other host: the recipe does not name it.
        _ = try repository.git("config", "--add", "vidgit.allowHost", host)
        try service.run(repository, "filter", recipe, "--frames", "0").expectError(
          name == "redirect" ? Status.refused : Status.badInput, saying: [name, "localhost"])
      }
    }
    let counts = try await other.counts()
    #expect(counts.requests == 0 && counts.connections == 1)
    // Where the recipe does name it, the picture is fetched there, and without the key.
    let named = try recipe("named") {
      $0.url(answer(#"{"output": "\#(elsewhere)/control/echo"}"#))
      $0["hosts"] = ["localhost"]
      $0["reply"] = ["as": "url", "path": "/output"]
    }
    try service.run(repository, "filter", named, "--frames", "0").expectError(Status.badInput)
    #expect(try await other.counts().connections > 1)
    try Secrets.expectNone(of: TestService.key, in: repository)
  }

  @Test func privateAddressesMustBeAllowed() async throws {
    let service = try TestService(Workspace())
    let repository = try service.workspace.split(.short)
    try service.run(repository, "filter", service.recipe(), "-b", "x").expectError(
      Status.refused, saying: ["not encrypted", "vidgit.allowHost 127.0.0.1"])
    for base in [
      "https://127.0.0.1:1", "https://[::1]:1", "https://localhost:1", "https://10.0.0.1",
      "https://169.254.169.254",
    ] {
      let recipe = try service.recipe { $0.set("params", "base", base) }
      try service.run(repository, "filter", recipe, "--frames", "0", "-b", "x").expectError(
        Status.refused, saying: ["vidgit.allowHost"])
    }
    #expect(try await service.server.counts().requests == 0)
  }

  @Test func hostileRecipesAreRefused() async throws {
    let (service, repository) = try start()
    let changes: [(String, (inout [String: Any]) -> Void)] = [
      ("headers only", { $0.url("$PARAM:base/raw/$ENV:TEST_KEY") }),
      (
        "headers only",
        {
          $0.set("request", "raw", NSNull())
          var request = $0["request"] as! [String: Any]
          request["raw"] = nil
          request["json"] = ["key": "$ENV:TEST_KEY", "image": "$SINGLE_INPUT"]
          $0["request"] = request
          $0["input"] = ["as": "base64"]
        }
      ),
      ("one line", { $0.header("X-A", "a\r\nX-B: b") }),
      ("header", { $0.header("X-A: b\r\nX-C", "c") }),
      ("header", { $0.header("X-A", "$SINGLE_INPUT") }),
      ("host", { $0.url("http://$FRAME.example.com/x") }),
      ("https: or http:", { $0.url("file:///etc/passwd") }),
      ("address", { $0.url("https://user:secret@example.com/") }),
      ("pointer", { $0["error"] = "error.message" }),
      ("pointer", { $0["error"] = "/a~3" }),
      ("pointer", { $0["error"] = String(repeating: "/a", count: 33) }),
      ("batch", { $0["batch"] = 100_000 }),
      ("parallel", { $0["parallel"] = 0 }),
      ("amount", { $0.set("cost", "amount", 0.0023) }),
      ("amount", { $0.set("cost", "amount", "-1") }),
      ("params", { $0.set("params", "a b", "c") }),
      ("'params' does not have", { $0.url("$PARAM:base/$PARAM:nothing") }),
    ]
    for (words, change) in changes {
      let recipe = try service.recipe("raw", as: "made", change)
      try service.run(repository, "filter", recipe, "-b", "x").expectError(
        Status.badInput, Status.usage, saying: [words])
    }
    // Values that the user gives cannot break out either.
    let header = try service.recipe {
      $0.header("X-Style", "$PARAM:style")
      $0.set("params", "style", "plain")
    }
    try service.run(
      repository, "filter", header, "--param", "style=a\r\nX-B: b", "--frames", "0"
    ).expectError(Status.badInput, Status.usage)
    try service.run(repository, "filter", header, "--param", "none=1").expectError(
      Status.usage, saying: ["'none'"])
    #expect(try await service.server.counts().requests == 0)
    // A path may not be left by a parameter's value.
    let query = try service.recipe { $0.set("params", "filter", "invert?fail=500#") }
    try service.run(repository, "filter", query, "--frames", "0").expectError(
      Status.badInput, saying: ["answered 404"])
  }
}
