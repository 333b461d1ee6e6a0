import FFmpeg
import Testing
import VidgitModel

@testable import VidgitKit

/// Lines in, stretches out: what a render knows of cuts and speeds.
@Suite struct SegmentFinderTests {
  typealias Frame = (pts: Int64, dur: Int64)
  private let digest = Digest(of: [])

  private func find(
    _ frames: [Frame], clock: Ratio = Ratio(1, 12800), timeline: Ratio = Ratio(1, 12800),
    uri: String = "media/a.json"
  ) -> [Segment] {
    var finder = SegmentFinder(timeline: timeline)
    for frame in frames {
      finder.append(
        FrameLine(pts: frame.pts, dur: frame.dur, hash: digest, uri: uri), clock: clock)
    }
    let segments = finder.segments()
    // Whatever the frames are, the stretches fill the timeline without holes.
    var place: Int64 = 0
    for segment in segments {
      #expect(segment.output.lowerBound == place)
      #expect(!segment.output.isEmpty)
      place = segment.output.upperBound
    }
    #expect(place == frames.reduce(0) { $0 + $1.dur })
    return segments
  }

  private func frames(_ durations: [Int64], from start: Int64 = 0) -> [Frame] {
    var pts = start
    return durations.map { duration in
      defer { pts += duration }
      return (pts, duration)
    }
  }

  private func constant(_ count: Int, of duration: Int64 = 512, from start: Int64 = 0) -> [Frame] {
    frames(Array(repeating: duration, count: count), from: start)
  }

  private func sped(_ frames: [Frame], _ speed: Rational) -> [Frame] {
    var retiming = Retiming(speed: speed)
    return frames.map { ($0.pts, retiming.duration($0.dur)!) }
  }

  private func uneven(_ count: Int) -> [Frame] {
    frames((0..<count).map { Int64(400 + $0 * 7919 % 331) })
  }

