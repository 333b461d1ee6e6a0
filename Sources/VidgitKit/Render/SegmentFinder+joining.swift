import FFmpeg

extension SegmentFinder {
  /// Frames that play as in their source for so long are never taken for rounding.
  private static let longSpan = 12
  /// So many frames in a row must agree before they count as one movement.
  private static let leastSteps = 3

  /// The stretches of the timeline, in order.
  func segments() -> [Segment] {
    var segments: [Segment] = []
    var index = 0
    while index < spans.count {
      let span = spans[index]
      if let run = constantSpeed(from: index) {
        // A span's last frame may belong to what follows: it shows for another time already.
        if span.count > 1 {
          segments.append(
            segment(
              span, span.firstPTS..<span.lastPTS, span.firstStart..<span.lastStart, .forward))
        }
        segments.append(run.segment)
        index = run.next
      } else if let end = backward(from: index) {
        let last = spans[end - 1]
        segments.append(
          segment(span, last.lastPTS..<span.firstPTS, span.firstStart..<last.end, .backward))
        index = end
      } else if isStill(index) {
        segments.append(
          segment(span, span.firstPTS..<span.firstPTS, span.firstStart..<span.end, .still))
        index += 1
      } else {
        segments.append(plain(index))
        index += 1
      }
    }
    return segments
  }

  private func segment(
    _ span: Span, _ source: Range<Int64>, _ output: Range<Int64>, _ motion: Segment.Motion
  ) -> Segment {
    Segment(uri: media[span.medium].uri, source: source, output: output, motion: motion)
  }

  /// A span by itself. Where its last frame is held for longer than its source says, the source
  /// ends with that frame's own time.
  private func plain(_ index: Int) -> Segment {
    let span = spans[index]
    let medium = media[span.medium]
    var end =
      span.lastPTS + min(max(1, timeline.rescale(span.lastDuration, to: medium.clock)), 1 << 60)
    if index + 1 < spans.count, spans[index + 1].medium == span.medium,
      spans[index + 1].firstPTS > span.lastPTS
    {
      end = min(end, spans[index + 1].firstPTS)
    }
    return segment(span, span.firstPTS..<end, span.firstStart..<span.end, .forward)
  }

  /// The frame before is shown once more, and nothing goes on from here.
  private func isStill(_ index: Int) -> Bool {
    guard index > 0, spans[index].count == 1 else { return false }
    let (before, span) = (spans[index - 1], spans[index])
    return before.medium == span.medium && before.lastPTS == span.firstPTS
  }

  /// Single frames from `index` on of which each comes before the last in the source, and less than
  /// a second away: where they end, `nil` where they are too few.
  private func backward(from index: Int) -> Int? {
    let medium = media[spans[index].medium]
    let second = Ratio(1, 1).rescale(1, to: medium.clock)
    var end = index
    while end < spans.count, spans[end].count == 1, spans[end].medium == spans[index].medium {
      if end > index {
        let step = spans[end - 1].lastPTS - spans[end].firstPTS
        guard step > 0, step <= max(second, 1) else { break }
      }
      end += 1
    }
    return end - index > Self.leastSteps ? end : nil
  }

  /// The stretch of one constant speed that begins with the last frame of the span at `index`;
  /// `next` is the first span behind it.
  ///
  /// - Parameter looksAhead: leave the last frame to another speed that may begin with it.
  private func constantSpeed(
    from index: Int, looksAhead: Bool = true
  ) -> (segment: Segment, next: Int)? {
    let anchor = spans[index]
    let medium = media[anchor.medium]
    var speeds = SpeedRange(
      medium: medium.clock, timeline: timeline, pts: anchor.lastPTS, start: anchor.lastStart)
    var steps = 0
    var next = index + 1
    var end: (pts: Int64, start: Int64)?
    while next < spans.count {
      let span = spans[next]
      guard span.medium == anchor.medium, span.firstPTS > spans[next - 1].lastPTS,
        speeds.take(span.firstPTS, span.firstStart)
      else { break }
      steps += 1
      // A span that goes on at its own speed ends the stretch with its beginning.
      guard span.count < Self.longSpan,
        span.count == 1 || speeds.take(span.lastPTS, span.lastStart)
      else {
        end = (span.firstPTS, span.firstStart)
        break
      }
      next += 1
    }
    guard steps >= Self.leastSteps else { return nil }
    if end == nil, looksAhead, steps > Self.leastSteps, spans[next - 1].count == 1,
      constantSpeed(from: next - 1, looksAhead: false) != nil
    {
      next -= 1
      end = (spans[next].firstPTS, spans[next].firstStart)
    }
    let last = spans[next - 1]
    // The last frame keeps the speed of those before it.
    let rest =
      Int128(last.lastDuration) * Int128(last.lastPTS - anchor.lastPTS)
      / Int128(max(1, last.lastStart - anchor.lastStart))
    let (pts, start) = end ?? (last.lastPTS + Int64(min(max(rest, 1), 1 << 60)), last.end)
    return (
      segment(
        anchor, anchor.lastPTS..<pts, anchor.lastStart..<start,
        speeds.includesOwn ? .forward : .stretched), next
    )
  }
}

/// The speeds at which frames can have been placed on the timeline with no more than rounding to
/// its ticks: it narrows with every frame.
private struct SpeedRange {
  private let pts: Int64
  private let start: Int64
  /// Seconds. They only bound a search; no time comes of them.
  private let tick: Double
  private let timelineTick: Double
  private var low = 0.0
  private var high = Double.infinity

  init(medium: Ratio, timeline: Ratio, pts: Int64, start: Int64) {
    self.pts = pts
    self.start = start
    tick = Double(medium.num) / Double(medium.den)
    timelineTick = Double(timeline.num) / Double(timeline.den)
  }

  /// The speed 1 is among them.
  var includesOwn: Bool { low <= 1 && 1 <= high }

  /// Whether a frame of this time in the source can begin here; the range is left alone where not.
  mutating func take(_ pts: Int64, _ start: Int64) -> Bool {
    let source = Double(pts - self.pts) * tick
    let shown = Double(start - self.start) * timelineTick
    // |source - speed * shown| <= tick + (1 + speed) * timelineTick
    let error = tick + timelineTick
    let least = max(low, (source - error) / (shown + timelineTick))
    let most =
      shown > timelineTick ? min(high, (source + error) / (shown - timelineTick)) : high
    guard least <= most else { return false }
    (low, high) = (least, most)
    return true
  }
}
