import FFmpeg
import VidgitModel

/// The recipes of a pass, applied to one frame after another of any task.
final class FilterSteps: Sendable {
  /// What became of one frame.
  struct Outcome: Sendable {
    /// The key of what each recipe made, in order, from the first one that was applied.
    var keys: [FrameKey]
    /// Why the recipe after those could not make its frame.
    var failure: FrameFailure?
  }

  private let recipes: [PreparedRecipe]
  private let engines: [any FrameEngine]
  private let objects: ObjectStore
  private let log: ResultLog

  /// - Parameter engines: one for each recipe.
  init(
    _ recipes: [PreparedRecipe], engines: [any FrameEngine], objects: ObjectStore, log: ResultLog
  ) {
    self.recipes = recipes
    self.engines = engines
    self.objects = objects
    self.log = log
  }

  /// Applies the recipes from number `first` on.
  ///
  /// The last frame is stored where it cannot be made again, and so is every one that took another
  /// program: those results are on record when this returns, whatever becomes of the pass.
  ///
  /// - Parameter key: the frame's own.
  func apply(
    to frame: Frame, key: FrameKey, from first: Int, storesResult: Bool
  ) async throws -> Outcome {
    var outcome = Outcome(keys: [])
    var (frame, input) = (frame, key)
    for index in recipes.indices.dropFirst(first) {
      let made: (frame: Frame, key: FrameKey)
      do {
        made = try await engines[index].apply(to: frame, key: input)
      } catch let failure as FrameFailure {
        outcome.failure = failure
        return outcome
      }
      let isCostly = recipes[index].isCostly
      // A frame that stays what it was is still made from its medium.
      let isStored =
        made.key != key && (isCostly || (storesResult && index == recipes.count - 1))
      if isStored {
        try await blocking { [objects] in try objects.put(made.frame, key: made.key) }
      }
      if isCostly, !engines[index].keepsResults {
        try await log.record(made.key, of: recipes[index].id, for: input)
      }
      outcome.keys.append(made.key)
      (frame, input) = made
    }
    return outcome
  }

  /// Takes up what earlier runs have left.
  func begin() async throws {
    for engine in engines { try await engine.begin() }
  }

  /// Ends what the engines keep running.
  func close(isFinished: Bool) async throws {
    for engine in engines { try await engine.close(isFinished: isFinished) }
  }
}