  @Test func findsOneStretchInAWholeMedium() {
    #expect(
      find(constant(100)) == [
        Segment(
          uri: "media/a.json", source: 0..<51200, output: 0..<51200, motion: .forward)
      ])
    #expect(find(uneven(500)).map(\.motion) == [.forward])
  }

  @Test func findsCuts() {
    let all = constant(100)
    let cut = find(Array(all[..<30] + all[40...]))
    #expect(cut.map(\.source) == [0..<15360, 20480..<51200])
    #expect(cut.map(\.motion) == [.forward, .forward])
    let moved = find(Array(all[40..<50] + all[..<40] + all[50...]))
    #expect(moved.map(\.source) == [20480..<25600, 0..<20480, 25600..<51200])
  }

  /// With one tick a frame, a missing frame is as small as a rounding, and still a cut.
  @Test func findsCutsOnACoarseClock() {
    let all = constant(100, of: 1)
    let cut = find(
      Array(all[..<30] + all[31...]), clock: Ratio(1, 25), timeline: Ratio(1, 25))
    #expect(cut.map(\.source) == [0..<30, 31..<100])
  }

  @Test(arguments: [
    Rational(2, 1), Rational(1, 2), Rational(3, 2), Rational(7, 3), Rational(3, 10),
    Rational(99, 100), Rational(20, 1),
  ])
  func findsAChangedSpeed(speed: Rational) {
    for all in [constant(300), uneven(300), constant(300, of: 1001)] {
      let edited = Array(all[..<100]) + sped(Array(all[100..<200]), speed) + Array(all[200...])
      let found = find(edited)
      #expect(found.map(\.motion) == [.forward, .stretched, .forward])
      #expect(found.map(\.source.lowerBound) == [0, all[100].pts, all[200].pts])
      #expect(found.last?.source.upperBound == all[299].pts + all[299].dur)
    }
  }

  /// The last frame before a cut keeps the speed of those before it.
  @Test func endsAChangedSpeedAtACut() {
    let all = constant(300)
    let found = find(sped(Array(all[100..<200]), Rational(2, 1)) + Array(all[250...]))
    #expect(found.map(\.motion) == [.stretched, .forward])
    #expect(found[0].source == 51200..<102_400)
    #expect(found[0].output == 0..<25600)
    #expect(find(sped(all, Rational(2, 1))).map(\.source) == [0..<153_600])
  }

  @Test func tellsSpeedsApart() {
    let all = constant(300)
    let found = find(
      sped(Array(all[..<100]), Rational(2, 1)) + sped(Array(all[100..<200]), Rational(3, 1))
        + Array(all[200...]))
    #expect(found.map(\.motion) == [.stretched, .stretched, .forward])
    #expect(found.map(\.source) == [0..<51200, 51200..<102_400, 102_400..<153_600])
  }

  /// Durations of 2, 1, 2, 1 ticks are two thirds of the speed, not stops and goes.
  @Test(arguments: [Rational(2, 3), Rational(3, 4), Rational(1, 2)])
  func takesRoundingForWhatItIs(speed: Rational) {
    let all = constant(300, of: 1)
    let found = find(
      Array(all[..<100]) + sped(Array(all[100..<200]), speed) + Array(all[200...]),
      clock: Ratio(1, 25), timeline: Ratio(1, 25))
    #expect(found.map(\.motion) == [.forward, .stretched, .forward])
    #expect(abs(found[1].source.lowerBound - 100) <= 1)
    #expect(abs(found[1].source.upperBound - 200) <= 3)
  }

  /// A spliced medium on another clock, rounded to the timeline's, and then played faster.
  @Test(arguments: [(Ratio(1, 1000), Ratio(1, 12800)), (Ratio(1, 12800), Ratio(1, 1000))])
  func takesAnotherClock(clock: Ratio, timeline: Ratio) {
    var retiming = Retiming(from: Rational(1, 30), to: Rational(Int64(1), Int64(clock.den)))
    let source = frames((0..<3000).map { _ in retiming.duration(1)! })
    var conversion = Retiming(
      from: Rational(1, Int64(clock.den)), to: Rational(1, Int64(timeline.den)))
    let all = source.map { Frame($0.pts, conversion.duration($0.dur)!) }
    let whole = find(all, clock: clock, timeline: timeline)
    #expect(whole.map(\.motion) == [.forward])
    let fast = find(
      Array(all[..<100]) + sped(Array(all[100..<2000]), Rational(3, 2)) + Array(all[2000...]),
      clock: clock, timeline: timeline)
    #expect(fast.map(\.motion) == [.forward, .stretched, .forward])
    #expect(fast.map(\.source.lowerBound) == [0, all[100].pts, all[2000].pts])
  }

  @Test func findsWhatRunsBackwards() {
    let all = uneven(100)
    let found = find(Array(all[..<40]) + all[40..<60].reversed() + Array(all[60...]))
    #expect(found.map(\.motion) == [.forward, .backward, .forward])
    #expect(found[1].output.lowerBound == all[40].pts)
    #expect(found[2].source.lowerBound == all[60].pts)
  }

  @Test func findsWhatStandsStill() {
    let all = constant(100)
    let found = find(Array(all[..<50]) + Array(repeating: all[49], count: 20) + Array(all[50...]))
    // The last of them goes on with what follows.
    #expect(found.filter { $0.motion == .still }.count == 19)
    #expect(found.last?.source == all[49].pts..<51200)
    // A frame that is held has its own sound, and then none.
    var held = all
    held[49].dur = 5120
    #expect(find(held).map(\.source) == [0..<25600, 25600..<51200])
    #expect(find(held).map(\.output.lowerBound) == [0, 49 * 512 + 5120])
  }

  /// Every other frame by hand is twice the speed; a few frames by themselves are no speed.
  @Test func followsHandMadeLines() {
    let all = constant(100)
    let halved = find(stride(from: 0, to: 100, by: 2).map { all[$0] })
    #expect(halved.map(\.motion) == [.stretched])
    #expect(halved[0].source == 0..<51200)
    let shuffled = find([all[50], all[3], all[80], all[81], all[7], all[90]])
    #expect(shuffled.map(\.motion) == Array(repeating: .forward, count: 5))
    #expect(
      find([all[1], all[3], all[5]]).map(\.source.lowerBound) == [512, 1536, 2560])
  }

  @Test func keepsMediaApart() {
    var finder = SegmentFinder(timeline: Ratio(1, 25))
    for number in 0..<40 {
      finder.append(
        FrameLine(
          pts: Int64(number), dur: 1, hash: digest, uri: "media/\(number / 10 % 2).json"),
        clock: Ratio(1, 25))
    }
    #expect(finder.segments().map(\.uri) == (0..<4).map { "media/\($0 % 2).json" })
  }
}
