import Foundation
import TestSupport
import Testing

/// What calls cost: said before, bounded, and told afterwards.
@Suite struct ServiceCostTests {
  private func quote(
    _ service: TestService, _ repository: Repository, _ recipe: String, _ more: String...
  ) throws -> (known: Int, calls: Int, amount: String?) {
    let result = try Tool.vidgit.succeed(
      ["filter", recipe, "--quote", "--json"] + more, in: repository.path,
      environment: TestService.variables)
    let quote = try object(result.output)
    let item = try #require((quote["recipes"] as? [[String: Any]])?.first)
    return (
      try #require(quote["known"] as? Int), try #require(item["calls"] as? Int),
      item["amount"] as? String
    )
  }

  @Test func aQuoteIsWhatIsCalled() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    try repository.succeed("repeat", "2..4", "--times", "3")
    let recipe = try service.recipe()
    let before = try repository.state
    let whole = try quote(service, repository, recipe)
    #expect(whole.known == 0 && whole.calls == 8 && whole.amount == "0.0184")
    let part = try quote(service, repository, recipe, "--range", "0..3")
    #expect(part.calls == 3 && part.amount == "0.0069")
    // Nothing was sent, nothing changed.
    #expect(try await service.server.counts().requests == 0)
    #expect(try repository.state == before)

