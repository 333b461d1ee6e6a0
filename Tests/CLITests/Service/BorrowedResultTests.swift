import Foundation
import TestSupport
import Testing

/// What somebody has paid for already is not paid for again: not in a fork, and not where the
/// pictures have gone to a store.
@Suite struct BorrowedResultTests {
  private let service: TestService
  private let owner: Repository
  private let recipe: String

  /// An owner whose branch "style" has the first five of eight frames.
  init() throws {
    service = try TestService(Workspace())
    owner = try service.split()
    recipe = try service.recipe()
    try service.succeed(owner, "filter", recipe, "--range", "0..5", "-b", "style")
    _ = try owner.git("switch", "-q", "main")
    try service.workspace.folder.folder("store")
  }

  private var store: String { "file:\(service.workspace.file("store"))" }
  private var paid: Int { get async throws { try await service.server.counts().paid } }

  private func push() throws {
    try owner.succeed("store", "add", "nas", store)
    try owner.succeed("push", "nas", "style")
  }

  private func clone(withStore: Bool = true) throws -> Repository {
    try Tool.git.succeed(
      ["clone", "-q", "-b", "main", owner.path, "fork"], in: service.workspace.folder.path)
    let fork = Repository(path: service.workspace.file("fork"), workspace: service.workspace)
    _ = try fork.git("config", "--add", "vidgit.allowHost", "127.0.0.1")
    if withStore { try Tool.vidgit.succeed(["store", "add", "nas", store], in: fork.path) }
    return fork
  }

  private func origins(_ result: [String: Any]) -> [String] {
    (result["borrowed"] as? [[String: Any]] ?? []).map { "\($0["branch"]!) \($0["frames"]!)" }
  }

  @Test func aForkTakesOverWhatItsOriginHas() async throws {
    try push()
    let fork = try clone()
    #expect(try await paid == 5)
    let quote = try object(
      Tool.vidgit.succeed(
        ["filter", recipe, "--quote", "--json"], in: fork.path, environment: TestService.variables
      ).output)
    #expect(quote["known"] as? Int == 5)
    #expect(origins(quote) == ["origin/style 5"])
    let result = try service.run(fork, "filter", recipe, "-b", "mine")
    #expect(result.output.contains("3 made, 5 reused"), Comment(rawValue: result.snapshot))
    #expect(result.errors.contains("5 frames are those of 'origin/style'"))
    #expect(try await paid == 8)
    #expect(
      try fork.frameHash("mine").hashes.prefix(5) == owner.frameHash("style").hashes.prefix(5))
    let negatives = try TestService.negatives(Clip.short.orSkip())
    #expect(try fork.frameHash("mine").hashes == negatives)
    try fork.succeed("verify", "mine", "--deep")
  }

  /// Pictures that nobody can give are made, and paid for.
  @Test func whatCannotBeFetchedIsMade() async throws {
    let fork = try clone(withStore: false)
    try Tool.vidgit.succeed(["media", "locate", Clip.short.orSkip()], in: fork.path)
    let made = try service.succeed(fork, "filter", recipe, "-b", "mine")
    #expect(made["made"] as? Int == 8)
    #expect(origins(made) == [])
    #expect(try await paid == 13)
  }

  /// A stranger's proposal that is being looked at has no say in what a recipe makes.
  @Test(arguments: ["origin/pr/1", "upstream/pr/12", "pr/ann/falls/1"])
  func proposalsHaveNoSay(_ proposal: String) async throws {
    try push()
    let fork = try clone()
    let style = try fork.git("rev-parse", "origin/style")
    _ = try fork.git("update-ref", "-d", "refs/remotes/origin/style")
    _ = try fork.git("update-ref", "refs/remotes/\(proposal)", style)
    let made = try service.succeed(fork, "filter", recipe, "-b", "mine")
    #expect(made["made"] as? Int == 8)
    #expect(origins(made) == [])
  }

  /// A look before the pass takes them over too, and says so.
  @Test func aSampleSaysWhoseFramesItShows() async throws {
    try push()
    let fork = try clone()
    let result = try service.run(fork, "filter", recipe, "--sample", "8", "--sheet", "../s.png")
    #expect(result.output.contains("3 made, 5 reused; 3 calls"), Comment(rawValue: result.snapshot))
    #expect(result.errors.contains("5 frames are those of 'origin/style'"))
    #expect(try await paid == 8)
  }

  /// A branch of that name is none of these.
  @Test func aBranchWithSuchANameCounts() async throws {
    try push()
    let fork = try clone()
    let style = try fork.git("rev-parse", "origin/style")
    _ = try fork.git("update-ref", "-d", "refs/remotes/origin/style")
    _ = try fork.git("update-ref", "refs/remotes/origin/fix/pr/x", style)
    let made = try service.succeed(fork, "filter", recipe, "-b", "mine")
    #expect(origins(made) == ["origin/fix/pr/x 5"])
  }

  /// A store of the user's own may hold what somebody else has put there.
  @Test func picturesOfTheUsersOwnStoreAreLookedAt() async throws {
    try push()
    let store = service.workspace.file("store")
    let pack = try #require(
      FileManager.default.subpathsOfDirectory(atPath: store).first { $0.hasSuffix(".index") })
    // All objects are said to be the first one.
    let path = "\(store)/\(pack)"
    var lines = try String(contentsOfFile: path, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let objects = lines.indices.filter { lines[$0].contains("-rgb24") }
    let names = objects.map { lines[$0].split(separator: " ")[0] }
    for (index, line) in objects.enumerated() {
      let words = lines[line].split(separator: " ").dropFirst()
      lines[line] = ([names[(index + 1) % names.count]] + words).joined(separator: " ")
    }
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    let fork = try clone()
    let made = try service.succeed(fork, "filter", recipe, "-b", "mine")
    #expect(made["made"] as? Int == 8)
    #expect(origins(made) == [])
    #expect(try fork.frameHash("mine").hashes == TestService.negatives(Clip.short.orSkip()))
  }

  /// A branch whose recipe only has the same name has made something else.
  @Test func anotherRecipeOfTheSameNameCountsForNothing() async throws {
    try push()
    _ = try owner.git("switch", "-q", "style")
    let file = try #require(
      FileManager.default.contentsOfDirectory(atPath: owner.file("filters")).first)
    let text = try String(contentsOfFile: owner.file("filters/\(file)"), encoding: .utf8)
    try text.replacing("0.0023", with: "0.0024").write(
      toFile: owner.file("filters/\(file)"), atomically: true, encoding: .utf8)
    _ = try owner.git("commit", "-qam", "Another one")
    _ = try owner.git("switch", "-q", "main")
    let fork = try clone()
    try #require(try fork.git("diff", "--stat", "origin/style~", "origin/style") != "")
    let made = try service.succeed(fork, "filter", recipe, "-b", "mine")
    #expect(made["made"] as? Int == 8)
  }

  /// Pictures that were sent away and removed here are fetched, not paid for again.
  @Test func picturesComeBackFromTheStore() async throws {
    try push()
    try FileManager.default.removeItem(atPath: owner.file(".git/vidgit/objects"))
    let made = try service.succeed(owner, "filter", recipe, "-b", "again")
    #expect(made["made"] as? Int == 3)
    #expect(made["reused"] as? Int == 5)
    #expect(try await paid == 8)
  }
}
