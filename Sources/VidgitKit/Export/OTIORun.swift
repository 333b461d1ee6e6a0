import VidgitModel

/// Frames that follow each other on the timeline and in their source, and show equally long.
///
/// A tick of the source more or less is equal: containers that count in milliseconds round.
struct OTIORun: Hashable {
  /// Numbers in the timeline.
  var frames: Range<Int>

  /// Cuts lines into runs.
  static func all(of timeline: Timeline, in frames: Range<Int>) -> [OTIORun] {
    var runs: [OTIORun] = []
    for number in frames {
      let line = timeline.lines[number]
      if let run = runs.last?.frames,
        isEqual(line, timeline.lines[run.lowerBound], timeline.revision),
        follows(line, timeline.lines[number - 1], timeline.revision)
      {
        runs[runs.count - 1].frames = run.lowerBound..<number + 1
      } else {
        runs.append(OTIORun(frames: number..<number + 1))
      }
    }
    return runs
  }

  private static func isEqual(_ line: FrameLine, _ first: FrameLine, _ revision: Revision) -> Bool {
    guard line.dur != first.dur else { return true }
    let off = Rational(abs(line.dur - first.dur), 1)
    guard let clock = revision.clock(of: line.uri),
      let apart = try? off.multiplied(by: revision.header.timebase)
    else { return false }
    return apart <= clock
  }

  private static func follows(_ line: FrameLine, _ before: FrameLine, _ revision: Revision) -> Bool
  {
    line.uri == before.uri && line.filters == before.filters
      && before.dur == revision.ticks(from: before, to: line)
  }
}

extension Revision {
  /// Seconds a tick of a medium's pts; nil where the pts counts pictures or names none.
  func clock(of uri: String) -> Rational? { media[uri]?.video?.timebase }

  /// The source's time between two lines in whole ticks of the timeline; nil where there is no such
  /// number. Pictures have no time of their own: one that is the next in number follows.
  func ticks(from line: FrameLine, to next: FrameLine) -> Int64? {
    guard let clock = clock(of: line.uri) else {
      return next.pts == line.pts + 1 ? line.dur : nil
    }
    let span = try? Rational(next.pts - line.pts, 1).multiplied(by: clock)
    return span?.multiple(of: header.timebase)
  }

  /// Where a line's frame lies in its medium, in seconds from the start of its stream.
  func sourceTime(of line: FrameLine) throws -> Rational {
    try VidgitError.model {
      guard let clock = clock(of: line.uri) else {
        return try Rational(line.pts, 1).multiplied(by: header.timebase)
          .multiplied(by: Rational(line.dur, 1))
      }
      // The descriptor is a stranger's.
      let (ticks, overflow) = line.pts.subtractingReportingOverflow(
        media[line.uri]?.video?.start ?? 0)
      guard !overflow else {
        throw ModelError(line.uri, reason: "its stream starts beyond what a video can have")
      }
      return try Rational(ticks, 1).multiplied(by: clock)
    }
  }
}
