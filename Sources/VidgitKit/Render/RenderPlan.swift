import FFmpeg
import VidgitModel

/// What a render will show, found by reading the timeline once: which stretches of which media,
/// which recipes, which shapes.
struct RenderPlan {
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
  /// The order of the fields where frames have two that were shot at different times, and still do.
  private(set) var fieldOrder = FieldOrder.progressive

  init(_ repository: VideoRepository, _ revision: Revision, range: RangeExpression?) throws {
    let selection = try Selection(range: range, frames: nil, of: repository, revision)
    frames = selection.runs[0]
    let shelf = RecipeShelf(repository, revision)
    recipes = try shelf.recipesOfLines(in: selection)
    try scan(
      TimelineCursor(repository, revision).lines(in: frames), revision,
      InterlacedLines(repository, revision))
  }

  private mutating func scan(
    _ lines: TimelineCursor.Lines, _ revision: Revision, _ interlaced: InterlacedLines?
  ) throws {
    var lines = lines
    var interlaced = interlaced
    var durations: Set<Int64> = []
    var lastDuration: Int64?
    var finder = SegmentFinder(timeline: revision.header.ratio)
    while let (_, line) = try lines.next() {
      shapes[line.shape(in: revision.header), default: 0] += 1
      // One such frame is enough: players look for fields only where the stream has them.
      if let order = interlaced?.order, interlaced!.hasFields(line) {
        fieldOrder = order
        interlaced = nil
      }
      if let lastDuration, durations.count < 2 { durations.insert(lastDuration) }
      lastDuration = line.dur
      finder.append(line, clock: revision.mediaTimebase(line.uri))
      duration += line.dur
    }
    segments = finder.segments()
    if durations.count == 1 { constantDuration = durations.first }
  }

  /// The one stretch that is all of it, and plays as its medium does; nil where there are more.
  var onlySegment: Segment? {
    segments.count == 1 && segments[0].motion == .forward ? segments[0] : nil
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
