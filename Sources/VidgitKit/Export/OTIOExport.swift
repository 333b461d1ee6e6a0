import Foundation
import Git2
public import VidgitModel

/// Writes the timeline of a revision as OpenTimelineIO: a clip for each run of frames that follow
/// each other in their source and show equally long, a track of sound for each stream of it.
///
/// What that format cannot say exactly (hashes, filters, ticks) stands in `metadata.vidgit`.
/// Variants are further media references of the clips whose frames they show too.
public struct OTIOExport {
  private let repository: VideoRepository
  private let timeline: Timeline
  private let frames: Range<Int>
  private let variants: [OTIOVariant]
  private let places: [String: String]

  /// - Parameter variants: revisions, most often branches.
  /// - Throws: `VidgitError`: not found for an unknown revision, usage for a range outside it.
  public init(
    directory: String, revision spec: String, range: RangeExpression?, variants: [String] = []
  ) throws {
    repository = try VideoRepository.open(at: directory)
    let revision = try repository.revision(spec)
    let timeline = try repository.timeline(of: revision)
    self.timeline = timeline
    frames = try Selection(range: range, frames: nil, of: repository, revision).runs[0]
    self.variants = try variants.map { [repository] name in
      guard name != "DEFAULT_MEDIA" else {
        throw VidgitError(.usage, "a variant cannot be called DEFAULT_MEDIA", hint: "rename it")
      }
      let other = try repository.timeline(of: repository.revision(name), like: timeline)
      return OTIOVariant(name: name, timeline: other)
    }
    places = revision.media.mapValues { [repository] in Self.place(of: $0, repository) }
  }

  /// What the text cannot say to other programs.
  public var notes: [String] {
    let count = timeline.lines[frames].count { !$0.filters.isEmpty }
    guard count > 0 else { return [] }
    return [
      Counted.text(count, "frame carries", "frames carry")
        + " filters, which OpenTimelineIO cannot say: other programs show the source"
    ]
  }

  /// Writes the text piece by piece.
  public func run(_ write: (String) throws -> Void) throws {
    let revision = timeline.revision
    let runs = OTIORun.all(of: timeline, in: frames)
    // What cannot be said shows before anything is written.
    let ranges = try runs.map(range)
    let whole = OTIOWriter.timeline(
      name: revision.header.name,
      metadata: [
        "commit": .string(revision.commit.hex), "video": revision.header.json,
        "frames": .int(Int64(frames.count)),
      ])
    try write(whole.start)
    let track = OTIOWriter.track(name: "Video", kind: "Video")
    try write(track.start)
    for (index, run) in runs.enumerated() {
      try write((index == 0 ? "" : ",") + OTIOWriter.text(clip(run, ranges[index])))
    }
    try write(track.end)
    try writeSound(runs, ranges, write)
    try write(whole.end)
  }

  private func clip(_ run: OTIORun, _ range: JSONValue) -> JSONValue {
    let first = timeline.lines[run.frames.lowerBound]
    let descriptor = timeline.revision.media[first.uri]
    var references: JSONObject = [
      "DEFAULT_MEDIA": OTIOWriter.reference(
        to: places[first.uri] ?? first.uri,
        metadata: [
          "uri": .string(first.uri), "sha256": descriptor.map { .string($0.sha256.text) } ?? .null,
        ])
    ]
    for variant in variants {
      guard let facts = variant.facts(of: run, in: timeline) else { continue }
      references[variant.name] = OTIOWriter.reference(
        to: places[first.uri] ?? first.uri, metadata: facts)
    }
    return OTIOWriter.clip(
      name: descriptor?.name ?? first.uri, range: range, references: references,
      metadata: OTIOVariant.facts(of: timeline.lines[run.frames], in: timeline.revision))
  }

  private func range(_ run: OTIORun) throws -> JSONValue {
    let lines = timeline.lines[run.frames]
    let first = lines.first!
    let start = try timeline.revision.sourceTime(of: first)
    let timebase = timeline.revision.header.timebase
    let length = lines.reduce(0) { $0 + $1.dur }
    return try VidgitError.model {
      try OTIOWriter.range(
        start: start, duration: timebase.multiplied(by: Rational(length, 1)),
        frame: lines.allSatisfy { $0.dur == first.dur }
          ? timebase.multiplied(by: Rational(first.dur, 1)) : nil)
    }
  }

