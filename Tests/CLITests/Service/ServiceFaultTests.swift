import Foundation
import TestSupport
import Testing

/// Services that are slow, wrong, rude or gone.
@Suite struct ServiceFaultTests {
  /// A repository of eight frames, and a service for it.
  private func start(_ arguments: [String] = []) throws -> (TestService, Repository) {
    let service = try TestService(Workspace(), arguments)
    return (service, try service.split())
  }

  private func expectNegatives(
    _ repository: Repository, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(
      try repository.hashes() == TestService.negatives(Clip.short.orSkip()),
      sourceLocation: sourceLocation)
  }

  /// One frame fails: it is named, nothing is committed, and the same command asks for it alone.
  private func expectOneFailure(
    _ service: TestService, _ repository: Repository, _ recipe: String, saying parts: [String],
    paid: Int, thenPaid: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let before = try repository.state
    try service.run(repository, "filter", recipe, "-b", "made").expectError(
      Status.badInput, saying: ["1 of 8 frames", "the service of 'made'"] + parts,
      sourceLocation: sourceLocation)
    #expect(try repository.state == before, sourceLocation: sourceLocation)
    #expect(try await service.server.counts().paid == paid, sourceLocation: sourceLocation)
    let again = try service.succeed(
      repository, "filter", recipe, "-b", "made", sourceLocation: sourceLocation)
    #expect(again["made"] as? Int == 1, sourceLocation: sourceLocation)
    #expect(again["reused"] as? Int == 7, sourceLocation: sourceLocation)
    try expectNegatives(repository, sourceLocation: sourceLocation)
    #expect(try await service.server.counts().paid == thenPaid, sourceLocation: sourceLocation)
  }

