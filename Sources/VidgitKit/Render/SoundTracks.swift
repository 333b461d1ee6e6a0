import FFmpeg
import VidgitModel

/// The sound of a timeline: one track that plays, for each stretch, the sound of the medium that it
/// shows. Where media have several audio streams, the first ones make the first track, and so on.
struct SoundTracks {
  struct Track {
    /// The audio streams that it is made of; the first says what the track is like.
    var inputs: [AudioMontage.Input] = []
    let parameters: StreamParameters
    /// In ticks of the timeline, from the first rendered frame.
    var pieces: [AudioMontage.Piece] = []
  }

  private(set) var tracks: [Track] = []
  private(set) var notes: [String] = []

  /// - Parameter audio: the header's list; what no frame is shown of is passed over.
  /// - Throws: `VidgitError`: not found for a medium that is not at hand, bad input for a stream
  ///   that is not there.
  init(
    _ audio: [AudioSource], _ plan: RenderPlan, _ repository: VideoRepository,
    _ revision: Revision
  ) throws {
    let shown = Set(plan.segments.lazy.map(\.uri))
    var streams: [String: [AudioSource]] = [:]
    var order: [String] = []
    for source in audio where shown.contains(source.media) && revision.media[source.media] != nil {
      if streams[source.media] == nil { order.append(source.media) }
      streams[source.media, default: []].append(source)
    }
    for number in 0..<(streams.values.map(\.count).max() ?? 0) {
      let sources = order.compactMap { uri in
        streams[uri]!.indices.contains(number) ? streams[uri]![number] : nil
      }
      try add(sources, plan, repository, revision)
    }
    guard !order.isEmpty else { return }
    noteStretches(plan, revision)
    noteSilence(shown.subtracting(order), revision)
  }

  private mutating func add(
    _ sources: [AudioSource], _ plan: RenderPlan, _ repository: VideoRepository,
    _ revision: Revision
  ) throws {
    var numbers: [String: Int] = [:]
    var track: Track?
    for source in sources {
      let descriptor = revision.media[source.media]!
      let path = try repository.media.path(of: descriptor)
      let demuxer = try VidgitError.reading { try Demuxer(path: path) }
      guard demuxer.info.streams.indices.contains(source.stream),
        demuxer.info.streams[source.stream].kind == .audio
      else {
        throw VidgitError(
          .badInput,
          "'\(descriptor.name)' has no audio stream \(source.stream), which video.json names")
      }
      let parameters = try VidgitError.reading { try demuxer.parameters(of: source.stream) }
      numbers[source.media] = track?.inputs.count ?? 0
      track = track ?? Track(parameters: parameters)
      track!.inputs.append(.init(path: path, stream: source.stream))
    }
    guard var track else { return }
    for segment in plan.segments where segment.hasSound(revision) {
      guard let input = numbers[segment.uri] else { continue }
      track.pieces.append(
        .init(
          input: input, source: segment.source, timebase: revision.mediaTimebase(segment.uri),
          output: segment.output, stretches: segment.motion == .stretched))
    }
    if !track.pieces.isEmpty { tracks.append(track) }
  }

  private mutating func noteStretches(_ plan: RenderPlan, _ revision: Revision) {
    var (backward, still, extreme) = (Int64(0), Int64(0), Int64(0))
    var speeds: Set<String> = []
    for segment in plan.segments {
      let length = segment.output.upperBound - segment.output.lowerBound
      switch segment.motion {
      case .forward: break
      case .backward: backward += length
      case .still: still += length
      case .stretched where segment.hasSound(revision): speeds.insert(segment.speedText(revision))
      case .stretched: extreme += length
      }
    }
    if !speeds.isEmpty {
      let list = speeds.sorted()
      notes.append(
        "sound is stretched with the picture: " + list.prefix(5).joined(separator: ", ")
          + (list.count > 5 ? " and \(list.count - 5) more speeds" : ""))
    }
    for (length, reason) in [
      (backward, "runs backwards"), (still, "stands still"),
      (extreme, "is more than 64 times as fast or as slow"),
    ] where length > 0 {
      let text = FrameTimes.text(length, revision.header.timebase)
      notes.append("there is no sound where the picture \(reason) (\(text))")
    }
  }

  private mutating func noteSilence(_ silent: Set<String>, _ revision: Revision) {
    for uri in silent.sorted() {
      guard let descriptor = revision.media[uri] else { continue }
      notes.append("there is no sound with the frames of '\(descriptor.name)'")
    }
  }
}

extension Segment {
  /// How many times as fast as its medium it plays.
  fileprivate func speed(_ revision: Revision) -> Double {
    let (clock, timeline) = (revision.mediaTimebase(uri), revision.header.ratio)
    return Double(source.count) * Double(clock.num) / Double(clock.den)
      / (Double(output.count) * Double(timeline.num) / Double(timeline.den))
  }

  fileprivate func hasSound(_ revision: Revision) -> Bool {
    switch motion {
    case .forward: true
    case .stretched: AudioTempo.speeds.contains(speed(revision))
    case .backward, .still: false
    }
  }

  /// "2x", "0.67x"
  fileprivate func speedText(_ revision: Revision) -> String {
    let hundredths = Int((speed(revision) * 100).rounded())
    let digits = "\(hundredths % 100)"
    let fraction = hundredths % 100 == 0 ? "" : "." + (digits.count == 1 ? "0" : "") + digits
    return "\(hundredths / 100)" + fraction.trimmingZeros + "x"
  }
}

extension String {
  /// Without zeros at the end.
  fileprivate var trimmingZeros: String {
    String(reversed().drop { $0 == "0" }.reversed())
  }
}
