import Testing
import VidgitModel

@testable import FFmpeg
@testable import VidgitKit

/// Which frames a rate keeps.
@Suite struct FrameSamplerTests {
  /// The pts of what is kept of frames at these times.
  private func kept(
    _ times: [Int64], rate: Rational, timebase: Ratio = Ratio(1, 1000)
  ) throws -> [Int64] {
    let format = try #require(PixelFormat(name: "gray"))
    let frame = try Frame.blank(width: 2, height: 2, pixelFormat: format)
    var sampler = FrameSampler(.rate(rate), timebase: timebase)
    var kept: [Frame?] = []
    for time in times { kept.append(try sampler.take(frame.with(pts: time), start: times[0])) }
    kept.append(sampler.finish(start: times[0]))
    return kept.compactMap { $0?.pts }
  }

  @Test func keepsTheNearestToEachTick() throws {
    let times = (0..<10).map { Int64($0 * 100) }
    #expect(try kept(times, rate: Rational(5, 1)) == [0, 200, 400, 600, 800])
    #expect(try kept(times, rate: Rational(4, 1)) == [0, 200, 500, 700])
    #expect(try kept(times, rate: Rational(10, 1)) == times)
    #expect(try kept(times, rate: Rational(1000, 1)) == times)
    #expect(try kept([7], rate: Rational(1, 1000)) == [7])
    #expect(try kept([0, 400, 900, 1200], rate: Rational(1, 1)) == [0, 900])
  }

  /// Its ticks are too many to count one by one.
  @Test func stepsOverAJump() throws {
    let jump: Int64 = 280_000_000_000_000
    #expect(try kept([0, 40, jump, jump + 40], rate: Rational(25, 1)) == [0, 40, jump, jump + 40])
    let most = Rational(Int64(Int32.max), 1)
    let slow = Ratio(.max, 1)
    #expect(try kept([0, 1 << 60], rate: most, timebase: slow) == [0, 1 << 60])
    #expect(try kept([-1 << 60, 1 << 60], rate: most, timebase: slow) == [-1 << 60, 1 << 60])
  }
}
