import FFmpeg
import VidgitModel

/// Turns a recipe's graph into what libavfilter gets, and refuses what the policy does not allow.
///
/// Deny by default: a filter without a policy, an option that libavfilter does not have, a text
/// that the policy does not list, and a value that is more than a plain one are refused.
enum GraphCompiler {
  static let safetyHint =
    "recipes travel between strangers, so they may use only what cannot do harm or take for ever"

  static func prepare(_ recipe: Recipe) throws -> PreparedGraph {
    let deed: String? =
      switch recipe.engine {
      case .command: "runs a program"
      case .http: "calls a service"
      case .graph, .motion, .other: nil
      }
    if let deed {
      throw VidgitError(
        .refused, "the recipe '\(recipe.name)' \(deed), which only `vidgit filter` does",
        hint: "try it on a few frames: `vidgit filter \(recipe.name) --frames 0,1 -b try`")
    }
    if case .motion = recipe.engine {
      throw VidgitError(
        .refused,
        "the recipe '\(recipe.name)' blends neighbours along the motion of the source, which only "
          + "`vidgit filter` does",
        hint: "`vidgit filter RECIPE --smooth N` makes a pass with it")
    }
    guard case .graph(let graph) = recipe.engine else {
      throw VidgitError(
        .refused,
        "the recipe '\(recipe.name)' uses the engine '\(recipe.engine.name)', which this "
          + "version of vidgit cannot run",
        hint: "recipes of the engines \"graph\", \"command\", \"http\" and \"motion\" can be run")
    }
    var isExact = recipe.scope == .frame
    var needsSequence: String?
    var nodes: [FFmpeg.FilterGraph.Node] = []
    for node in graph.nodes {
      let ruling = try check(node)
      if ruling.determinism == .inexact { isExact = false }
      if ruling.scope == .sequence { needsSequence = node.filter }
      nodes.append(.init(node.filter, node.options.map { ($0.name, $0.value.text) }))
    }
    if let filter = needsSequence, recipe.scope == .frame {
      throw VidgitError(
        .badInput,
        "the recipe '\(recipe.name)' says that it looks at single frames, but its filter "
          + "'\(filter)' depends on others", hint: "set its scope to \"sequence\"")
    }
    return PreparedGraph(
      recipe: recipe, id: recipe.id, nodes: nodes,
      links: graph.links.map {
        .init(from: $0.from.node, fromPad: $0.from.index, to: $0.to.node, toPad: $0.to.index)
      },
      isExact: isExact)
  }

  /// The scope that a graph needs: "sequence" where any filter looks at other frames.
  static func scope(of graph: VidgitModel.FilterGraph) throws -> Recipe.Scope {
    try graph.nodes.contains { try check($0).scope == .sequence } ? .sequence : .frame
  }

  /// Functions whose last bit is the C library's own affair.
  private static let transcendental: Set = [
    "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "exp", "log",
    "pow", "hypot",
  ]

  private static func usesMathLibrary(_ node: GraphNode, _ policy: FilterPolicy) -> Bool {
    node.options.contains { option in
      guard case .expression(let variables, let perFrame)? = policy.texts[option.name],
        let usage = try? Expression.inspect(
          option.value.text, variables: Set(variables + perFrame))
      else { return false }
      return !usage.functions.isDisjoint(with: transcendental)
    }
  }

  /// Checks one filter and its options.
  ///
  /// - Throws: `VidgitError`: refused by policy, bad input for what libavfilter does not know.
  private static func check(_ node: GraphNode) throws -> FilterPolicy.Ruling {
    guard let info = FilterInfo(name: node.filter) else {
      throw VidgitError(
        .badInput, "there is no filter '\(node.filter)' in this libavfilter",
        hint: "`ffmpeg -filters` lists them")
    }
    guard let policy = FilterPolicy.named(node.filter) else {
      throw VidgitError(
        .refused,
        "the filter '\(node.filter)' is not allowed in a recipe: "
          + (FilterPolicy.refusal(of: node.filter) ?? "it is unknown"),
        hint: safetyHint)
    }
    var values: [String: String] = [:]
    for option in node.options {
      guard let known = info.option(named: option.name) else {
        let names = info.order.filter { !policy.isRefused($0) }.joined(separator: ", ")
        throw VidgitError(
          .badInput, "the filter '\(node.filter)' has no option '\(option.name)'",
          hint: names.isEmpty ? "it has no options" : "it has: \(names)")
      }
      values[known.canonicalName] = option.value.text
      try OptionRules.check(option.value.text, of: known, policy: policy)
    }
    var ruling = policy.ruling(on: values)
    if usesMathLibrary(node, policy) { ruling.determinism = .inexact }
    if let refusal = ruling.refusal {
      throw VidgitError(.refused, refusal, hint: safetyHint)
    }
    return ruling
  }
}
