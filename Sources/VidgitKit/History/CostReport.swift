import Git2
public import VidgitModel

/// What the passes of a history cost.
public struct CostReport {
  /// What one recipe, or all of a branch, has cost.
  public struct Item: Sendable {
    /// A recipe's id, or a branch's name; nil for costs that no recipe is named for.
    public let name: String?
    public let amount: Money
    /// Calls that were paid for, as far as the commits say.
    public let calls: Int
  }

  /// By recipe, all revisions together; a commit that two branches share counts once.
  public let recipes: [Item]
  /// By branch, everything behind its tip: shared commits count in each.
  public let branches: [Item]
  /// Paid in this clone, and told by no commit: by passes that did not come to their end.
  public let uncommitted: [Item]
  /// Calls of this clone to services whose recipes do not say what one costs.
  public let unpriced: [(recipe: String, calls: Int)]
  /// By currency, of all commits looked at.
  public let total: [Money]

  /// - Parameter spec: the revision whose history is read; nil takes all branches.
  /// - Throws: `VidgitError`: not found for an unknown revision.
  public init(directory: String, revision spec: String?) throws {
    let repository = try VideoRepository.open(at: directory)
    var tips: [(name: String?, commit: ObjectID)] = []
    if let spec {
      tips = [(nil, try repository.commit(spec))]
    } else {
      tips = try VidgitError.git { try repository.git.branches() }.map { ($0.name, $0.commit) }
    }
    var known: [ObjectID: [PassCost]] = [:]
    var branches: [Item] = []
    for tip in tips {
      var ofBranch: [PassCost] = []
      try VidgitError.git {
        var history = try repository.git.history(from: tip.commit)
        while let commit = try history.next() {
          let costs = known[commit.id] ?? PassTrailers(parsing: commit.message)?.costs ?? []
          known[commit.id] = costs
          ofBranch += costs
        }
      }
      guard let name = tip.name else { continue }
      branches += Self.items(ofBranch) { _ in name }
    }
    let all = known.values.flatMap(\.self)
    self.branches = branches
    recipes = Self.items(all) { $0.recipe }
    uncommitted = Self.items(try Ledger.costs(repository.database, includesOpen: true)) {
      $0.recipe
    }
    unpriced = try Ledger.unpricedCalls(repository.database)
    total = PassCost.sums(of: all)
  }

  /// Sums by name and currency, the dearest first.
  private static func items(
    _ costs: [PassCost], by name: (PassCost) -> String?
  ) -> [Item] {
    struct Group: Hashable {
      let name: String?
      let currency: String
    }
    return Dictionary(grouping: costs) { Group(name: name($0), currency: $0.amount.currency) }
      .map { group, costs in
        Item(
          name: group.name,
          amount: costs.dropFirst().reduce(costs[0].amount) { $0 + $1.amount },
          calls: costs.reduce(0) { $0 + ($1.calls ?? 0) })
      }
      .sorted { ($1.amount.nanos, $0.name ?? "") < ($0.amount.nanos, $1.name ?? "") }
  }
}
