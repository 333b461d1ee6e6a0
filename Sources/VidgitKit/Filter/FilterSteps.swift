import FFmpeg
import VidgitModel

/// The recipes of a pass, applied to one frame after another of any task.
final class FilterSteps: Sendable {
  private let runners: [FrameRecipeRunner]
  private let objects: ObjectStore
  private let patience: Double

  init(_ recipes: [PreparedRecipe], objects: ObjectStore, patience: Double) {
    runners = recipes.map { FrameRecipeRunner($0) }
    self.objects = objects
    self.patience = patience
  }

  /// The key of what each recipe made, in order. The last frame is stored where it cannot be made
  /// again.
  func apply(to frame: Frame, storesResult: Bool) async throws -> [FrameKey] {
    let ids = runners.map(\.prepared.id)
    return try await withDeadline(
      seconds: patience, timeout: { [patience] in FrameMaker.tooSlow(ids, patience) }
    ) { [runners, objects] in
      let input = storesResult ? frame.key : nil
      var frame = frame
      var keys: [FrameKey] = []
      for runner in runners {
        frame = try runner.apply(to: frame)
        keys.append(frame.key)
      }
      // A frame that stays what it was is still made from its medium.
      if storesResult, keys.last != input { try objects.put(frame, key: keys.last!) }
      return keys
    }
  }
}
