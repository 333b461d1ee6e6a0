import FFmpeg
import Git2
import VidgitModel

/// What travels along with the pictures: sound, subtitles, chapters and metadata of the media.
///
/// Where the timeline is one whole medium, streams are copied as they are, at their offset. Where
/// it is one part of a medium, sound is copied packet by packet within that part. Where it is put
/// together of several parts, the sound follows the picture (`SoundTracks`).
final class Companions {
  private(set) var notes: [String] = []
  private(set) var metadata: [String: String] = [:]
  private(set) var chapters: [Chapter] = []
  /// Where the first picture stands, in ticks of the timeline: sound may begin before it.
  private(set) var videoStart: Int64 = 0
  private var streams: [any CompanionStream] = []

  init(
    _ options: RenderOptions, _ plan: RenderPlan, _ repository: VideoRepository,
    _ revision: Revision, _ container: ContainerFormat
  ) throws {
    metadata = Self.commitTag(revision, container)
    let audio = options.carriesAudio ? revision.header.audio : []
    let isWhole = try openMain(plan, repository, revision, container, hasAudio: !audio.isEmpty)
    noteSubtitles(plan, revision)
    guard !audio.isEmpty else { return }
    guard container.canHoldSound else {
      notes.append("\(container.name) holds no sound: it is left out")
      return
    }
    guard plan.duration <= Ratio(1, 1).rescale(Self.longestSound, to: revision.header.ratio)
    else {
      notes.append(
        "the timeline is longer than \(Self.longestSound / 3600) hours: sound is left out")
      return
    }
    let tracks = try SoundTracks(audio, plan, repository, revision)
    notes += tracks.notes
    for track in tracks.tracks {
      try add(track, plan, revision, container, isWhole: isWhole)
    }
  }

  /// Seconds. A few lines can claim any length, and silence fills a disk too.
  private static let longestSound: Int64 = 24 * 3600

  /// Subtitles travel with whole media only.
  private func noteSubtitles(_ plan: RenderPlan, _ revision: Revision) {
    guard plan.onlySegment == nil else { return }
    for uri in Set(plan.segments.lazy.map(\.uri)).sorted() {
      guard let descriptor = revision.media[uri],
        descriptor.streams.contains(where: { $0.type == "subtitle" })
      else { continue }
      notes.append("the subtitles of '\(descriptor.name)' are left out of an edited timeline")
    }
  }

  /// Adds the streams, in order, after the video.
  func addStreams(to muxer: inout Muxer) throws(FFmpegError) {
    for stream in streams { try stream.add(to: &muxer) }
  }

  /// Writes what plays before `time` (ticks of the timeline, from the first frame); all that is
  /// left where nil.
  func write(until time: Int64?, to muxer: inout Muxer) throws(FFmpegError) {
    for stream in streams { try stream.write(until: time.map { $0 + videoStart }, to: &muxer) }
  }

  /// Looks at the medium of a timeline that is made of one: its metadata, and what else it holds.
  ///
  /// - Returns: whether the timeline is that medium from beginning to end.
  private func openMain(
    _ plan: RenderPlan, _ repository: VideoRepository, _ revision: Revision,
    _ container: ContainerFormat, hasAudio: Bool
  ) throws -> Bool {
    guard let segment = plan.onlySegment, let descriptor = revision.media[segment.uri],
      descriptor.container != PictureArchive.container,
      let path = hasAudio
        ? try repository.media.path(of: descriptor) : try? repository.media.path(of: descriptor)
    else { return false }
    let demuxer = try VidgitError.reading { try Demuxer(path: path) }
    metadata.merge(demuxer.info.metadata.travelling) { own, _ in own }
    let part = MediaPart(
      segment: segment, header: revision.header, clock: revision.mediaTimebase(segment.uri),
      video: demuxer.info.streams.first { $0.index == descriptor.videoStream })
    guard part.isWhole else {
      chapters = demuxer.info.chapters.compactMap { part.cut($0) }
      if demuxer.info.streams.contains(where: { $0.kind == .subtitle }) {
        notes.append("subtitles are left out of a part of the video")
      }
      return false
    }
    let starts = demuxer.info.streams.filter { $0.kind == .audio && hasAudio }.compactMap {
      stream in stream.startTime.map { stream.timebase.rescale($0, to: part.clock) }
    }
    let origin = min(starts.min() ?? segment.source.lowerBound, segment.source.lowerBound)
    videoStart = part.clock.rescale(segment.source.lowerBound - origin, to: revision.header.ratio)
    chapters = demuxer.info.chapters.map { part.moved($0, origin: origin) }
    try addSubtitles(demuxer, path, container, part, origin: origin)
    return true
  }

