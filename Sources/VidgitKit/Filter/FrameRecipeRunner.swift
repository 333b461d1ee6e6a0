import FFmpeg
import Synchronization
import VidgitModel

/// Applies a recipe to single frames, on any number of tasks at once: each takes an instance of
/// the graph, which runs on that task's thread alone.
final class FrameRecipeRunner: Sendable {
  let prepared: PreparedGraph
  private let pools = Mutex<[FilterGraph.Input: Pool<Instance>]>([:])

  /// A frame's own times mean nothing to a recipe of scope "frame".
  private static let timebase = Ratio(1, 25)

  init(_ prepared: PreparedGraph) {
    self.prepared = prepared
  }

  /// The filtered frame.
  ///
  /// - Throws: `VidgitError` where the graph refuses, or does not give one frame for one frame.
  func apply(to frame: Frame) throws -> Frame {
    let input = FilterGraph.Input(frame, timebase: Self.timebase)
    let pool = pools.withLock { pools in
      if let pool = pools[input] { return pool }
      let pool = Pool<Instance>()
      pools[input] = pool
      return pool
    }
    return try pool.with {
      Instance(graph: try prepared.makeGraph(for: input))
    } _: { instance in
      try VidgitError.reading { try instance.apply(to: frame, recipe: prepared.recipe.name) }
    }
  }

  private final class Instance {
    private let graph: FilterGraph
    private var count: Int64 = 0

    init(graph: FilterGraph) {
      self.graph = graph
    }

    func apply(to frame: Frame, recipe: String) throws -> Frame {
      try graph.push(frame.with(pts: count, duration: 1))
      count += 1
      guard let result = try graph.pull(), try graph.pull() == nil else {
        throw VidgitError(
          .badInput, "the recipe '\(recipe)' does not give one frame for each frame",
          hint: "a recipe that looks at several frames needs \"scope\": \"sequence\"")
      }
      return result
    }
  }
}
