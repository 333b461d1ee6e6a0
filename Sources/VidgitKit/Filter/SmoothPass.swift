import FFmpeg
import Foundation
import Git2
import VidgitModel

/// Recipes that look at one frame at a time, and then every frame blended with its neighbours along
/// the motion of the source.
///
/// What the recipes make is remembered as in any pass. A blended frame is stored, and found again by
/// all that it was made of, so that an interrupted pass goes on where it was.
struct SmoothPass {
  private let state: PassState
  private let options: FilterOptions
  private let radius: Int
  private let recipe: PreparedRecipe
  private let spending: Spending

  /// Pixels across of the pictures in which motion is looked for.
  private static let widest = 640

  /// - Throws: `VidgitError`: usage where the recipe of the engine "motion" is not the last one, or
  ///   another one looks at several frames too.
  init(_ state: PassState, _ options: FilterOptions, _ spending: Spending) throws {
    self.state = state
    self.spending = spending
    self.options = options
    guard let recipe = state.recipes.last, case .motion(_, let motion) = recipe else {
      throw Self.mustBeLast(state.recipes.first(where: \.isMotion)!)
    }
    if let other = state.recipes.dropLast().first(where: \.isSequence) {
      guard !other.isMotion else { throw Self.mustBeLast(other) }
      throw VidgitError(
        .usage, "'\(other.id)' looks at several frames, and so does '\(recipe.id)'",
        hint: "make two passes of it: the second one can be `vidgit filter --smooth N`")
    }
    self.recipe = recipe
    radius = motion.radius
  }

  static func mustBeLast(_ recipe: PreparedRecipe) -> VidgitError {
    VidgitError(
      .usage, "'\(recipe.id)' blends neighbours, and must be the last recipe of its pass",
      hint: "make a second pass for what comes after it")
  }

  func run(into pack: inout PackWriter, _ progress: ProgressHandler) async throws {
    let inner = PassState(
      state.repository, state.revision, state.selection, shelf: state.shelf,
      recipes: state.recipes.dropLast())
    inner.writesShards = false
    if !inner.recipes.isEmpty {
      do {
        try await FramePass(inner, options, spending).run(into: &pack, progress)
      } catch {
        try? inner.keepResults()
        throw error
      }
      try inner.keepResults()
    }
    let frames = SmoothFrames(
      state.repository, state.revision,
      maker: try inner.makerOfResults(patience: options.patience), widest: Self.widest,
      jobs: options.jobs)
    for run in state.selection.runs {
      try await smooth(SmoothRun(run, of: inner), frames, into: &pack, progress)
    }
  }

  private func smooth(
    _ run: SmoothRun, _ frames: SmoothFrames, into pack: inout PackWriter,
    _ progress: ProgressHandler
  ) async throws {
    let batchSize = max(2, options.jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    var positions = state.selection.shards(of: run.frames).flatMap { shard in
      shard.lines.map { PassState.Position(shard: shard.index, line: $0) }
    }[...]
    for start in stride(from: 0, to: run.lines.count, by: Self.lookUp) {
      let places = start..<min(start + Self.lookUp, run.lines.count)
      let keys = places.map { run.key(of: $0, radius: radius) }
      var outputs = try known(keys, run, places)
      let isKnown = outputs.map { $0 != nil }
      var unknown = places.filter { !isKnown[$0 - start] }[...]
      for place in places {
        if outputs[place - start] == nil {
          let batch = unknown.prefix(batchSize)
          unknown.removeFirst(batch.count)
          let made = try await frames.blend(Array(batch), of: run, radius: radius)
          for (place, output) in zip(batch, made) {
            outputs[place - start] = output
            try state.cache.remember(output, of: recipe.id, for: keys[place - start])
          }
        }
        let position = positions.removeFirst()
        try state.begin(shard: position.shard)
        try state.record(
          outputs[place - start]!, at: position, isReused: isKnown[place - start], into: &pack)
        progress(
          OperationProgress(phase: "smooth", done: state.finished, total: state.selection.count))
      }
    }
  }

  /// Results that are looked up at once.
  private static let lookUp = 1000

  /// What is known and stored.
  private func known(
    _ keys: [FrameKey], _ run: SmoothRun, _ places: Range<Int>
  ) throws -> [FrameKey?] {
    try Task.checkCancellation()
    let objects = state.repository.objects
    return zip(try state.cache.results(of: recipe.id, for: keys), places).map { output, place in
      output.flatMap { $0 == run.inputs[place] || objects.has($0) ? $0 : nil }
    }
  }
}
