/// What one recipe of a pass cost: the value of a `Vidgit-Cost` trailer.
public struct PassCost: Hashable, Sendable {
  public var amount: Money
  /// The recipe's id; nil where the trailer names none.
  public var recipe: String?
  /// Calls that were paid for.
  public var calls: Int?

  public init(amount: Money, recipe: String?, calls: Int?) {
    self.amount = amount
    self.recipe = recipe
    self.calls = calls
  }

  /// More than anybody makes, and small enough for every sum.
  private static let mostCalls = 1_000_000_000

  /// "1.15 USD, recipe=deep-3f2a9c1d0b7e, calls=500"
  public var text: String {
    var text = amount.description
    if let recipe { text += ", recipe=\(recipe)" }
    if let calls { text += ", calls=\(calls)" }
    return text
  }

  /// Reads the same; nil where it does not begin with an amount. A stranger may have written it.
  public init?(text: String) {
    let parts = text.split(separator: ",").map { $0.drop { $0 == " " } }
    guard let first = parts.first, let amount = Money(text: String(first)) else { return nil }
    self.init(amount: amount, recipe: nil, calls: nil)
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else { continue }
      if pair[0] == "recipe", Recipe.isID(pair[1]) { recipe = pair[1] }
      if pair[0] == "calls", let count = Int(pair[1]), (0...Self.mostCalls).contains(count) {
        calls = count
      }
    }
  }
}
