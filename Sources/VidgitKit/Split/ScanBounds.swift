import FFmpeg
import VidgitModel

/// The part of a video that a split takes, decided frame by frame, since its length is not known.
struct ScanBounds {
  private let lower: RangeExpression.Bound?
  private let upper: RangeExpression.Bound?

  /// - Throws: `VidgitError`: usage for a range in percent, or one that cannot hold a frame.
  init(_ range: RangeExpression?) throws {
    lower = range?.lower
    upper = range?.upper
    for case .percent? in [lower, upper] {
      throw VidgitError(
        .usage,
        "the range '\(range!.text)' is in percent, and a video's length is known only "
          + "when it has been read", hint: "give times (1:00..2:00) or frame numbers (100..200)")
    }
    switch (lower, upper) {
    case (.frame(let a)?, .frame(let b)?) where b <= a: throw Self.empty(range!)
    case (.time(let a)?, .time(let b)?) where b <= a: throw Self.empty(range!)
    default: break
    }
  }

  private static func empty(_ range: RangeExpression) -> VidgitError {
    VidgitError(
      .usage, "the range '\(range.text)' holds no frame", hint: "its end is not part of it")
  }

  func hasBegun(_ pts: Int64, index: Int, clock: Clock) -> Bool {
    switch lower {
    case nil, .percent: true
    case .frame(let first): index >= first
    case .time(let seconds): pts >= clock.pts(at: seconds)
    }
  }

  func isOver(_ pts: Int64, index: Int, clock: Clock) -> Bool {
    switch upper {
    case nil, .percent: false
    case .frame(let end): index >= end
    case .time(let seconds): pts >= clock.pts(at: seconds)
    }
  }

  /// Where a range in time begins; nil for any other.
  func startPTS(_ clock: Clock) -> Int64? {
    guard case .time(let seconds)? = lower else { return nil }
    if case .frame? = upper { return nil }
    return clock.pts(at: seconds)
  }

  /// The video's time: seconds from its first frame.
  struct Clock {
    let first: Int64
    let timebase: Rational

    func pts(at seconds: Rational) -> Int64 {
      first.addingReportingOverflow(seconds.ticksRoundedUp(timebase)).partialValue
    }
  }
}
