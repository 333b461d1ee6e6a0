import FFmpeg
import Foundation
import Git2
import VidgitModel

/// Pieces of videos on their way into a repository: each file becomes a medium, each piece is
/// decoded, and they follow each other without a gap, in a timebase in which every duration is
/// whole.
struct PieceImport {
  let name: String
  let pieces: [EditPiece]

  /// Ticks: what is read of a manifest is below, and so is the sum.
  private static let latestTime: Int64 = 1 << 60

  /// How many streams of sound a header holds.
  private static let mostAudio = 64

  /// A file that is there and was looked into.
  private struct Source: Sendable {
    let path: String
    let uri: String
    let stream: StreamInfo
    let descriptor: MediaDescriptor

    /// Seconds on the file's clock.
    func seconds(_ pts: Int64) -> Rational {
      let timebase = Rational(stream.timebase)
      return (try? Rational(pts, 1).multiplied(by: timebase)) ?? Rational(0, 1)
    }
  }

  private struct Work: Sendable {
    let frame: Frame
    /// Ticks of the timeline.
    let duration: Int64
    let source: Source
  }

  /// Decodes and hashes every frame.
  func write(
    jobs: Int?, _ pack: inout PackWriter, _ progress: ProgressHandler
  ) async throws -> ImportedTimeline {
    let sources = try await look()
    let timebase = try timebase(sources)
    var timeline = ImportedTimeline()
    for source in sources.values {
      timeline.media[source.uri] = source.descriptor
      timeline.places[source.uri] = source.path
    }
    let audio = audio(&timeline.notes, sources)
    var place = 0
    var scan: PieceScan?
    let first = sources[pieces[0].path]!.stream.video
    try await mapInOrder(
      width: Width.of(frameBytes: (first?.width ?? 0) * (first?.height ?? 0) * 2, jobs: jobs),
      next: { () throws -> Work? in
        while place < pieces.count {
          let source = sources[pieces[place].path]!
          let current = try scan ?? PieceScan(path: source.path, piece: pieces[place])
          scan = current
          if let shown = try current.next() {
            return try Self.work(shown, source, timebase)
          }
          scan = nil
          place += 1
        }
        return nil
      },
      transform: { work in (work, work.frame.key) },
      consume: { (work, key) in
        if timeline.writer.header == nil {
          timeline.writer.header = Header(
            name: name, timebase: timebase,
            start: work.source.seconds(work.frame.pts!).multiple(of: timebase) ?? 0,
            first: work.frame, stream: work.source.stream, audio: audio)
        }
        var line = FrameLine(
          pts: work.frame.pts!, dur: work.duration, hash: key.digest, uri: work.source.uri)
        line.setShape(key.shape, in: timeline.writer.header!)
        guard timeline.writer.duration < Self.latestTime else {
          throw Self.tooLong(work.source.path)
        }
        try timeline.writer.append(line, to: &pack)
        progress(OperationProgress(phase: "import", done: timeline.writer.frameCount))
      })
    return timeline
  }

  private static func work(
    _ shown: PieceScan.Shown, _ source: Source, _ timebase: Rational
  ) throws -> Work {
    let shows = try VidgitError.model {
      try shown.to.adding(Rational(-shown.from.num, shown.from.den))
    }
    guard let ticks = shows.multiple(of: timebase), ticks > 0 else {
      throw VidgitError(
        .badInput,
        "a frame of '\(source.path)' shows for \(shows.decimalText) s, which is no whole time",
        hint: "set in and out points to where frames begin")
    }
    guard ticks < latestTime, shown.frame.pts!.magnitude < UInt64(latestTime) else {
      throw tooLong(source.path)
    }
    return Work(frame: shown.frame, duration: ticks, source: source)
  }

  private static func tooLong(_ path: String) -> VidgitError {
    VidgitError(
      .badInput, "'\(path)' has times beyond what a video can have",
      hint: "`ffprobe -show_frames` shows them; `ffmpeg -c copy` may set them right")
  }

  /// The unit in which all times of all pieces are whole.
  private func timebase(_ sources: [String: Source]) throws -> Rational {
    var unit = Rational(sources[pieces[0].path]!.stream.timebase)
    for piece in pieces {
      let clock = Rational(sources[piece.path]!.stream.timebase)
      let times = [piece.start, piece.end].compactMap(\.self).map { PieceScan.onClock($0, clock) }
      for time in [clock, piece.duration].compactMap(\.self) + times {
        do {
          unit = try Rational.commonUnit(unit, time)
        } catch {
          throw VidgitError(
            .badInput, "\(piece.place): \(error.reason)",
            hint: "give in points, out points and durations with fewer decimals")
        }
      }
    }
    return unit
  }

  /// Opens and hashes every file once. Two with the same bytes are one medium.
  private func look() async throws -> [String: Source] {
    var sources: [String: Source] = [:]
    var byDigest: [Digest: Source] = [:]
    var names: Set<String> = []
    for piece in pieces where sources[piece.path] == nil {
      let path = URL(fileURLWithPath: piece.path).resolvingSymlinksInPath().path
      guard let size = FileStatus(path: path)?.size else {
        throw VidgitError(
          .notFound, "\(piece.place): there is no file '\(TerminalText.escaped(piece.path))'",
          hint: "paths are relative to the list")
      }
      let reader = try VidgitError.reading(hint: "`ffprobe FILE` tells what it holds") {
        try VideoReader(path: path)
      }
      let (stream, info) = (reader.stream, reader.info)
      let digest = try await MediaLibrary.hash(path)
      if let known = byDigest[digest] {
        sources[piece.path] = known
        continue
      }
      let file = (path as NSString).lastPathComponent
      let uri = Self.uri((file as NSString).deletingPathExtension, &names)
      let source = Source(
        path: path, uri: uri, stream: stream,
        descriptor: MediaDescriptor(
          info, stream: stream.index, path: path, digest: digest, size: size))
      byDigest[digest] = source
      sources[piece.path] = source
    }
    return sources
  }

  /// "media/falls.json", or "media/falls-2.json" where that is taken.
  private static func uri(_ name: String, _ names: inout Set<String>) -> String {
    let base = FileNames.safe(name)
    var (candidate, number) = (base, 1)
    // Some file systems do not tell upper from lower case.
    while !names.insert(candidate.lowercased()).inserted {
      number += 1
      candidate = "\(base)-\(number)"
    }
    return FileNames.media(candidate) ?? FileNames.mediaFolder + "media-\(names.count).json"
  }

  /// The sound of all media, in the order of play.
  private func audio(_ notes: inout [String], _ sources: [String: Source]) -> [AudioSource] {
    var audio: [AudioSource] = []
    var seen: Set<String> = []
    for source in pieces.compactMap({ sources[$0.path] }) where seen.insert(source.uri).inserted {
      for stream in source.descriptor.streams where stream.type == "audio" {
        audio.append(AudioSource(media: source.uri, stream: stream.index))
      }
    }
    if audio.count > Self.mostAudio {
      notes.append("sound is taken along of the first \(Self.mostAudio) streams only")
    }
    return Array(audio.prefix(Self.mostAudio))
  }
}