    try service.succeed(repository, "filter", recipe, "--range", "0..3", "-b", "part")
    #expect(try await service.server.counts().paid == 3)
    _ = try repository.git("switch", "-q", "main")
    let rest = try quote(service, repository, recipe)
    #expect(rest.calls == 5 && rest.amount == "0.0115")
    let made = try service.succeed(repository, "filter", recipe, "-b", "whole")
    #expect(made["spent"] as? [String] == ["0.0115 USD"])
    #expect(try await service.server.counts().paid == 8)
    _ = try repository.git("switch", "-q", "main")
    let text = try service.run(repository, "filter", "made", "--quote")
    #expect(text.status == 0 && text.output.contains("0 to make, 0 calls, 0.00 USD"))
  }

  /// The same command again, and nobody went back to the source: that would be paid twice.
  @Test func theSameLookTwiceIsAskedFor() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let recipe = try service.recipe()
    try service.succeed(repository, "filter", recipe, "-b", "one", "--range", "0..4")
    let before = try repository.state
    for more in [
      ["-b", "two"], [], ["--sample", "8", "--sheet", "../s.png"], ["--range", "3..5"],
    ] {
      try Tool.vidgit.run(
        ["filter", recipe] + more, in: repository.path, environment: TestService.variables
      ).expectError(Status.conflict, saying: ["already", "paid for once more", "--again"])
    }
    #expect(try repository.state == before)
    #expect(try await service.server.counts().paid == 4)
    try service.succeed(repository, "filter", recipe, "--range", "4..")
    let again = try service.run(repository, "filter", recipe, "--range", "0..2", "--again")
    #expect(again.errors.contains("2 frames have it twice now"), Comment(rawValue: again.snapshot))
    // The negative of the negative.
    let source = try TestService.rgb(Clip.short.orSkip())
    #expect(try Array(repository.frameHash().hashes.prefix(2)) == Array(source.prefix(2)))
    #expect(try await service.server.counts().paid == 10)
  }

  @Test func batchesAndSizesAreQuoted() throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let batches = try service.recipe("kserve", as: "batches") { $0["batch"] = 3 }
    let one = try quote(service, repository, batches)
    #expect(one.calls == 3 && one.amount == nil)
    let tiles = try service.recipe(as: "tiles") {
      $0["size"] = ["rule": "tile", "width": 64, "height": 48, "overlap": 16]
    }
    // 160 by 120 in tiles of 64 by 48: three across, and four down.
    #expect(try quote(service, repository, tiles).calls == 8 * 3 * 4)
    // Tiles may be alike.
    let text = try service.run(repository, "filter", tiles, "--quote")
    #expect(text.output.contains("at most 96 calls, at most 0.2208 USD"), "\(text.snapshot)")
  }

  /// What frames become is not known before they are made: then the quote is a bound, and says so.
  @Test func aQuoteSaysWhereItIsABound() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let recipe = try service.plainRecipe()
    let flat = "graph:lutyuv=y=128:u=90:v=200"
    func quote(_ recipes: String...) throws -> String {
      let result = try service.run(repository, "filter", recipes[0], recipes.last!, "--quote")
      #expect(result.status == 0, Comment(rawValue: result.snapshot))
      return String(result.output.split(separator: "\n").last ?? "")
    }
    func bound(_ arguments: String...) throws -> Bool? {
      let output = try Tool.vidgit.succeed(
        ["filter"] + arguments + ["--quote", "--json"], in: repository.path,
        environment: TestService.variables
      ).output
      return (try object(output)["recipes"] as? [[String: Any]])?.last?["isUpperBound"] as? Bool
    }
    #expect(try bound(recipe) == false)
    #expect(
      try quote(flat, recipe).hasSuffix(": 8 to make, at most 8 calls, at most 0.0184 USD"))
    #expect(try bound(flat, recipe) == true)
    // Once the graph's results are known, it is exact: all frames are one.
    try service.succeed(repository, "filter", flat, "-b", "flat")
    _ = try repository.git("switch", "-q", "main")
    #expect(try quote(flat, recipe).hasSuffix(": 1 to make, 1 call, 0.0023 USD"))
    #expect(try bound(flat, recipe) == false)
    let made = try service.succeed(repository, "filter", flat, recipe, "-b", "both")
    #expect(made["spent"] as? [String] == ["0.0023 USD"])
    #expect(try await service.server.counts().paid == 1)
    _ = try repository.git("switch", "-q", "main")
    #expect(try quote(flat, recipe).hasSuffix(": 0 to make, 0 calls, 0.00 USD"))
    #expect(try bound(flat, recipe) == false)
  }

  @Test func aBudgetIsAHardStop() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let recipe = try service.plainRecipe()
    let before = try repository.state
    for (budget, most) in [("0.0022USD", 0), ("0.0069USD", 3), ("0.0070USD", 3), ("0.01USD", 4)] {
      try service.run(
        repository, "filter", recipe, "-b", "made", "--budget", budget, "--jobs", "1"
      ).expectError(Status.refused, saying: ["the budget of", "is used up", "0.0023 USD"])
      #expect(try await service.server.counts().paid == most)
      #expect(try repository.state == before)
    }
    #expect(try service.run(repository, "cost").output.contains("in no commit"))
    // Many calls at once do not slip through together.
    try service.run(repository, "filter", recipe, "-b", "made", "--budget", "0.0161USD")
      .expectError(
        Status.refused, saying: ["is used up"])
    let parallel = try await service.server.counts().paid
    #expect((4...7).contains(parallel))
    let made = try service.succeed(
      repository, "filter", recipe, "-b", "made", "--budget", "0.0184USD")
    #expect(made["reused"] as? Int == parallel && made["spent"] as? [String] == ["0.0184 USD"])
    #expect(try await service.server.counts().paid == 8)
    // Another pass begins with nothing spent.
    _ = try repository.git("switch", "-q", "main")
    try service.succeed(
      repository, "filter", service.plainRecipe(as: "other"), "-b", "other", "--budget",
      "0.0184 USD")
  }

  @Test func aBudgetNeedsAPriceInItsCurrency() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let free = try service.recipe(as: "free") { $0["cost"] = nil }
    try service.run(repository, "filter", free, "--budget", "5USD").expectError(
      Status.usage, saying: ["'free' does not say what a call costs", "\"cost\""])
    try service.run(repository, "filter", service.recipe(), "--budget", "5EUR").expectError(
      Status.usage, saying: ["EUR", "USD"])
    for wrong in ["5", "USD", "-5USD", "5USD5", "1e3USD"] {
      #expect(try service.run(repository, "filter", "made", "--budget", wrong).status != 0)
    }
    #expect(try await service.server.counts().requests == 0)
  }

  @Test func costsAreToldByRecipeAndBranch() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    #expect(try service.run(repository, "cost").output == "Nothing was paid for\n")
    let one = try service.succeed(
      repository, "filter", service.recipe(as: "one"), "--range", "0..3", "-b", "one")
    let other = try service.recipe(as: "other") {
      $0.set("cost", "amount", "0.5")
      $0.set("cost", "currency", "EUR")
    }
    try service.succeed(repository, "filter", other, "--range", "0..2", "-b", "two")
    let id = try #require((one["recipes"] as? [String])?.first)
    #expect(
      try repository.git("log", "-1", "--format=%(trailers:key=Vidgit-Cost,valueonly)", "one")
        == "0.0069 USD, recipe=\(id), calls=3")
    let report = try object(
      Tool.vidgit.succeed(["cost", "--json"], in: repository.path).output)
    func rows(_ key: String) -> [String] {
      (report[key] as? [[String: Any]] ?? []).map {
        "\($0["name"] ?? "") \($0["amount"] ?? "") \($0["currency"] ?? "") \($0["calls"] ?? "")"
      }.sorted()
    }
    #expect(rows("branches") == ["one 0.0069 USD 3", "two 0.0069 USD 3", "two 1.00 EUR 2"])
    #expect(rows("recipes").contains("\(id) 0.0069 USD 3") && rows("recipes").count == 2)
    #expect(rows("uncommitted") == [])
    #expect(report["total"] as? [String] == ["1.00 EUR", "0.0069 USD"])
    let text = try service.run(repository, "cost", "one").output
    #expect(text.contains("0.0069 USD") && !text.contains("EUR"))
  }

  /// By the second and by the token: what the answer says, and not what was expected.
  @Test func pricesFollowTheAnswer() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let tokens = try service.recipe("openai-edit", as: "tokens") {
      $0["cost"] = [
        "per": "token", "amount": "0.00004", "currency": "USD", "usage": "/usage/output_tokens",
        "typical": "1056",
      ]
    }
    let expected = try quote(service, repository, tokens, "--range", "0..2")
    #expect(expected.amount == "0.08448")
    let made = try service.succeed(repository, "filter", tokens, "--range", "0..2", "-b", "tokens")
    #expect(made["spent"] as? [String] == ["0.08 USD"])
    _ = try repository.git("switch", "-q", "main")
    let seconds = try service.recipe("cog", as: "seconds") {
      $0["cost"] = [
        "per": "second", "amount": "0.5", "currency": "USD", "usage": "/metrics/predict_time",
        "typical": "2",
      ]
    }
    let timed = try service.succeed(
      repository, "filter", seconds, "--range", "0..4", "-b", "seconds")
    #expect(timed["spent"] as? [String] == ["0.002 USD"])
  }

  /// Jobs of other frames are still under way: they are no cost of this pass, and are collected later.
  @Test func aPassTellsOfItsOwnCallsOnly() async throws {
    let service = try TestService(Workspace(), ["--work", "3"])
    let repository = try service.split()
    let recipe = try service.recipe("replicate") {
      $0.set("params", "version", "invert")
      $0.set("job", "interval", 50)
      $0["cost"] = ["per": "image", "amount": "0.01", "currency": "USD"]
    }
    let stopped = try service.run(
      repository, "filter", recipe, "--range", "0..4", "-b", "first",
      interruption: Interruption(
        after: .milliseconds(1200), sign: repository.file(".git/vidgit/tmp")))
    #expect(stopped.status == Status.interrupted, Comment(rawValue: stopped.snapshot))
    #expect(try await service.server.counts().paid == 4)
    let second = try service.succeed(
      repository, "filter", recipe, "--range", "4..8", "-b", "second")
    #expect(second["spent"] as? [String] == ["0.04 USD"])
    _ = try repository.git("switch", "-q", "main")
    let open = try quote(service, repository, recipe, "--range", "0..4")
    #expect(open.calls == 0)
    let first = try service.succeed(
      repository, "filter", recipe, "--range", "0..4", "-b", "first", "--budget", "0.04USD")
    #expect(first["spent"] as? [String] == ["0.04 USD"])
    let counts = try await service.server.counts()
    #expect(counts.paid == 8 && counts.paidTwice == 0)
  }
}
