import Synchronization
import VidgitModel

/// What a pass may spend on calls, has spent, and has under way.
final class Spending: Sendable {
  private struct State {
    /// By currency.
    var spent: [String: Int128] = [:]
    var reserved: [String: Int128] = [:]
    var inFlight = 0
  }

  /// The most that may be spent; nil for no limit.
  let budget: Money?
  private let state: Mutex<State>

  /// - Parameter spent: by earlier runs of the same pass, which came to no commit.
  init(budget: Money?, spent: [Money]) {
    self.budget = budget
    var sums: [String: Int128] = [:]
    for money in spent { sums[money.currency, default: 0] += Int128(money.nanos) }
    state = Mutex(State(spent: sums))
  }

  /// Takes a call's estimate out of the budget, before it is sent.
  ///
  /// - Returns: false where the budget allows it only if calls on their way cost less than thought.
  /// - Throws: `VidgitError`: refused where the budget does not allow it.
  func reserve(_ estimate: Money?) throws -> Bool {
    let (isTaken, spent): (Bool, Money?) = state.withLock { state in
      guard let estimate else {
        state.inFlight += 1
        return (true, nil)
      }
      let (currency, spent) = (estimate.currency, state.spent[estimate.currency] ?? 0)
      let reserved = state.reserved[currency] ?? 0
      if let budget, budget.currency == currency,
        spent + reserved + Int128(estimate.nanos) > Int128(budget.nanos)
      {
        return (false, reserved > 0 ? nil : Self.money(spent, currency))
      }
      state.reserved[currency, default: 0] += Int128(estimate.nanos)
      state.inFlight += 1
      return (true, nil)
    }
    guard let spent, let estimate, let budget else { return isTaken }
    throw VidgitError(
      .refused,
      "the budget of \(budget) is used up: \(spent) spent, and the next call may cost \(estimate)",
      hint:
        "calls of this recipe that no commit tells of yet count. Nothing was committed, and what "
        + "was made is kept; the same command with a larger --budget carries on, and --range takes "
        + "a part of the frames")
  }

  /// A call of an earlier run is taken up, whose estimate counts as spent already.
  func resume() { state.withLock { $0.inFlight += 1 } }

  /// A call has ended, and cost this.
  ///
  /// - Parameter resumed: its estimate counts as spent, and not as reserved.
  func settle(_ estimate: Money?, actual: Money?, resumed: Bool) {
    state.withLock { state in
      if let estimate, resumed {
        state.spent[estimate.currency, default: 0] -= Int128(estimate.nanos)
      }
      if let estimate, !resumed {
        state.reserved[estimate.currency, default: 0] -= Int128(estimate.nanos)
      }
      if let actual { state.spent[actual.currency, default: 0] += Int128(actual.nanos) }
      state.inFlight -= 1
    }
  }

  var inFlight: Int { state.withLock(\.inFlight) }

  private static func money(_ nanos: Int128, _ currency: String) -> Money {
    Money(nanos: Int64(clamping: nanos), currency: currency)
  }

  /// By currency, in the order of their names.
  var spent: [Money] {
    state.withLock { state in
      state.spent.sorted { $0.key < $1.key }.map { Self.money($0.value, $0.key) }
    }
  }
}
