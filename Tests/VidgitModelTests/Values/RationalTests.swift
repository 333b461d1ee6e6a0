import Testing

@testable import VidgitModel

@Suite struct RationalTests {
  @Test func comparesByValue() {
    #expect(Rational(1, 2) == Rational(2, 4))
    #expect(Set([Rational(1, 2), Rational(2, 4)]).count == 1)
    #expect(Rational(.max, 1) > Rational(.max - 1, 1))
    #expect(Rational(.min, 1) < Rational(.max, .max))
    #expect(Rational(1001, 30000) < Rational(1001, 29999))
  }

  @Test func arithmeticIsExact() throws {
    #expect(try Rational(1, 3).adding(Rational(1, 6)) == Rational(1, 2))
    #expect(try Rational(.max, 2).multiplied(by: Rational(2, .max)) == Rational(1, 1))
    #expect(try Rational(.max, 6).adding(Rational(.min, 6)) == Rational(-1, 6))
    #expect(try Rational(.min, 1).adding(Rational(0, 7)).num == .min)
  }

  @Test func overflowIsReported() {
    #expect(throws: ModelError.self) { try Rational(.max, 1).adding(Rational(1, 1)) }
    #expect(throws: ModelError.self) { try Rational(.max, 1).adding(Rational(.max, 1)) }
    #expect(throws: ModelError.self) { try Rational(.min, 1).multiplied(by: Rational(-1, 1)) }
    #expect(throws: ModelError.self) {
      try Rational(1, .max).adding(Rational(1, .max - 1))
    }
    #expect(throws: ModelError.self) {
      try Rational(.max, .max - 1).adding(Rational(.max, .max - 2))
    }
  }

  @Test func ticksRoundUp() {
    let timebase = Rational(1001, 30000)
    #expect(Rational(1001, 30000).ticksRoundedUp(timebase) == 1)
    #expect(Rational(1, 1).ticksRoundedUp(timebase) == 30)
    #expect(Rational(0, 1).ticksRoundedUp(timebase) == 0)
    #expect(Rational(.max, 1).ticksRoundedUp(Rational(1, 90000)) == .max)
    #expect(Rational(-1, 2).ticksRoundedUp(Rational(1, 1)) == 0)
  }

  @Test func reducesTheEdges() {
    #expect(Rational(.min, 2).reduced.num == -(1 << 62))
    #expect(Rational(.min, .max).reduced.den == .max)
    #expect(Rational(0, 9).reduced.den == 1)
  }
}
