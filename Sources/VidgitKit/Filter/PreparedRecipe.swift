import VidgitModel

/// A recipe of a pass that may be run, by the engine that runs it.
enum PreparedRecipe: Sendable {
  case graph(PreparedGraph)
  case command(PreparedCommand)
  case service(PreparedService)
  case motion(Recipe, MotionRecipe)

  var recipe: Recipe {
    switch self {
    case .graph(let graph): graph.recipe
    case .command(let command): command.recipe
    case .service(let service): service.recipe
    case .motion(let recipe, _): recipe
    }
  }

  var id: String { recipe.id }

  var isSequence: Bool { recipe.scope == .sequence }

  var isMotion: Bool {
    if case .motion = self { true } else { false }
  }

  /// The same pixels on every machine, from the one input frame: its results need no storage.
  var isExact: Bool {
    if case .graph(let graph) = self { graph.isExact } else { false }
  }

  /// What another engine than vidgit's own makes, for money or for minutes, is kept as soon as it
  /// is there.
  var isCostly: Bool {
    switch self {
    case .command, .service: true
    case .graph, .motion: false
    }
  }
}
