import FFmpeg
import VidgitModel

/// The part of a variant that its pictures and its clip show.
struct PageSample {
  /// Frames of the clip that may become the still picture.
  let candidates: [Int]
  /// The frames of the clip.
  let frames: Range<Int>
  /// The most ticks that the clip lasts.
  let longest: Int64

  private static let longestSeconds: Int128 = 6
  /// Six seconds of 60 frames, and a few more: a clip's index has room for so many.
  static let mostFrames = 400
  private static let mostCandidates = 9

  /// From a frame's number to that of the same frame in the variant that it is compared with; nil
  /// where there is none, or where it looks the same.
  private let step: Int?

  /// - Parameter difference: from the variant that it is compared with; nil for that one itself.
  init(_ timeline: Timeline, difference: TimelineDiff?) {
    // The longest stretch that looks different, else all.
    let repainted = difference?.runs.filter { !$0.new.isEmpty && !$0.old.isEmpty && $0.isRepainted }
    let run = repainted?.max { $0.new.count < $1.new.count }
    let shown = run?.new ?? 0..<timeline.lines.count
    step = run.map { $0.old.lowerBound - $0.new.lowerBound }
    let timebase = timeline.revision.header.timebase
    longest = Int64(
      clamping: max(1, Self.longestSeconds * Int128(timebase.den) / Int128(timebase.num)))
    frames = Self.frames(
      around: shown.lowerBound + shown.count / 2, timeline.lines, longest)
    let choice = frames.clamped(to: shown)
    let count = min(Self.mostCandidates, choice.count)
    candidates = (0..<count).map { choice.lowerBound + choice.count * (2 * $0 + 1) / (2 * count) }
  }

  /// The same frame before.
  func before(_ frame: Int) -> Int? { step.map { frame + $0 } }

  /// As many frames as fit, half of them before `place` where there are enough on both sides.
  private static func frames(
    around place: Int, _ lines: [FrameLine], _ longest: Int64
  ) -> Range<Int> {
    var (lower, upper) = (place, place + 1)
    var length = min(lines[place].dur, longest)
    func addBefore(until limit: Int64, most: Int) {
      while lower > 0, upper - lower < most, lines[lower - 1].dur <= limit - length {
        lower -= 1
        length += lines[lower].dur
      }
    }
    addBefore(until: longest / 2, most: mostFrames / 2)
    while upper < lines.count, upper - lower < mostFrames, lines[upper].dur <= longest - length {
      length += lines[upper].dur
      upper += 1
    }
    addBefore(until: longest, most: mostFrames)
    return lower..<upper
  }
}
