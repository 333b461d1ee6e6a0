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
    for id in ids {
      if let obstacle = shelf.obstacle(id) {
        known.obstacles[id] = obstacle
      } else {
        known.prepared[id] = try shelf.prepared(id)
      }
    }
    return FrameMaker(repository, revision, recipes: known, patience: patience)
  }
}
