/// Where each frame of a timeline begins: the sums of the durations before it.
public struct FrameTimes: Sendable {
  /// The start of every frame in ticks, and at the end the whole length: one more than frames.
  public let starts: [Int64]
  /// Seconds a tick.
  public let timebase: Rational

  /// No timeline lasts that many ticks, so that times can be added and rescaled in 64 bits.
  public static let limit: Int64 = 1 << 60

  /// - Throws: where a duration is not above zero or the sum reaches `limit`.
  public init(durations: some Sequence<Int64>, timebase: Rational) throws(ModelError) {
    var starts: [Int64] = []
    starts.reserveCapacity(durations.underestimatedCount + 1)
    var sum: Int64 = 0
    starts.append(0)
    for duration in durations {
      let (next, overflow) = sum.addingReportingOverflow(duration)
      guard duration > 0 else {
        throw ModelError("timeline", reason: "a duration of \(duration) ticks is not above 0")
      }
      guard !overflow, next < Self.limit else {
        throw ModelError(
          "timeline", reason: "the sum of all durations is beyond what a video can have")
      }
      sum = next
      starts.append(sum)
    }
    guard timebase.num > 0 else {
      throw ModelError("timeline", reason: "the timebase \(timebase) is not above 0")
    }
    self.starts = starts
    self.timebase = timebase
  }

  /// Frames.
  public var count: Int { starts.count - 1 }
  /// The whole length in ticks.
  public var length: Int64 { starts[count] }

  /// The first frame that begins at or after `ticks`; `count` where none does.
  public func firstFrame(atOrAfter ticks: Int64) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] < ticks { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The whole length as people read it: "1:02:03.500", cut to milliseconds.
  public var lengthText: String { Self.text(length, timebase) }

  /// A moment that many ticks after the start, in the same form.
  public func clock(_ ticks: Int64) -> String { Self.text(ticks, timebase) }

  /// When a frame begins, in the same form; the frame behind the last is the end.
  public func clock(ofFrame frame: Int) -> String { clock(starts[frame]) }

  /// Ticks from 0 on, in the same form.
  public static func text(_ ticks: Int64, _ timebase: Rational) -> String {
    let den = Int128(timebase.den)
    let (seconds, remainder) = (Int128(ticks) * Int128(timebase.num)).quotientAndRemainder(
      dividingBy: den)
    func padded(_ value: Int128, _ digits: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    let rest = padded(seconds % 60, 2) + "." + padded(remainder * 1000 / den, 3)
    return hours > 0 ? "\(hours):\(padded(minutes, 2)):\(rest)" : "\(minutes):\(rest)"
  }
}
