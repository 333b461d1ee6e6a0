import FFmpeg
import Testing

@Suite struct RatioTests {
  @Test func holdsTimesWithinBounds() {
    let (huge, tiny) = (Ratio(Int32.max, 1), Ratio(1, Int32.max))
    #expect(huge.rescaleClamped(1 << 59, to: tiny) == 1 << 60)
    #expect(huge.rescaleClamped(-(1 << 59), to: tiny) == -(1 << 60))
    #expect(huge.rescaleClamped(5..<1 << 59, to: tiny).lowerBound == 1 << 60)
    #expect(tiny.rescaleClamped(1 << 59, to: huge) == 0)
    #expect(Ratio(1, 25).rescaleClamped(3..<5, to: Ratio(1, 100)) == 12..<20)
  }
}
