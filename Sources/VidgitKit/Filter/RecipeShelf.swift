import VidgitModel

/// The recipes of one operation: those that are asked for, and those that lines name.
///
/// Not `Sendable`: it reads from the repository.
final class RecipeShelf {
  private let repository: VideoRepository
  private let revision: Revision
  private var prepared: [String: PreparedGraph] = [:]
  private var exact: [String: Bool] = [:]

  init(_ repository: VideoRepository, _ revision: Revision) {
    self.repository = repository
    self.revision = revision
  }

  /// All recipes of a pass, checked as far as that goes without a frame.
  ///
  /// - Throws: `VidgitError` for the first that may not or cannot be run, and for a parameter that
  ///   none of them has.
  func prepare(_ options: FilterOptions) throws -> [PreparedRecipe] {
    let palette = try repository.palette(defaultFolder: options.paletteFolder)
    let recipes = try options.recipes.map {
      try prepare(
        $0, palette: palette, parameters: options.parameters, variables: options.variables)
    }
    guard !recipes.isEmpty else {
      throw VidgitError(.usage, "a pass needs at least one recipe", hint: "`vidgit palette list`")
    }
    try PassCheck.parameters(options, of: recipes)
    return recipes
  }

  /// The ids of all recipes of a pass.
  func ids(_ options: FilterOptions) throws -> [String] {
    let palette = try repository.palette(defaultFolder: options.paletteFolder)
    return try options.recipes.map {
      try $0.find(in: repository, revision, palette: palette).with(options.parameters).recipe.id
    }
  }

  /// A recipe that the user asks for.
  ///
  /// - Parameters:
  ///   - parameters: the user's, in place of a service's.
  ///   - variables: the caller's, of which programs and services get what their recipes name.
  func prepare(
    _ source: RecipeSource, palette: Palette, parameters: [RecipeParameter],
    variables: [String: String]
  ) throws -> PreparedRecipe {
    let found = try source.find(in: repository, revision, palette: palette).with(parameters)
    switch found.recipe.engine {
    case .command:
      return .command(
        try CommandGate(repository, revision).admit(found, variables: variables))
    case .http:
      return .service(
        try ServiceGate(repository, revision).admit(found, variables: variables))
    case .motion(let motion): return .motion(found.recipe, motion)
    case .graph, .other: break
    }
    let recipe = try GraphCompiler.prepare(found.recipe)
    prepared[recipe.id] = recipe
    exact[recipe.id] = recipe.isExact
    // Say now what libavfilter would say at the first frame.
    _ = try recipe.makeGraph(for: revision.header.graphInput)
    return .graph(recipe)
  }

  /// A recipe that a line names.
  func prepared(_ id: String) throws -> PreparedGraph {
    if let known = prepared[id] { return known }
    let recipe = try GraphCompiler.prepare(repository.recipe(id, in: revision))
    prepared[id] = recipe
    return recipe
  }

  /// Whether a recipe that a line names can be applied again with the same result. One that this
  /// version cannot run, or may not, cannot.
  func isExact(_ id: String) -> Bool {
    if let known = exact[id] { return known }
    let answer = (try? prepared(id))?.isExact ?? false
    exact[id] = answer
    return answer
  }

  /// Why frames cannot be made by a recipe that a line names; nil where they can.
  func obstacle(_ id: String) -> VidgitError? {
    do {
      var trust = ""
      // One of the pass itself is not in the revision yet.
      let engine = try (prepared[id]?.recipe ?? repository.recipe(id, in: revision)).engine
      switch engine {
      case .command, .http: trust = "; one that came along needs `vidgit trust \(id)` first"
      case .motion: break
      case .graph, .other: if try prepared(id).isExact { return nil }
      }
      return VidgitError(
        .notFound, "what the recipe '\(id)' made is not in the local store",
        hint:
          "it cannot be made again bit for bit: fetch the objects from where they were made, or "
          + "make others with `vidgit filter \(id)`\(trust)")
    } catch {
      return error as? VidgitError ?? VidgitError(.system, "\(error)", underlying: error)
    }
  }

  /// The recipes by which the lines of a selection can be made: all of theirs that are exact.
  func recipesOfLines(in selection: Selection) throws -> LineRecipes {
    var recipes = LineRecipes()
    var chains: Set<[String]> = []
    for (index, shard) in revision.shards.enumerated() {
      let chosen = selection.lines(ofShard: index)
      if chosen.isEmpty { continue }
      let lines = try repository.lines(of: shard, in: revision)
      for place in chosen where !lines[place].filters.isEmpty {
        guard chains.insert(lines[place].filters).inserted else { continue }
        for id in lines[place].filters {
          if let obstacle = obstacle(id) {
            recipes.obstacles[id] = obstacle
          } else {
            recipes.prepared[id] = try prepared(id)
          }
        }
      }
    }
    return recipes
  }
}

/// What the recipes that lines name come to, by id.
struct LineRecipes: Sendable {
  /// Those by which frames can be made.
  var prepared: [String: PreparedGraph] = [:]
  /// Why frames cannot be made by the others, which stand only for objects.
  var obstacles: [String: VidgitError] = [:]
}
