import FFmpeg
import VidgitModel

/// Decides which decoded frames of a stream are kept, looking at them in order.
///
/// Not `Sendable`: it belongs to the task that decodes.
struct FrameSampler {
  private let sampling: SplitOptions.Sampling
  private let timebase: Ratio
  private var scenes: SceneDetector?
  private var held: Frame?
  private var index = 0
  private var nextTick: UInt128 = 0

  init(_ sampling: SplitOptions.Sampling, timebase: Ratio) {
    self.sampling = sampling
    self.timebase = timebase
    if sampling == .scenes { scenes = SceneDetector(timebase: timebase) }
  }

  /// Takes the next frame and returns the one that is now known to be kept, if any.
  ///
  /// - Parameter start: the pts of the first frame: rates count from there.
  mutating func take(_ frame: Frame, start: Int64) throws(FFmpegError) -> Frame? {
    defer { index += 1 }
    switch sampling {
    case .all: return frame
    case .every(let step): return index % step == 0 ? frame : nil
    case .scenes: return try scenes!.isFirstOfScene(frame) ? frame : nil
    case .rate(let rate):
      defer { held = frame }
      return held.flatMap { nearest($0, before: frame.pts!, start: start, rate: rate) }
    }
  }

  /// What is left to keep at the end.
  mutating func finish(start: Int64) -> Frame? {
    guard case .rate(let rate) = sampling, let held else { return nil }
    self.held = nil
    return nearest(held, before: nil, start: start, rate: rate)
  }

  /// `frame` where it is the nearest one to a tick of the rate that no earlier frame was kept for.
  ///
  /// Tick k lies k / rate seconds behind the start. A tick half way between two frames takes the
  /// earlier one; the last frame takes those up to its own time.
  private mutating func nearest(
    _ frame: Frame, before following: Int64?, start: Int64, rate: Rational
  ) -> Frame? {
    // Times in a unit so small that all are whole: seconds times both denominators' product.
    let middle = Int128(frame.pts!) + Int128(following ?? frame.pts!) - 2 * Int128(start)
    guard middle >= 0 else { return nil }
    let limit = middle.magnitude.multipliedFullWidth(
      by: UInt128(rate.num.magnitude) * UInt128(timebase.num.magnitude))
    let tick = 2 * UInt128(rate.den.magnitude) * UInt128(timebase.den.magnitude)
    // Ticks may be many, and are not counted one by one; more than can be counted are no matter.
    let last = limit.high < tick ? tick.dividingFullWidth(limit).quotient : .max - 1
    guard last >= nextTick else { return nil }
    nextTick = last + 1
    return frame
  }
}

/// Finds cuts with libavfilter's `select` filter and its `scene` score.
private struct SceneDetector {
  private let timebase: Ratio
  private var graph: FilterGraph?

  /// The score from 0 to 1 above which two frames belong to different scenes: the value that
  /// FFmpeg's documentation of `select` gives as a sane one.
  private static let threshold = 0.4

  init(timebase: Ratio) {
    self.timebase = timebase
  }

  mutating func isFirstOfScene(_ frame: Frame) throws(FFmpegError) -> Bool {
    let input = FilterGraph.Input(frame, timebase: timebase)
    var isFirst = false
    if graph?.input != input {
      // A new size is a new scene.
      graph = try FilterGraph(
        nodes: [.init("select", [("expr", "gt(scene,\(Self.threshold))")])],
        links: FilterGraph.Link.chain(count: 1), input: input, largestSide: 32768)
      isFirst = true
    }
    try graph!.push(frame)
    if try graph!.pull() != nil { isFirst = true }
    return isFirst
  }
}
