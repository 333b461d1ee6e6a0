import FFmpeg
import VidgitModel

/// The commit message of a pass: a line for people, the recipes in FFmpeg's notation, trailers.
struct PassMessage {
  let text: String

  init(_ state: PassState, _ options: FilterOptions, costs: [PassCost]) throws {
    let names = state.recipes.map(\.recipe.name).joined(separator: ", ")
    let range = options.range?.text ?? options.frames?.text
    let place = range.map { ", \($0)" } ?? ""
    var body = "Filter: \(names)\(place)\n\n"
    body += "\(state.changed) of \(state.selection.frameCount) frames changed.\n\n"
    for recipe in state.recipes {
      body += "\(recipe.recipe.name): \(GraphNotation.text(of: recipe.recipe))\n"
    }
    text = try VidgitError.model {
      try PassTrailers(
        pass: "filter", recipes: state.ids, range: range, made: state.made, reused: state.reused,
        engine: Self.engines(of: state.recipes), costs: costs
      ).message(body)
    }
  }

  /// Each engine once, in order.
  private static func engines(of recipes: [PreparedRecipe]) -> String {
    var names: [String] = []
    for recipe in recipes {
      let name =
        switch recipe {
        case .graph: LibraryVersions.filter
        case .command: "command"
        case .service: "http"
        case .motion: "motion"
        }
      if !names.contains(name) { names.append(name) }
    }
    return names.joined(separator: ", ")
  }
}
