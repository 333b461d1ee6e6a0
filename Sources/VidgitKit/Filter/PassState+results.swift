import FFmpeg
import VidgitModel

extension PassState {
  /// What the recipes of the pass are known to make of each line; nil where that is not known, or
  /// its pixels are gone.
  func results(of lines: [FrameLine]) throws -> [FrameKey?] {
    try LineReader(self).results(of: lines)
  }

  /// Makes what the pass has made of frames, before any revision has their lines.
  func makerOfResults(patience: Double) throws -> FrameMaker {
    var known = try shelf.recipesOfLines(in: selection)
    for recipe in recipes {
      if case .graph(let graph) = recipe, graph.isExact {
        known.prepared[recipe.id] = graph
      } else {
        known.obstacles[recipe.id] = VidgitError(
          .notFound, "what the recipe '\(recipe.id)' made is not in the local store",
          hint: "something else removes objects meanwhile; run the same command again")
      }
    }
    return FrameMaker(repository, revision, recipes: known, patience: patience)
  }
}
