import FFmpeg
import Git2
import VidgitModel

/// One run of recipes over a range of frames: one commit.
///
/// Every result is remembered by (input, recipe id), so that an interrupted pass carries on where
/// it was (of a graph that looks at neighbours, at the beginning of its run of frames) and the same
/// pass elsewhere decodes nothing.
public struct FilterPass {
  private let options: FilterOptions

  public init(_ options: FilterOptions) {
    self.options = options
  }

  /// - Throws: `VidgitError`: not found for an unknown recipe, bad input for a graph that does not
  ///   work, refused for one that is not allowed, conflict for uncommitted changes, a branch that
  ///   exists, or a branch that moved meanwhile.
  public func run(progress: ProgressHandler = { _ in }) async throws -> FilterResult {
    let repository = try VideoRepository.open(at: options.directory, recovering: false)
    let lock = try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    var start: Revision?
    let target = try CommitTarget(repository, newBranch: options.branch) { base in
      let revision = try repository.revision(base)
      start = revision
      return options.request(ids: try RecipeShelf(repository, revision).ids(options))
    }
    if target.wasFinished { return FilterResult(finished: target) }

    let revision = try start ?? repository.revision(target.base)
    let shelf = RecipeShelf(repository, revision)
    let recipes = try shelf.prepare(options)
    let selection = try Selection(
      range: options.range, frames: options.frames, of: repository, revision)

    var pack = try VidgitError.git { try repository.git.packWriter() }
    let ledger = try Ledger(repository, recipes: recipes)
    let spending = try ledger.spending(within: options.budget, recipes)
    let state = PassState(repository, revision, selection, shelf: shelf, recipes: recipes)
    try PassCheck.repetition(state, options)
    do {
      if recipes.contains(where: \.isMotion) {
        try await SmoothPass(state, options, spending).run(into: &pack, progress)
      } else if recipes.contains(where: \.isSequence) {
        try await SequencePass(state, options).run(into: &pack, progress)
      } else {
        try await FramePass(state, options, spending).run(into: &pack, progress)
      }
    } catch {
      // Interrupted or failed: the next run carries on from what was done.
      try? state.keepResults()
      throw error
    }
    try state.writeClosed(into: &pack)
    try state.keepResults()
    return try commit(state, target, repository, ledger, &pack)
  }

  private func commit(
    _ state: PassState, _ target: CommitTarget, _ repository: VideoRepository,
    _ ledger: Ledger, _ pack: inout PackWriter
  ) throws -> FilterResult {
    var result = FilterResult(
      commit: nil, branch: target.branch, recipes: state.ids, selected: state.selection.count,
      changed: state.changed, made: state.made, reused: state.reused, wasFinished: false)
    result.borrowed = state.origins
    result.repeated = state.repeated
    result.notes = state.losses.notes
    guard state.changed > 0 else {
      result.branch = target.currentBranch ?? target.branch
      return result
    }
    let signature = try repository.signature(options.author)
    let costs = try ledger.costs(includesOpen: false)
    result.spent = PassCost.sums(of: costs)
    let message = try PassMessage(state, options, costs: costs).text
    let commit = try VidgitError.git {
      var changes: [String: ObjectID?] = state.newShards.mapValues { $0 }
      for recipe in state.recipes {
        changes[FileNames.filter(recipe.id)] = try pack.writeBlob(recipe.recipe.fileBytes())
      }
      let tree = try pack.updateTree(base: state.revision.tree, changes: changes)
      let commit = try pack.writeCommit(
        tree: tree, parents: [target.base], author: signature, committer: signature,
        message: message)
      try pack.flush()
      return commit
    }
    try ledger.assign(to: commit)
    try repository.publish(target.pending(commit), log: "filter", by: signature)
    result.commit = commit.hex
    return result
  }
}
