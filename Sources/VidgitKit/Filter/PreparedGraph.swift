import FFmpeg
import VidgitModel

/// A graph recipe that has passed the policy and is ready for libavfilter.
struct PreparedGraph: Sendable {
  let recipe: Recipe
  let id: String
  let nodes: [FilterGraph.Node]
  let links: [FilterGraph.Link]
  /// The same pixels on every machine, from the one input frame: its results need no storage.
  let isExact: Bool

  var isSequence: Bool { recipe.scope == .sequence }

  /// Configures a graph.
  ///
  /// - Throws: `VidgitError` with libavfilter's own words where it refuses.
  func makeGraph(for input: FilterGraph.Input) throws -> FilterGraph {
    do {
      return try FilterGraph(nodes: nodes, links: links, input: input)
    } catch {
      throw VidgitError(
        .badInput,
        "the recipe '\(recipe.name)' does not work on \(input.width)x\(input.height) "
          + "\(input.pixelFormat.name) pictures: cannot \(error.operation): \(error.words)",
        hint: "`ffmpeg -h filter=NAME` tells a filter's options and their ranges", underlying: error
      )
    }
  }
}
