import FFmpeg
import VidgitModel

/// Finds out from lines alone how the picture goes through its media: frames follow each other in
/// their source by `pts`, and show for `dur`.
///
/// Looking at the lines in order it gathers spans, in which every frame shows as long as its source
/// says. A changed speed leaves a span for nearly every frame; these are then joined into stretches
/// of constant speed (`SegmentFinder+joining.swift`).
struct SegmentFinder {
  /// Frames that follow each other exactly as in their source.
  struct Span {
    let medium: Int
    /// Ticks of the medium.
    let firstPTS: Int64
    var lastPTS: Int64
    /// Ticks of the timeline.
    let firstStart: Int64
    var lastStart: Int64
    var lastDuration: Int64
    var count = 1

    var end: Int64 { lastStart + lastDuration }
  }

  struct Medium {
    let uri: String
    /// Seconds a tick.
    let clock: Ratio
    /// A tick of the medium and one of the timeline, in a unit that both are whole numbers of.
    let tick: Int128
    let timelineTick: Int128

    /// How far the times of frames may be off by rounding; nothing where both clocks are the same.
    var tolerance: Int128 { tick == timelineTick ? 0 : tick + timelineTick }
  }

  let timeline: Ratio
  private(set) var media: [Medium] = []
  private(set) var spans: [Span] = []
  private var place: Int64 = 0
  private var places: [String: Int] = [:]

  init(timeline: Ratio) {
    self.timeline = timeline
  }

  /// Takes the next line.
  ///
  /// - Parameter clock: seconds a tick of its `pts`.
  mutating func append(_ line: FrameLine, clock: Ratio) {
    let medium = index(of: line.uri, clock)
    if let last = spans.last, last.medium == medium, follows(line.pts, last) {
      spans[spans.count - 1].lastPTS = line.pts
      spans[spans.count - 1].lastStart = place
      spans[spans.count - 1].lastDuration = line.dur
      spans[spans.count - 1].count += 1
    } else {
      spans.append(
        Span(
          medium: medium, firstPTS: line.pts, lastPTS: line.pts, firstStart: place,
          lastStart: place, lastDuration: line.dur))
    }
    place += line.dur
  }

  private mutating func index(of uri: String, _ clock: Ratio) -> Int {
    if let last = spans.last, media[last.medium].uri == uri { return last.medium }
    if let known = places[uri] { return known }
    media.append(
      Medium(
        uri: uri, clock: clock, tick: Int128(clock.num) * Int128(timeline.den),
        timelineTick: Int128(timeline.num) * Int128(clock.den)))
    places[uri] = media.count - 1
    return media.count - 1
  }

  /// Whether the frame at `pts` comes when its source says, counted from the first of the span.
  private func follows(_ pts: Int64, _ span: Span) -> Bool {
    guard pts > span.lastPTS else { return false }
    let medium = media[span.medium]
    let source = Int128(pts - span.firstPTS) * medium.tick
    let shown = Int128(place - span.firstStart) * medium.timelineTick
    return (source - shown).magnitude <= medium.tolerance
  }
}
