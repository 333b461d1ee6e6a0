import FFmpeg
import VidgitModel

/// What a render will show, found by reading the timeline once: which stretches of which media,
/// which recipes, which shapes.
struct RenderPlan {
  /// A stretch of one medium that plays without a cut.
  struct Segment: Equatable {
    let uri: String
    /// Ticks of the medium's video stream.
    var source: Range<Int64>
    /// Ticks of the timeline, from the first rendered frame.
    let output: Int64
  }

  let frames: Range<Int>
  private(set) var segments: [Segment] = []
  /// All that lines without an object need.
  let recipes: LineRecipes
  /// How many frames have each shape.
  private(set) var shapes: [FrameShape: Int] = [:]
  /// Ticks of the timeline.
  private(set) var duration: Int64 = 0
  /// Ticks a frame where all show equally long, the last apart.
  private(set) var constantDuration: Int64?
  private(set) var isFiltered = false

  init(_ repository: VideoRepository, _ revision: Revision, range: RangeExpression?) throws {
    let selection = try Selection(range: range, frames: nil, of: repository, revision)
    frames = selection.runs[0]
    let shelf = RecipeShelf(repository, revision)
    recipes = try shelf.recipesOfLines(in: selection)
    try scan(TimelineCursor(repository, revision).lines(in: frames), revision)
  }

  private mutating func scan(_ lines: TimelineCursor.Lines, _ revision: Revision) throws {
    var lines = lines
    var durations: Set<Int64> = []
    var lastDuration: Int64?
    while let (_, line) = try lines.next() {
      shapes[line.shape(in: revision.header), default: 0] += 1
      if !line.filters.isEmpty { isFiltered = true }
      if let lastDuration, durations.count < 2 { durations.insert(lastDuration) }
      lastDuration = line.dur
      append(line, revision)
      duration += line.dur
    }
    if durations.count == 1 { constantDuration = durations.first }
  }

  private mutating func append(_ line: FrameLine, _ revision: Revision) {
    let clock = revision.mediaTimebase(line.uri)
    // Beyond any video's length a rescaled time could overflow.
    let length = min(max(1, revision.header.ratio.rescale(line.dur, to: clock)), 1 << 60)
    if let last = segments.last, last.uri == line.uri, last.source.upperBound == line.pts {
      segments[segments.count - 1].source = last.source.lowerBound..<line.pts + length
    } else {
      segments.append(
        Segment(uri: line.uri, source: line.pts..<line.pts + length, output: duration))
    }
  }

  /// The one shape that the video gets: the frames' own where they agree, else the header's.
  func shape(_ header: Header) -> FrameShape {
    shapes.count == 1 ? shapes.first!.key : header.shape
  }
}

extension Revision {
  /// Seconds a tick of the lines' pts; the timeline's own where the medium does not say.
  func mediaTimebase(_ uri: String) -> Ratio {
    media[uri]?.video?.timebase.map { Ratio($0) } ?? header.ratio
  }
}
