import Foundation
import TestSupport
import Testing

/// Results that lie at an address, where the way to them is closed: they are paid for.
@Suite struct ServiceResultTests {
  /// A repository of eight frames, and a service that answers at once with an address.
  private func start() throws -> (TestService, Repository, recipe: String) {
    let service = try TestService(Workspace())
    let recipe = try service.recipe("replicate") {
      $0["job"] = nil
      $0.header("Prefer", "wait")
      $0.set("params", "version", "invert")
      $0["cost"] = ["per": "image", "amount": "0.01", "currency": "USD"]
    }
    return (service, try service.split(), recipe)
  }

  /// The places that the journal keeps.
  private func kept(_ repository: Repository) throws -> [String] {
    let script = """
      import sqlite3, sys
      rows = sqlite3.connect(sys.argv[1]).execute("SELECT job FROM calls WHERE job IS NOT NULL")
      print("\\n".join(row[0] for row in rows))
      """
    return try Tool.require("python3").succeed([
      "-c", script, repository.file(".git/vidgit/local.sqlite"),
    ]).output.split(separator: "\n").map(String.init)
  }

  @Test(arguments: ["404", "503", "cut-early"])
  func aResultThatCannotBeFetchedIsNotPaidAgain(_ how: String) async throws {
    let (service, repository, recipe) = try start()
    let before = try repository.state
    try await service.server.fail("fail=\(how)&count=1000&method=GET")
    try service.run(repository, "filter", recipe, "--range", "0..1", "-b", "made").expectError(
      Status.badInput,
      saying: [
        "1 of 1 frames", "the service of 'made'", "the same command fetches it first",
      ])
    #expect(try repository.state == before)
    #expect(try await service.server.counts().paid == 1)
    #expect(try kept(repository).count == 1)
    #expect(try service.run(repository, "cost").output.contains("0.01 USD"))
    let quote = try service.run(repository, "filter", recipe, "--range", "0..1", "--quote")
    #expect(quote.output.contains("0 calls, 1 under way since an earlier run, 0.00 USD"))

    try await service.server.fail("fail=none")
    let made = try service.succeed(
      repository, "filter", recipe, "--range", "0..1", "-b", "made", "--budget", "0.01USD")
    #expect(made["spent"] as? [String] == ["0.01 USD"])
    #expect(try repository.hashes()[0] == TestService.negatives(Clip.short.orSkip())[0])
    let counts = try await service.server.counts()
    #expect(counts.paid == 1 && counts.paidTwice == 0)
    #expect(try kept(repository) == [])
  }

  /// As long as it may come, it is waited for; what is gone is asked for anew, in the same run.
  @Test func onlyWhatIsGoneIsAskedForAnew() async throws {
    let (service, repository, recipe) = try start()
    try await service.server.fail("fail=503&count=1000&method=GET")
    for _ in 0..<2 {
      try service.run(repository, "filter", recipe, "--range", "0..1", "-b", "made").expectError(
        Status.badInput, saying: ["answered 503"])
    }
    #expect(try await service.server.counts().paid == 1)
    try await service.server.fail("fail=none")
    try await service.server.fail("fail=410&count=1&method=GET")
    let made = try service.succeed(repository, "filter", recipe, "--range", "0..1", "-b", "made")
    #expect(made["spent"] as? [String] == ["0.02 USD"])
    #expect(try repository.hashes()[0] == TestService.negatives(Clip.short.orSkip())[0])
    let counts = try await service.server.counts()
    #expect(counts.paid == 2 && counts.frames == 1)
    #expect(try kept(repository) == [])
  }

