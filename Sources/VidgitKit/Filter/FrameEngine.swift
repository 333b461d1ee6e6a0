import FFmpeg
import VidgitModel

/// Runs one recipe of scope "frame", on any number of frames at once.
protocol FrameEngine: Sendable {
  /// The engine puts what it makes on record itself.
  var keepsResults: Bool { get }

  /// Takes up what an earlier run has left, before the first frame.
  func begin() async throws

  /// The filtered frame and its key. Blocking work is done off the cooperative pool.
  ///
  /// - Parameter key: that of `frame`.
  /// - Throws: `FrameFailure` where this frame cannot be made and others may be; everything else
  ///   ends the pass.
  func apply(to frame: Frame, key: FrameKey) async throws -> (frame: Frame, key: FrameKey)

  /// Ends whatever is kept running between frames, after the last one.
  ///
  /// - Parameter isFinished: all frames are made; else everything ends at once.
  /// - Throws: `UnreliableResults` where it shows that what was made cannot be trusted.
  func close(isFinished: Bool) async throws
}

extension FrameEngine {
  var keepsResults: Bool { false }
  func begin() async throws {}
}

/// A frame that an engine could not make; those around it are kept.
struct FrameFailure: Error {
  /// One sentence for a person that names the recipe.
  let reason: String
}

/// An engine's results may belong to other frames than they were taken for.
struct UnreliableResults: Error {
  let recipe: String
  let reason: String
}

/// The engine "graph": libavfilter.
struct GraphEngine: FrameEngine {
  let runner: FrameRecipeRunner
  /// Seconds that one frame may take.
  let patience: Double

  func apply(to frame: Frame, key: FrameKey) async throws -> (frame: Frame, key: FrameKey) {
    let ids = [runner.prepared.id]
    return try await withDeadline(
      seconds: patience, timeout: { [patience] in FrameMaker.tooSlow(ids, patience) }
    ) { [runner] in
      let result = try runner.apply(to: frame)
      return (result, result.key)
    }
  }

  func close(isFinished: Bool) {}
}
