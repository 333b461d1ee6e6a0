import FFmpeg
import VidgitModel

/// One frame to try recipes on, with a few neighbours for those that look at several.
struct SampleFrames: Sendable {
  /// In order; all of one shape.
  let frames: [Frame]
  /// The place of the frame itself in `frames`.
  let place: Int
  /// When it shows, as people read it.
  let time: String

  var frame: Frame { frames[place] }

  /// Neighbours that are enough for any effect to show.
  private static let before = 12
  private static let after = 4
  private static let budget = 128 << 20

  private init(_ frames: [Frame], place: Int, time: String) {
    let own = frames[place]
    let alike = frames.enumerated().filter { $0.element.shape == own.shape }
    self.frames = alike.map(\.element)
    self.place = alike.firstIndex { $0.offset == place } ?? 0
    self.time = time
  }

  // MARK: From a revision

  /// - Throws: `VidgitError`: usage where `at` does not lie in the timeline, and what getting frames
  ///   throws.
  init(of repository: VideoRepository, _ revision: Revision, at: RangeExpression) async throws {
    var durations: [Int64] = []
    var cursor = TimelineCursor(repository, revision).lines()
    while let placed = try cursor.next() { durations.append(placed.line.dur) }
    guard !durations.isEmpty else {
      throw VidgitError(.badInput, "the timeline of \(revision.commit.short) has no frames")
    }
    let times = try VidgitError.model {
      try FrameTimes(durations: durations, timebase: revision.header.timebase)
    }
    let chosen = try VidgitError.model(.usage) { try at.resolve(in: times).lowerBound }
    let before = Self.count(Self.before, bytes: revision.frameBytes)
    let range = max(0, chosen - before)..<min(times.count, chosen + Self.after + 1)
    let selection = try VidgitError.model {
      try RangeExpression(parsing: "\(range.lowerBound)..\(range.upperBound)")
    }
    let recipes = try RecipeShelf(repository, revision).recipesOfLines(
      in: Selection(range: selection, frames: nil, of: repository, revision))
    try await repository.provide(revision, frames: range, recipes: { recipes }) { _ in }
    let maker = FrameMaker(repository, revision, recipes: recipes)
    let source = FrameSource(repository, revision)
    var frames: [Frame] = []
    var lines = TimelineCursor(repository, revision).lines(in: range)
    while let placed = try lines.next() {
      frames.append(try await maker.make(source.find(placed.line)))
    }
    self.init(
      frames, place: chosen - range.lowerBound,
      time: Self.clock(times.starts[chosen], Ratio(revision.header.timebase)))
  }

  // MARK: From a video file

  /// - Throws: `VidgitError`: usage where `at` lies beyond the end, and what decoding throws.
  init(ofVideo path: String, at: RangeExpression) throws {
    self = try VidgitError.reading(hint: "is it a video? `ffprobe` tells what a file holds") {
      let reader = try VideoReader(path: path, options: .init(skipsDamage: true))
      let timebase = reader.stream.timebase
      let start = reader.stream.startTime ?? 0
      switch at.lower ?? .frame(0) {
      case .frame(let number):
        var index = 0
        return try Self.read(reader, path, at) { _ in
          defer { index += 1 }
          return index == number
        }
      case .time(let seconds):
        let ticks = start + seconds.ticks(Rational(timebase))
        try reader.seek(before: ticks)
        return try Self.read(reader, path, at) { ($0.pts ?? 0) >= ticks }
      case .percent(let percent):
        // What a container says of its length is a guess that may lead behind the last frame.
        let length = reader.info.duration ?? 0
        let ticks =
          start
          + Ratio(1, 1_000_000).rescale(
            Int64(clamping: Int128(length) * Int128(percent.num) / (100 * Int128(percent.den))),
            to: timebase)
        if ticks > start { try reader.seek(before: ticks) }
        return try Self.read(reader, path, nil) { ($0.pts ?? 0) >= ticks }
      }
    }
  }

  /// - Parameter at: for the error where no frame is wanted; nil takes the last one then.
  private static func read(
    _ reader: VideoReader, _ path: String, _ at: RangeExpression?, isWanted: (Frame) -> Bool
  ) throws -> SampleFrames {
    var frames: [Frame] = []
    while let frame = try reader.next() {
      try Task.checkCancellation()
      frames.append(frame)
      if isWanted(frame) {
        let place = frames.count - 1
        while frames.count <= place + after, let next = try reader.next() { frames.append(next) }
        return SampleFrames(frames, place: place, time: clock(frame, reader))
      }
      if frames.count > count(before, bytes: frame.byteCount) { frames.removeFirst() }
    }
    guard let last = frames.last, at == nil else {
      throw frames.isEmpty
        ? VidgitError(.badInput, "'\(path)' has no frame that decodes")
        : VidgitError(
          .usage, "'\(path)' has no frame at \(at.map { String($0.text.dropLast(2)) } ?? "")",
          hint: "a time (2.5s, 1:00), a frame number (100) or a percentage (50%) inside of it")
    }
    return SampleFrames(frames, place: frames.count - 1, time: clock(last, reader))
  }

  private static func clock(_ frame: Frame, _ reader: VideoReader) -> String {
    clock((frame.pts ?? 0) - (reader.stream.startTime ?? 0), reader.stream.timebase)
  }

  private static func clock(_ ticks: Int64, _ timebase: Ratio) -> String {
    let times = try? FrameTimes(durations: [ticks], timebase: Rational(timebase))
    return times?.lengthText ?? "0:00.000"
  }

  private static func count(_ wanted: Int, bytes: Int) -> Int {
    min(wanted, max(1, budget / max(1, bytes)))
  }
}

extension Rational {
  /// Seconds in ticks of `timebase`, rounded up, held within 64 bits.
  fileprivate func ticks(_ timebase: Rational) -> Int64 {
    let (num, den) = (
      Int128(self.num) * Int128(timebase.den), Int128(self.den) * Int128(timebase.num)
    )
    return Int64(clamping: (num + den - 1) / max(1, den)).clamped(to: 1 << 60)
  }
}

extension Int64 {
  fileprivate func clamped(to limit: Int64) -> Int64 { Swift.min(self, limit) }
}
