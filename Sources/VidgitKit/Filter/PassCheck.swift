import VidgitModel

/// What a pass with services is checked for before anything is sent.
enum PassCheck {
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

  /// What earlier runs of the pass spent.
  ///
  /// - Throws: where the budget says nothing about what the recipes cost.
  static func spent(
    _ ledger: Ledger, _ recipes: [PreparedRecipe], _ budget: Money?
  ) throws -> [Money] {
    guard let budget else { return PassCost.sums(of: try ledger.costs()) }
    for case .service(let service) in recipes {
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
    return PassCost.sums(of: try ledger.costs())
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