  /// A track for the first stream of sound of each medium, one for the second, and so on; where a
  /// medium has none the track has a gap.
  private func writeSound(
    _ runs: [OTIORun], _ ranges: [JSONValue], _ write: (String) throws -> Void
  ) throws {
    var streams: [String: [Int]] = [:]
    for source in timeline.revision.header.audio {
      streams[source.media, default: []].append(source.stream)
    }
    for rank in 0..<(streams.values.map(\.count).max() ?? 0) {
      let track = OTIOWriter.track(name: "Audio \(rank + 1)", kind: "Audio")
      try write("," + track.start)
      for (index, run) in runs.enumerated() {
        let uri = timeline.lines[run.frames.lowerBound].uri
        let range = ranges[index]
        var item = OTIOWriter.gap(range)
        if let own = streams[uri], own.count > rank {
          item = OTIOWriter.clip(
            name: timeline.revision.media[uri]?.name ?? uri, range: range,
            references: [
              "DEFAULT_MEDIA": OTIOWriter.reference(
                to: places[uri] ?? uri,
                metadata: ["uri": .string(uri), "stream": .int(Int64(own[rank]))])
            ], metadata: ["stream": .int(Int64(own[rank]))])
        }
        try write((index == 0 ? "" : ",") + OTIOWriter.text(item))
      }
      try write(track.end)
    }
  }

  /// Where a medium can be had: its file here, a public address, or only its name.
  private static func place(of descriptor: MediaDescriptor, _ repository: VideoRepository) -> String
  {
    if let path = try? repository.media.path(of: descriptor) {
      return URL(fileURLWithPath: path).absoluteString
    }
    return descriptor.locations.first ?? descriptor.name
  }
}

extension OTIOExport {
  /// Writes the text to a file, which appears whole or not at all.
  public func write(to path: String) throws {
    try OutputFile.write(path, of: repository) { try run($0) }
  }
}

/// Another revision whose frames may come from the same places.
struct OTIOVariant {
  let name: String
  let timeline: Timeline
  private let places: [Source: Int]

  private struct Source: Hashable {
    let uri: String
    let pts: Int64
    let dur: Int64

    init(_ line: FrameLine) {
      (uri, pts, dur) = (line.uri, line.pts, line.dur)
    }
  }

  init(name: String, timeline: Timeline) {
    self.name = name
    self.timeline = timeline
    places = Dictionary(
      timeline.lines.enumerated().map { (Source($0.element), $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  /// What this variant shows of a run of another timeline; nil where it does not play all of it in
  /// one piece, or in another timebase.
  func facts(of run: OTIORun, in other: Timeline) -> JSONValue? {
    let uri = other.lines[run.frames.lowerBound].uri
    guard timeline.revision.header.timebase == other.revision.header.timebase,
      timeline.revision.media[uri]?.sha256 == other.revision.media[uri]?.sha256
    else { return nil }
    let wanted = other.lines[run.frames].lazy.map { Source($0) }
    // At the same number first: variants mostly differ in filters alone.
    for start in [run.frames.lowerBound, places[wanted.first!]].compactMap(\.self) {
      let end = start + run.frames.count
      guard end <= timeline.lines.count,
        timeline.lines[start..<end].lazy.map({ Source($0) })
          .elementsEqual(wanted)
      else { continue }
      return Self.facts(of: timeline.lines[start..<end], in: timeline.revision)
    }
    return nil
  }

  /// Exactly what the frames are.
  static func facts(of lines: ArraySlice<FrameLine>, in revision: Revision) -> JSONValue {
    let first = lines.first!
    var facts: JSONObject = [
      "commit": .string(revision.commit.hex), "uri": .string(first.uri),
      "timebase": revision.header.timebase.json, "dur": .array(lines.map { .int($0.dur) }),
      "pts": .array(lines.map { .int($0.pts) }),
      "hash": .array(lines.map { .string($0.hash.text) }),
    ]
    facts["filters"] = .array(
      lines.allSatisfy { $0.filters == first.filters }
        ? first.filters.map { .string($0) }
        : lines.map { .array($0.filters.map { .string($0) }) })
    return .object(facts)
  }
}
