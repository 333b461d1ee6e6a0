import VidgitModel

/// What a pass with services is checked for before anything is sent.
enum PassCheck {
  /// Nobody pays a service twice for the same look without saying so.
  ///
  /// - Throws: `VidgitError`: conflict where frames of the selection carry a service's recipe already.
  static func repetition(_ state: PassState, _ options: FilterOptions) throws {
    let ids = state.recipes.compactMap { recipe in
      if case .service(let service) = recipe { service.id } else { nil }
    }
    guard !ids.isEmpty, !options.appliesAgain else { return }
    var count = 0
    for (index, shard) in state.revision.shards.enumerated() {
      let chosen = state.selection.lines(ofShard: index)
      if chosen.isEmpty { continue }
      let lines = try state.repository.lines(of: shard, in: state.revision)
      count += chosen.count { !lines[$0].filters.allSatisfy { !ids.contains($0) } }
    }
    guard count == 0 else {
      throw VidgitError(
        .conflict,
        Counted.text(count, "frame carries", "frames carry")
          + " '\(ids.joined(separator: "', '"))' already, and would be sent and paid for once more",
        hint: "`vidgit switch` to a variant without it, or say --again to have it applied twice")
    }
  }

  /// Every parameter must be one that some recipe has.
  static func parameters(_ options: FilterOptions, of recipes: [PreparedRecipe]) throws {
    for parameter in options.parameters {
      let isKnown = recipes.contains { recipe in
        if case .service(let service) = recipe {
          service.http.parameters[parameter.name] != nil
        } else {
          false
        }
      }
      guard isKnown else {
        throw VidgitError(
          .usage, "no recipe of this pass has the parameter '\(parameter.name)'",
          hint: "the 'params' of a recipe for a service name what it takes")
      }
    }
  }
}

extension Ledger {
  /// What a pass may spend, and what earlier runs of it have spent already.
  ///
  /// - Throws: `VidgitError`: usage where the budget says nothing about what the recipes cost.
  func spending(within budget: Money?, _ recipes: [PreparedRecipe]) throws -> Spending {
    for case .service(let service) in recipes {
      guard let budget else { break }
      guard let price = service.http.price else {
        throw VidgitError(
          .usage,
          "the recipe '\(service.recipe.name)' does not say what a call costs, so that no "
            + "budget can hold it",
          hint: "write its price into the recipe: \"cost\": {\"per\": \"image\", \"amount\": "
            + "\"0.0023\", \"currency\": \"USD\"}")
      }
      guard price.amount.currency == budget.currency else {
        throw VidgitError(
          .usage,
          "the budget is in \(budget.currency), and '\(service.recipe.name)' costs "
            + price.amount.currency,
          hint: "name the budget in \(price.amount.currency)")
      }
    }
    return Spending(budget: budget, spent: PassCost.sums(of: try costs(includesOpen: true)))
  }
}

extension PassCost {
  /// By currency, in the order of their names.
  static func sums(of costs: [PassCost]) -> [Money] {
    var sums: [String: Money] = [:]
    for cost in costs {
      let currency = cost.amount.currency
      sums[currency] = (sums[currency] ?? .zero(currency)) + cost.amount
    }
    return sums.values.sorted { $0.currency < $1.currency }
  }
}