  /// What is wrong at this end is mended at this end: the call is not made again for it.
  @Test(arguments: ["job", "result"])
  func aCertificateThatIsNotTrustedCostsNothing(_ kind: String) async throws {
    let workspace = try Workspace()
    let certificate = try TestCertificate(in: workspace.folder)
    let other = try TestCertificate(in: workspace.folder, named: "other")
    let service = try TestService(workspace, certificate: certificate)
    let repository = try service.split()
    let recipe = try service.recipe("replicate") {
      $0.set("params", "version", "invert")
      if kind == "job" {
        $0.set("job", "interval", 10)
      } else {
        $0["job"] = nil
        $0.header("Prefer", "wait")
      }
    }
    func filter(trusting path: String) throws -> ToolResult {
      _ = try repository.git("config", "vidgit.caBundle", path)
      return try service.run(repository, "filter", recipe, "--range", "0..1", "-b", "made")
    }
    try await service.server.fail("fail=503&count=1000&method=GET")
    try filter(trusting: certificate.path).expectError(Status.badInput, saying: ["answered 503"])
    try await service.server.fail("fail=none")
    for _ in 0..<2 {
      try filter(trusting: other.path).expectError(Status.badInput, saying: ["certificate"])
    }
    let made = try filter(trusting: certificate.path)
    #expect(made.status == 0, Comment(rawValue: made.snapshot))
    #expect(try repository.hashes()[0] == TestService.negatives(Clip.short.orSkip())[0])
    #expect(try await service.server.counts().paid == 1)
  }

  /// A key that is refused is mended, and then what it has paid for is there.
  @Test(arguments: ["400", "401", "403", "405"], ["job", "result"])
  func aRefusalIsNoLoss(_ status: String, _ kind: String) async throws {
    let (service, repository, result) = try start()
    let recipe =
      kind == "result"
      ? result
      : try service.recipe("replicate") {
        $0.set("params", "version", "invert")
        $0.set("job", "interval", 10)
      }
    try await service.server.fail("fail=\(status)&count=1000&method=GET")
    for _ in 0..<2 {
      try service.run(repository, "filter", recipe, "--range", "0..1", "-b", "made").expectError(
        Status.badInput, saying: ["answered \(status)"])
    }
    try await service.server.fail("fail=none")
    try service.succeed(repository, "filter", recipe, "--range", "0..1", "-b", "made")
    let counts = try await service.server.counts()
    #expect(counts.paid == 1 && counts.paidTwice == 0)
  }

  /// fal tells with a 422 that a job has failed: it is not asked for again for ever.
  @Test func aJobThatHasFailedIsSentAgain() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let recipe = try service.recipe("fal") {
      $0.set("params", "model", "fal-ai/invert")
      $0.set("job", "interval", 10)
    }
    try await service.server.fail("fail=error&count=1")
    try service.run(repository, "filter", recipe, "--range", "0..1", "-b", "made").expectError(
      Status.badInput, saying: ["answered 422"])
    try service.succeed(repository, "filter", recipe, "--range", "0..1", "-b", "made")
    #expect(try await service.server.counts().paid == 2)
  }

  /// Of a call of several pictures, those that came are kept, and the others fetched from the exchange.
  @Test func aPartOfACallIsFetchedLater() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let recipe = try service.recipe("deepfilter") { $0.set("params", "filter", "invert") }
    try await service.server.fail("fail=404&count=1&after=2&method=GET")
    try service.run(repository, "filter", recipe, "-b", "made").expectError(
      Status.badInput, saying: ["1 of 8 frames", "the same command fetches it first"])
    let first = try await service.server.counts()
    #expect(first.paid == 8)
    try service.succeed(repository, "filter", recipe, "-b", "made")
    #expect(try repository.hashes() == TestService.negatives(Clip.short.orSkip()))
    let second = try await service.server.counts()
    #expect(second.paid == 8 && second.requests == first.requests + 1)
    #expect(try kept(repository) == [])
  }

  /// Results that have come stay through a tidying, while others of their call are waited for.
  @Test func tidyingKeepsWhatACallHasBrought() async throws {
    let service = try TestService(Workspace())
    let repository = try service.split()
    let recipe = try service.recipe("deepfilter") { $0.set("params", "filter", "invert") }
    try await service.server.fail("fail=404&count=1&after=2&method=GET")
    #expect(
      try service.run(repository, "filter", recipe, "--range", "0..4", "-b", "made").status
        == Status.badInput)
    try Tool.vidgit.succeed(["gc", "--prune=now"], in: repository.path)
    let requests = try await service.server.counts().requests
    try service.succeed(repository, "filter", recipe, "--range", "0..4", "-b", "made")
    let counts = try await service.server.counts()
    #expect(counts.paid == 4 && counts.requests == requests + 1)
  }
}
