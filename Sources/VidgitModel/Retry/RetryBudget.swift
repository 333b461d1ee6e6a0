/// Bounds retries of all calls together, so that a sick service is not met with many times the load:
/// every call earns a part of a retry, and a retry costs a whole one.
public struct RetryBudget: Sendable, Hashable {
  /// Tenths of a retry that a call earns.
  private let earned: Int
  private let most: Int
  private var tenths: Int

  /// - Parameters:
  ///   - tenths: what a call earns, in tenths of a retry: 2 is one retry for every five calls.
  ///   - reserve: retries that are there from the start, and the most that are ever saved up.
  public init(tenths: Int = 2, reserve: Int = 20) {
    self.earned = tenths
    self.most = reserve * 10
    self.tenths = reserve * 10
  }

  /// Whole retries that are left.
  public var left: Int { tenths / 10 }

  /// A call was made for the first time.
  public mutating func earn() { tenths = min(most, tenths + earned) }

  /// Takes a retry, or says that there is none left.
  public mutating func spend() -> Bool {
    guard tenths >= 10 else { return false }
    tenths -= 10
    return true
  }
}
