import Git2
import VidgitModel

/// Results that somebody has paid for already: what the branches here, fetched ones included, say
/// that the recipes of a pass made of the same frames, and what earlier passes made whose pixels
/// have gone to a store since.
///
/// Only for what programs and services make: graphs are cheaper to run than to fetch, and what they
/// make needs nobody's word.
struct BorrowedResults {
  private let state: PassState
  private var repository: VideoRepository { state.repository }

  init(_ state: PassState) { self.state = state }

  /// A frame of the timeline before any recipe.
  private struct Source: Hashable {
    let uri: String
    let pts: Int64
    let digest: Digest

    init(_ line: FrameLine) {
      (uri, pts) = (line.uri, line.pts)
      digest = line.source ?? line.hash
    }
  }

  private struct Wanted {
    /// Frames by the recipes that make their results, those of the pass included.
    var sources: [[String]: [Source: FrameKey]] = [:]
    /// Results that are known, and whose pixels are not here, by what they are made of.
    var gone: [(input: FrameKey, output: FrameKey)] = []
  }

  private struct Claim {
    let input: FrameKey
    let output: FrameKey
    let branch: String
  }

  /// Fetches what there is of the pixels, and has the pass take these results.
  func fetch(_ progress: ProgressHandler) async throws -> [BorrowedFrames] {
    try await take { keys, revisions in
      guard let plan = try StoreSet.plan(repository, for: revisions) else { return Set(keys) }
      let set = try StoreSet.open(plan, repository)
      return Set(
        try await ObjectFetch(repository.objects, set, looks: true)
          .fetch(keys, "fetch", progress).missing)
    }
  }

  /// Has the pass count on what could be fetched, and fetches nothing.
  func lookUp() async throws -> [BorrowedFrames] {
    try await take { keys, revisions in
      guard let plan = try StoreSet.plan(repository, for: revisions) else { return Set(keys) }
      return try await ObjectFetch(repository.objects, StoreSet.open(plan, repository))
        .missing(of: keys)
    }
  }

  /// - Parameter lacking: says which of some objects that are not here cannot be had.
  private func take(
    _ lacking: ([FrameKey], [Revision]) async throws -> Set<FrameKey>
  ) async throws -> [BorrowedFrames] {
    guard state.recipes.contains(where: \.isCostly) else { return [] }
    let wanted = try self.wanted()
    let (claims, revisions) = try self.claims(wanted)
    var absent: [FrameKey] = []
    var seen: Set<FrameKey> = []
    for key in wanted.gone.map(\.output) + claims.map(\.output)
    where !repository.objects.has(key) && seen.insert(key).inserted {
      absent.append(key)
    }
    let missing =
      absent.isEmpty ? [] : try await lacking(absent, [state.revision] + revisions)
    // The pass's own come first.
    for (input, output) in wanted.gone where !missing.contains(output) {
      state.borrowed[input] = output
    }
    var origins: [BorrowedFrames] = []
    for claim in claims where !missing.contains(claim.output) && state.borrowed[claim.input] == nil
    {
      state.borrowed[claim.input] = claim.output
      if origins.last?.branch != claim.branch { origins.append(BorrowedFrames(claim.branch)) }
      origins[origins.count - 1].frames += 1
    }
    return origins
  }

  private func wanted() throws -> Wanted {
    let lines = try LineReader(state).unknown()
    var wanted = Wanted()
    for (line, known) in zip(lines, try LineReader(state).knownResults(of: lines)) {
      if let known { wanted.gone.append((state.revision.key(of: line), known)) }
      // What programs made before may have been something else elsewhere.
      guard line.filters.allSatisfy({ state.shelf.isExact($0) }) else { continue }
      wanted.sources[line.filters + state.ids, default: [:]][Source(line)] =
        state.revision.key(of: line)
    }
    return wanted
  }

  /// What the branches say, branch by branch, and the revisions that say it.
  private func claims(_ wanted: Wanted) throws -> ([Claim], [Revision]) {
    var open = wanted.sources
    var claims: [Claim] = []
    var revisions: [Revision] = []
    var read: Set<ObjectID> = []
    for branch in try branches() where !open.isEmpty {
      // A branch that cannot be read tells nothing.
      guard let revision = try? repository.revision(branch.commit), holdsRecipes(revision) else {
        continue
      }
      let before = claims.count
      // A shard that several branches share is read once.
      var rest = revision.shards.filter { read.insert($0.id).inserted }[...]
      while !rest.isEmpty {
        try Task.checkCancellation()
        let batch = Array(rest.prefix(VideoRepository.shardsAtOnce))
        rest = rest.dropFirst(batch.count)
        guard let shards = try? repository.lines(of: batch, in: revision) else { break }
        for line in shards.joined() {
          let output = revision.key(of: line)
          guard let input = open[line.filters]?[Source(line)], fits(output, input) else { continue }
          open[line.filters]![Source(line)] = nil
          claims.append(Claim(input: input, output: output, branch: branch.name))
        }
      }
      open = open.filter { !$0.value.isEmpty }
      if claims.count > before { revisions.append(revision) }
    }
    return (claims, revisions)
  }

  /// Whether a result has the size that the recipes demand.
  private func fits(_ output: FrameKey, _ input: FrameKey) -> Bool {
    (output.shape.width, output.shape.height) == (input.shape.width, input.shape.height)
      || !state.recipes.allSatisfy { recipe in
        if case .service(let service) = recipe { !service.http.takesAnySize } else { false }
      }
  }

  /// Branches here and fetched ones. Proposals that are being looked at have no say.
  private func branches() throws -> [Branch] {
    try VidgitError.git {
      try repository.git.branches()
        + repository.git.remoteBranches().filter { !ProposalRemotes.isProposal($0.name) }
    }
  }

  /// Whether a revision has the very recipes of the pass.
  private func holdsRecipes(_ revision: Revision) -> Bool {
    state.recipes.allSatisfy { recipe in
      revision.recipeBlobs[recipe.id] != nil
        && (try? repository.recipe(recipe.id, in: revision))?.digest == recipe.recipe.digest
    }
  }
}

/// Frames of another branch that a pass takes over, since that has the same recipes.
public struct BorrowedFrames: Sendable, Hashable {
  /// "origin/style"
  public let branch: String
  public internal(set) var frames = 0

  init(_ branch: String) { self.branch = branch }
}
