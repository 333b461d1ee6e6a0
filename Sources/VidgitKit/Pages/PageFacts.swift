import VidgitModel

extension Timeline {
  /// What a page says of the video.
  func facts(_ times: FrameTimes) -> [PageFact] {
    let header = revision.header
    var facts = [
      PageFact("Frames", "\(lines.count)"), PageFact("Duration", times.lengthText),
      PageFact("Size", "\(header.width) × \(header.height)"),
      PageFact("Pixel format", header.pixelFormat), PageFact("Frame rate", rate(times)),
      PageFact("Sound", sound(header.audio.count)),
    ]
    let media = revision.media.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for (_, descriptor) in media.prefix(Self.mostMedia) {
      let place = descriptor.locations.first(where: MarkupText.isWebAddress)
      facts.append(
        PageFact(
          "Source", descriptor.name, more: ByteCount.text(descriptor.size), link: place))
      facts.append(PageFact("SHA-256 of the source", descriptor.sha256.hex))
    }
    if media.count > Self.mostMedia {
      facts.append(PageFact("More sources", "\(media.count - Self.mostMedia)"))
    }
    return facts
  }

  private static var mostMedia: Int { 4 }

  private func sound(_ streams: Int) -> String {
    switch streams {
    case 0: "none"
    case 1: "one stream"
    default: "\(streams) streams"
    }
  }

  /// "23.976 fps", or that it varies.
  private func rate(_ times: FrameTimes) -> String {
    // The last frame often has another duration than all others.
    let durations = Set(lines.dropLast(lines.count > 1 ? 1 : 0).lazy.map(\.dur).prefix(1))
    let first = durations.first ?? 1
    let isConstant = lines.dropLast().allSatisfy { $0.dur == first }
    let (frames, ticks) = isConstant ? (1, first) : (lines.count, times.length)
    let thousandths =
      Int128(frames) * Int128(times.timebase.den) * 1_000
      / max(1, Int128(ticks) * Int128(times.timebase.num))
    let rate = Rational(Int64(clamping: thousandths), 1_000).decimalText
    return isConstant ? "\(rate) fps" : "varies, \(rate) fps on average"
  }
}

extension TimelineDiff {
  /// "120 frames changed", "30 removed".
  var pageWords: [String] {
    var words: [String] = []
    for kind in [Run.Kind.changed, .added, .removed, .moved] where count(kind) > 0 {
      let frames = words.isEmpty ? (count(kind) == 1 ? " frame" : " frames") : ""
      words.append("\(count(kind))\(frames) \(kind.rawValue)")
    }
    return words
  }
}
