import FFmpeg
import Testing

@Suite struct RatioTests {
  @Test func holdsTimesWithinBounds() {
    let (huge, tiny) = (Ratio(Int32.max, 1), Ratio(1, Int32.max))
    #expect(huge.rescale(1 << 59, to: tiny) == Ratio.limit)
    #expect(huge.rescale(-(1 << 59), to: tiny) == -Ratio.limit)
    #expect(huge.rescale(5..<1 << 59, to: tiny).lowerBound == Ratio.limit)
    #expect(tiny.rescale(1 << 59, to: huge) == 0)
    #expect(Ratio(1, 25).rescale(3..<5, to: Ratio(1, 100)) == 12..<20)
  }
}
