import Synchronization
import VidgitModel

/// What a pass may spend on calls, has spent, and has under way.
final class Spending: Sendable {
  private struct State {
    /// By currency.
    var spent: [String: Int64] = [:]
    var reserved: [String: Int64] = [:]
    var inFlight = 0
  }

  /// The most that may be spent; nil for no limit.
  let budget: Money?
  private let state: Mutex<State>

  /// - Parameter spent: by earlier runs of the same pass, which came to no commit.
  init(budget: Money?, spent: [Money]) {
    self.budget = budget
    var sums: [String: Int64] = [:]
    for money in spent { sums[money.currency, default: 0] += money.nanos }
    state = Mutex(State(spent: sums))
  }

  /// Takes a call's estimate out of the budget, before it is sent.
  ///
  /// - Throws: `VidgitError`: refused where the budget does not allow it.
  func reserve(_ estimate: Money?) throws {
    let shortage: Money? = state.withLock { state in
      if let estimate {
        let sum =
          (state.spent[estimate.currency] ?? 0) + (state.reserved[estimate.currency] ?? 0)
        if let budget, budget.currency == estimate.currency, sum + estimate.nanos > budget.nanos {
          return Money(nanos: state.spent[estimate.currency] ?? 0, currency: estimate.currency)
        }
        state.reserved[estimate.currency, default: 0] += estimate.nanos
      }
      state.inFlight += 1
      return nil
    }
    guard let shortage, let estimate, let budget else { return }
    throw VidgitError(
      .refused,
      "the budget of \(budget) is used up: \(shortage) spent, and the next call may cost \(estimate)",
      hint: "nothing was committed, and what was made is kept; the same command with a larger "
        + "--budget carries on, and --range takes a part of the frames")
  }

  /// A call of an earlier run is taken up, whose estimate counts as spent already.
  func resume() { state.withLock { $0.inFlight += 1 } }

  /// A call has ended, and cost this.
  ///
  /// - Parameter resumed: its estimate counts as spent, and not as reserved.
  func settle(_ estimate: Money?, actual: Money?, resumed: Bool) {
    state.withLock { state in
      if let estimate, resumed { state.spent[estimate.currency]! -= estimate.nanos }
      if let estimate, !resumed { state.reserved[estimate.currency]! -= estimate.nanos }
      if let actual { state.spent[actual.currency, default: 0] += actual.nanos }
      state.inFlight -= 1
    }
  }

  var inFlight: Int { state.withLock(\.inFlight) }

  /// By currency, in the order of their names.
  var spent: [Money] {
    state.withLock { state in
      state.spent.sorted { $0.key < $1.key }.map { Money(nanos: $0.value, currency: $0.key) }
    }
  }
}
