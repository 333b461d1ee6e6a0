import VidgitModel

/// Which neighbours of a timeline are neighbours in their source too, with nothing cut out between.
struct SourceSteps {
  /// The usual distance in ticks of the source, by medium.
  private let usual: [String: Int64]
  private let header: Header
  private let media: [String: MediaDescriptor]

  init(_ lines: some Sequence<FrameLine>, in revision: Revision) {
    var distances: [String: [Int64]] = [:]
    var last: FrameLine?
    for line in lines {
      if let last, last.uri == line.uri, last.pts != line.pts {
        distances[line.uri, default: []].append(abs(line.pts - last.pts))
      }
      last = line
    }
    usual = distances.mapValues { distances in
      let sorted = distances.sorted()
      return sorted[sorted.count / 2]
    }
    header = revision.header
    media = revision.media
  }

  /// Whether `next` comes right after `line`, or right before it where the film runs backwards: by
  /// how long the frame shows where rates vary, or by the usual distance where its speed was changed.
  func isStep(from line: FrameLine, to next: FrameLine) -> Bool {
    guard line.uri == next.uri, line.pts != next.pts else { return false }
    let distance = Int128(abs(next.pts - line.pts))
    if let usual = usual[line.uri], 2 * distance <= 3 * Int128(usual) { return true }
    guard let source = media[line.uri]?.video?.timebase else { return false }
    let shown = Int128(line.dur) * Int128(header.timebase.num) * Int128(source.den)
    return 2 * distance * Int128(source.num) * Int128(header.timebase.den) <= 3 * shown
  }
}