  @Test(arguments: ["", "&retry_after=1", "&retry_after=1&in=body", "&retry_after=2&in=date"])
  func waitsWhenItIsTold(_ how: String) async throws {
    let (service, repository) = try start()
    try await service.server.fail("fail=429&count=2\(how)")
    let started = ContinuousClock.now
    try service.succeed(repository, "filter", service.plainRecipe(), "-b", "made", "--jobs", "1")
    // A date has whole seconds, so that a second of the wait may be over.
    if !how.isEmpty { #expect(ContinuousClock.now - started > .seconds(2)) }
    try expectNegatives(repository)
    let counts = try await service.server.counts()
    #expect(counts.paid == 8 && counts.requests == 10 && counts.failures == ["429": 2])
  }

  @Test func triesAgainWhatFailed() async throws {
    let (service, repository) = try start()
    try await service.server.fail("fail=500&count=3")
    try service.succeed(repository, "filter", service.plainRecipe(), "-b", "made")
    let counts = try await service.server.counts()
    #expect(counts.paid == 8 && counts.requests == 11)
  }

  /// Under a key, what was lost is asked for again, and paid once.
  @Test(arguments: ["cut", "cut-early", "truncated", "hang&seconds=3", "409"])
  func aLostAnswerIsAskedForUnderItsKey(_ how: String) async throws {
    let (service, repository) = try start()
    try await service.server.fail("fail=\(how)&count=2&after=2")
    let recipe = try service.recipe { $0["timeout"] = 1 }
    let made = try service.succeed(repository, "filter", recipe, "-b", "made")
    #expect(made["spent"] as? [String] == ["0.0184 USD"])
    try expectNegatives(repository)
    let counts = try await service.server.counts()
    #expect(counts.paid == 8 && counts.paidTwice == 0 && counts.requests == 10)
  }

  /// Without one nobody knows whether it was done: it counts as paid, and is not sent again unasked.
  @Test(arguments: [
    ("cut", "gave no answer", 8), ("cut-early", "gave no answer", 7),
    ("truncated", "gave no answer", 8), ("hang&seconds=4", "gave no answer", 7),
    ("wrong-size", "160x60 for one of 160x120", 8), ("not-image", "are no image", 8),
    ("endless", "gave", 8), ("400", "answered 400: told to fail", 7),
  ])
  func aFrameThatFailsIsNamed(_ how: String, _ words: String, _ paid: Int) async throws {
    let (service, repository) = try start()
    try await service.server.fail("fail=\(how)&count=1&after=3")
    let recipe = try service.plainRecipe {
      $0["timeout"] = 2
      $0["parallel"] = 1
      $0["error"] = "/error/message"
    }
    try await expectOneFailure(
      service, repository, recipe, saying: ["frame 3", words], paid: paid, thenPaid: paid + 1)
    // What was refused was not paid; the rest may have been.
    let cost = try service.run(repository, "cost")
    #expect(cost.output.contains(how == "400" ? "0.0184 USD" : "0.0207 USD"))
  }

  @Test func aSlowServiceIsWaitedFor() async throws {
    let (service, repository) = try start()
    try await service.server.fail("fail=slow&seconds=1&count=8")
    try service.succeed(repository, "filter", service.plainRecipe(), "-b", "made")
    try expectNegatives(repository)
  }

  @Test(arguments: ["deepfilter", "replicate", "fal", "cog", "kserve", "openai-edit"])
  func aServicesOwnWordsAreShown(_ name: String) async throws {
    let (service, repository) = try start()
    let parameter = ["kserve": "model", "replicate": "version", "fal": "model"][name]
    let recipe = try service.recipe(name) {
      if let parameter {
        $0.set("params", parameter, name == "fal" ? "fal-ai/invert" : "invert")
      } else {
        $0.set("params", "filter", "invert")
      }
      $0["batch"] = $0["batch"] == nil ? nil : 2
      $0["parallel"] = 1
    }
    try await service.server.fail("fail=error&count=1")
    let result = try service.run(repository, "filter", recipe, "--range", "0..2", "-b", "made")
    result.expectError(
      Status.badInput, saying: ["the service of 'made'", "told to fail"])
    try service.succeed(repository, "filter", recipe, "--range", "0..2", "-b", "made")
    let expected = try TestService.negatives(Clip.short.orSkip())
    #expect(try repository.hashes().prefix(2) == expected.prefix(2))
  }

  @Test func aServiceThatIsDownStopsThePass() async throws {
    let (service, repository) = try start()
    let before = try repository.state
    let recipe = try service.plainRecipe {
      // Port 9 is "discard", which nobody serves.
      $0.set("params", "base", "http://127.0.0.1:9")
    }
    let result = try service.run(repository, "filter", recipe, "-b", "made")
    result.expectError(
      Status.system, saying: ["the service of 'made' is down", "nothing was committed"])
    #expect(result.duration < .seconds(30))
    #expect(try repository.state == before)
    // Nothing went out, so nothing was paid.
    #expect(try service.run(repository, "cost").output.contains("Nothing was paid for"))
  }

  @Test func aServiceThatBreaksDownStopsThePass() async throws {
    let (service, repository) = try start()
    try await service.server.fail("fail=503&count=1000&after=3")
    let recipe = try service.plainRecipe()
    try service.run(repository, "filter", recipe, "-b", "made").expectError(
      Status.system, saying: ["is down", "answered 503"])
    let counts = try await service.server.counts()
    #expect(counts.paid == 3 && counts.requests < 30)
    try await service.server.reset()
    let again = try service.succeed(repository, "filter", recipe, "-b", "made")
    #expect(again["reused"] as? Int == 3 && again["spent"] as? [String] == ["0.0184 USD"])
    #expect(try await service.server.counts().paid == 5)
  }

  /// The job is done and paid: the way to it was closed, and the next run goes it again. One frame is
  /// given up after its tries, eight of them open the breaker before.
  @Test(arguments: [1, 8]) func aJobThatCannotBeAskedForIsNotLost(_ frames: Int) async throws {
    let (service, repository) = try start()
    let recipe = try service.recipe("replicate") {
      $0.set("params", "version", "invert")
      $0.set("job", "interval", 10)
      $0["cost"] = ["per": "image", "amount": "0.01", "currency": "USD"]
    }
    let range = "0..\(frames)"
    try await service.server.fail("fail=503&count=1000&method=GET")
    try service.run(repository, "filter", recipe, "--range", range, "-b", "made").expectError(
      frames == 1 ? Status.badInput : Status.system, saying: ["503"])
    #expect(try await service.server.counts().paid == frames)
    try await service.server.fail("fail=none")
    let made = try service.succeed(repository, "filter", recipe, "--range", range, "-b", "made")
    #expect(made["spent"] as? [String] == [frames == 1 ? "0.01 USD" : "0.08 USD"])
    let counts = try await service.server.counts()
    #expect(counts.paid == frames && counts.paidTwice == 0)
  }

  /// Under a key the next run asks again, under the same key.
  @Test func anAnswerThatStaysLostIsAskedForByTheNextRun() async throws {
    let (service, repository) = try start()
    let recipe = try service.recipe()
    try await service.server.fail("fail=cut&count=6")
    try service.run(repository, "filter", recipe, "--frames", "0", "-b", "made").expectError(
      Status.badInput, saying: ["1 of 1 frames", "gave no answer"])
    #expect(try await service.server.counts().paid == 1)
    let made = try service.succeed(repository, "filter", recipe, "--frames", "0", "-b", "made")
    #expect(made["spent"] as? [String] == ["0.0023 USD"])
    let counts = try await service.server.counts()
    #expect(counts.paid == 1 && counts.requests == 7)
  }

  @Test func aJobThatTakesTooLongIsCancelled() async throws {
    let (service, repository) = try start(["--work", "60"])
    for name in ["replicate", "fal"] {
      try await service.server.reset()
      let recipe = try service.recipe(name, as: name) {
        $0.set(
          "params", name == "fal" ? "model" : "version", name == "fal" ? "fal-ai/invert" : "invert")
        $0.set("job", "interval", 50)
        $0.set("job", "timeout", 1)
      }
      try service.run(repository, "filter", recipe, "--range", "0..2", "-b", "made").expectError(
        Status.badInput, saying: ["2 of 2 frames", "did not end the job in 1 s"])
      #expect(try await service.server.counts().cancelled == 2)
    }
  }

  /// Ctrl-C: what is on its way comes to its end and is kept.
  @Test func anInterruptionLosesNothing() async throws {
    let (service, repository) = try start(["--work", "1.5"])
    let recipe = try service.plainRecipe { $0["parallel"] = 2 }
    let before = try repository.state
    let stopped = try service.run(
      repository, "filter", recipe, "-b", "made",
      interruption: Interruption(
        after: .milliseconds(700), sign: repository.file(".git/vidgit/tmp")))
    #expect(stopped.status == Status.interrupted, Comment(rawValue: stopped.snapshot))
    #expect(try repository.state == before)
    let paid = try await service.server.counts().paid
    #expect(paid == 2)
    let made = try service.succeed(repository, "filter", recipe, "-b", "made")
    #expect(made["reused"] as? Int == 2 && made["spent"] as? [String] == ["0.0184 USD"])
    try expectNegatives(repository)
    let counts = try await service.server.counts()
    #expect(counts.paid == 8 && counts.paidTwice == 0)
  }
}
