import Testing
import VidgitModel

@testable import VidgitKit

@Suite struct SpendingTests {
  private let call = Money(text: "1USD")!

  @Test func aBudgetIsNeverPassed() throws {
    let spending = Spending(budget: Money(text: "3USD"), spent: [Money(text: "1USD")!])
    #expect(try spending.reserve(call))
    #expect(try spending.reserve(call))
    // The two on their way may yet cost nothing.
    #expect(try !spending.reserve(call))
    spending.settle(call, actual: nil, resumed: false)
    #expect(try spending.reserve(call))
    spending.settle(call, actual: call, resumed: false)
    spending.settle(call, actual: call, resumed: false)
    #expect(spending.spent == [Money(text: "3USD")!])
    #expect(throws: VidgitError.self) { try spending.reserve(call) }
    #expect(spending.inFlight == 0)
  }

  /// A service may say that it took any number of seconds.
  @Test func sumsHaveNoEnd() throws {
    let most = Money(nanos: .max, currency: "USD")
    let spending = Spending(budget: nil, spent: Array(repeating: most, count: 20))
    for _ in 0..<20 {
      #expect(try spending.reserve(most))
      spending.settle(most, actual: most, resumed: false)
    }
    #expect(spending.spent[0].nanos == Money.most)
  }

  @Test func aStrangersTrailerMakesNoSumTooLarge() {
    #expect(PassCost(text: "5USD, calls=9223372036854775807")?.calls == nil)
    #expect(PassCost(text: "5USD, calls=12")?.calls == 12)
  }
}
