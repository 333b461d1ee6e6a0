import FFmpeg
import Foundation
import VidgitModel

/// Reads a video for a split: the frames of the asked range and sampling, in order.
///
/// Not `Sendable`: it belongs to the task that decodes.
final class VideoScan {
  struct Kept: Sendable {
    let frame: Frame
    /// Counts the kept frames from 0.
    let index: Int
  }

  /// Absolute, links resolved.
  let path: String
  private(set) var damage = 0
  /// The pts at which the last kept frame's time ends: that of the first frame behind the range,
  /// or the end of the video. Known at the end.
  private(set) var end: Int64 = 0

  let first: Frame
  let stream: StreamInfo
  let info: MediaInfo
  let options: SplitOptions
  private let bounds: ScanBounds
  private let readerOptions: VideoReader.Options
  private var reader: VideoReader
  private var sampler: FrameSampler
  private var waiting: Frame?
  private var decoded = 0
  private var kept = 0
  private var isDone = false

  private static let openHint =
    "`ffprobe FILE` tells what it holds; videos are read, playlists and scripts that name other "
    + "files are not"
  static let salvageHint =
    "the file may be cut short or damaged; `vidgit split --salvage` keeps the frames that decode"

  init(_ options: SplitOptions) throws {
    self.options = options
    path = URL(fileURLWithPath: options.video).resolvingSymlinksInPath().path
    // What several threads make of damaged data differs from run to run.
    let readerOptions = VideoReader.Options(
      stream: options.stream, threads: options.salvages ? 1 : Width.decoderThreads,
      skipsDamage: options.salvages)
    self.readerOptions = readerOptions
    reader = try VidgitError.reading(hint: Self.openHint) { [path] in
      try VideoReader(path: path, options: readerOptions)
    }
    stream = reader.stream
    info = reader.info
    bounds = try ScanBounds(options.range)
    let opened = reader
    guard let first = try VidgitError.reading(hint: Self.salvageHint, { try opened.next() }) else {
      throw Self.noFrames(options.video)
    }
    self.first = first
    waiting = first
    sampler = FrameSampler(options.sampling, timebase: reader.stream.timebase)
    try skipToStart()
  }

  var frameBytes: Int { first.byteCount }

  /// Damage is passed over.
  var isSalvaged: Bool { options.salvages }

  static func noFrames(_ video: String) -> VidgitError {
    VidgitError(
      .badInput, "'\(video)' has a video stream without a single frame",
      hint: "play it to see what it holds; another stream can be chosen with --stream")
  }

  /// How many frames there will be, by the container's word; nil where it says nothing useful.
  var expectedFrames: Int? {
    guard options.range == nil, options.sampling == .all, let video = stream.video,
      video.averageFrameRate.isValid, let duration = info.duration
    else { return nil }
    return Self.frames(in: duration, at: video.averageFrameRate)
  }

  /// Whole frames in some microseconds; nil where no video has so many.
  static func frames(in duration: Int64, at rate: Ratio) -> Int? {
    let count = Int128(duration) * Int128(rate.num) / (1_000_000 * Int128(rate.den))
    return count <= Int128(Int32.max) ? Int(count) : nil
  }

  /// The next frame to keep; nil at the end.
  func next() throws -> Kept? {
    while !isDone {
      let frame = try waiting ?? read()
      waiting = nil
      guard let frame, !bounds.isOver(frame.pts!, index: decoded, clock: clock) else {
        if let frame { end = frame.pts! }
        isDone = true
        damage = reader.damageCount + (reader.missingPart == nil ? 0 : 1)
        return sampler.finish(start: sampleStart).map(keep)
      }
      end = frame.pts! + max(1, frame.duration)
      let index = decoded
      decoded += 1
      guard bounds.hasBegun(frame.pts!, index: index, clock: clock) else { continue }
      if sampleOrigin == nil { sampleOrigin = frame.pts }
      if let taken = try VidgitError.reading({ try sampler.take(frame, start: sampleStart) }) {
        return keep(taken)
      }
    }
    return nil
  }

  private var clock: ScanBounds.Clock {
    ScanBounds.Clock(first: first.pts!, timebase: Rational(stream.timebase))
  }

  private var sampleOrigin: Int64?
  private var sampleStart: Int64 { sampleOrigin ?? first.pts! }

  private func keep(_ frame: Frame) -> Kept {
    defer { kept += 1 }
    return Kept(frame: frame, index: kept)
  }

  private func read() throws -> Frame? {
    try VidgitError.reading(hint: Self.salvageHint) { try reader.next() }
  }

  /// Jumps near the start of a range in time, where the video can be trusted to land before it. What
  /// is salvaged depends on all that was decoded before.
  private func skipToStart() throws {
    guard !options.salvages, let start = bounds.startPTS(clock), start > first.pts! + walkTicks
    else { return }
    guard (try? reader.seek(before: start)) != nil, let frame = try read(), frame.pts! <= start
    else {
      // Landed behind the start, or nowhere: walk there from the beginning.
      reader = try VidgitError.reading { try VideoReader(path: path, options: readerOptions) }
      waiting = nil
      return
    }
    waiting = frame
  }

  /// Ten seconds: reading them is cheaper than a seek is worth.
  private var walkTicks: Int64 { Ratio(1, 1).rescale(10, to: stream.timebase) }
}