  private func addSubtitles(
    _ demuxer: Demuxer, _ path: String, _ container: ContainerFormat, _ part: MediaPart,
    origin: Int64
  ) throws {
    for stream in demuxer.info.streams where stream.kind == .subtitle {
      try VidgitError.reading {
        let parameters = try demuxer.parameters(of: stream.index)
        guard container.canHold(parameters) else {
          notes.append("\(container.name) cannot hold \(stream.codec) subtitles: they are left out")
          return
        }
        streams.append(
          try CopiedStream(
            path, parameters, window: nil, origin: origin, clock: part.clock,
            timeline: part.timeline))
      }
    }
  }

  private func add(
    _ track: SoundTracks.Track, _ plan: RenderPlan, _ revision: Revision,
    _ container: ContainerFormat, isWhole: Bool
  ) throws {
    let timeline = revision.header.ratio
    let (input, parameters) = (track.inputs[0], track.parameters)
    try VidgitError.reading {
      if let part = plan.onlySegment, container.canHold(parameters) {
        let clock = revision.mediaTimebase(part.uri)
        let origin =
          isWhole
          ? part.source.lowerBound - timeline.rescale(videoStart, to: clock)
          : part.source.lowerBound
        streams.append(
          try CopiedStream(
            input.path, parameters, window: isWhole ? nil : part.source, origin: origin,
            clock: clock, timeline: timeline))
        return
      }
      let codec = try Self.codec(for: parameters, container)
      let note = "sound is cut to match and encoded again as \(codec.rawValue)"
      if !notes.contains(note) { notes.append(note) }
      let montage = try AudioMontage(
        track.inputs, pieces: track.pieces.map { $0.moved(by: videoStart) }, timebase: timeline,
        settings: .init(codec: codec), globalHeader: container.needsGlobalHeaders)
      streams.append(MontageStream(montage, like: parameters, timeline: timeline))
    }
  }

  private static func codec(
    for parameters: StreamParameters, _ container: ContainerFormat
  ) throws -> AudioCodec {
    let same = AudioCodec(rawValue: parameters.codec)
    let candidates = [same].compactMap(\.self) + [.aac, .opus, .vorbis, .flac, .mp3, .pcm16]
    guard let codec = candidates.first(where: { $0.encoder != nil && container.canHold($0) }) else {
      throw VidgitError(
        .usage, "no sound that \(container.name) holds can be encoded here",
        hint: "render to .mkv, or without sound with --no-audio")
    }
    return codec
  }

  private static func commitTag(_ revision: Revision, _ container: ContainerFormat) -> [String:
    String]
  {
    // The containers of the MP4 family keep a list of known keys.
    container.isISOBaseMedia
      ? ["comment": "vidgit \(revision.origin)"] : ["VIDGIT_COMMIT": revision.origin]
  }
}

extension [String: String] {
  /// Without what describes the file that it came from.
  fileprivate var travelling: [String: String] {
    let own: Set = ["major_brand", "minor_version", "compatible_brands", "encoder", "duration"]
    return filter { !own.contains($0.key.lowercased()) }
  }
}

extension AudioMontage.Piece {
  fileprivate func moved(by ticks: Int64) -> AudioMontage.Piece {
    var piece = self
    piece.output = output.lowerBound + ticks..<output.upperBound + ticks
    return piece
  }
}
