import FFmpeg
import Testing

@testable import VidgitKit

/// What a scan makes of a container's word.
@Suite struct VideoScanTests {
  @Test func expectsNothingOfALengthThatNoVideoHas() {
    let second: Int64 = 1_000_000
    #expect(VideoScan.frames(in: 10 * second, at: Ratio(25, 1)) == 250)
    #expect(VideoScan.frames(in: 10 * second, at: Ratio(30000, 1001)) == 299)
    #expect(VideoScan.frames(in: 9_000_000_000_000 * second, at: Ratio(2_000_000_000, 1)) == nil)
    #expect(VideoScan.frames(in: .max, at: Ratio(.max, 1)) == nil)
  }
}
