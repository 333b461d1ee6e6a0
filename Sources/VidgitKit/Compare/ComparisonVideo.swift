import FFmpeg
import VidgitModel

/// Renders two revisions as one video: side by side, or with an edge that wipes from one to the
/// other and back.
///
/// Frames that both show play together, even where a cut has moved them; what only one shows plays
/// against black. The times are those of the new revision, for what it does not show the old one's.
/// There is no sound.
public struct ComparisonVideo {
  public enum Layout: Sendable {
    case sideBySide
    /// The edge goes across and back in this many seconds.
    case wipe(period: Double)
  }

  private let directory: String
  private let old: String
  private let new: String
  private let layout: Layout

  public init(directory: String, from old: String, to new: String, layout: Layout) {
    self.directory = directory
    self.old = old
    self.new = new
    self.layout = layout
  }

  /// - Parameter output: a file whose ending names the container; it appears whole or not at all.
  /// - Returns: how many frames it has.
  /// - Throws: `VidgitError`: usage for an ending that names no container, and what getting the
  ///   frames throws.
  public func render(
    to output: String, progress: ProgressHandler = { _ in }
  ) async throws -> Int {
    let container = try ContainerFormat.named(by: output)
    let codecs = [VideoCodec.h264, .vp9, .gif].filter { container.canHold($0) }
    guard let codec = codecs.first(where: { $0.encoder != nil }) else {
      let name = TerminalText.escaped(output)
      throw VidgitError(
        .usage,
        codecs.isEmpty
          ? "a comparison is H.264, VP9 or GIF, which '\(name)' cannot hold"
          : "this FFmpeg has no encoder for what '\(name)' can hold",
        hint: "take a name that ends in .mp4, .mkv, .mov, .webm or .gif")
    }
    let repository = try VideoRepository.open(at: directory)
    let file = try OutputFile(output, of: repository)
    let before = try repository.timeline(of: repository.revision(old))
    let after = try repository.timeline(of: repository.revision(new), like: before)
    let places = Self.places(before, after)
    do {
      let writer = Writer(
        file.temporary, container, codec, layout, header: after.revision.header)
      var time: Int64 = 0
      var done = 0
      try await FramePairs(repository, before, after).forEach(places) { pair in
        let line = pair.place.new.map { after.lines[$0] } ?? before.lines[pair.place.old!]
        let clock = (pair.place.new == nil ? before : after).revision.header.ratio
        let length = max(1, clock.rescale(line.dur, to: after.revision.header.ratio))
        try VidgitError.reading { try writer.write(pair, at: time, duration: length) }
        let (next, overflow) = time.addingReportingOverflow(length)
        guard !overflow else { throw VidgitError(.badInput, "the timelines are too long to play") }
        time = next
        done += 1
        progress(OperationProgress(phase: "compare", done: done, total: places.count))
      }
      try VidgitError.reading { try writer.finish() }
      try file.moveIntoPlace()
      return done
    } catch {
      file.discard()
      throw error
    }
  }

  /// All frames of both, in the order of the new revision.
  private static func places(_ old: Timeline, _ new: Timeline) -> [FramePairs.Place] {
    var partners = [Int?](repeating: nil, count: new.lines.count)
    let alignment = TimelineAlignment(old.lines, new.lines)
    for block in alignment.blocks + alignment.moves {
      for (old, new) in zip(block.old, block.new) { partners[new] = old }
    }
    var removed: [Int: [Int]] = [:]
    for run in TimelineDiff(old.lines, new.lines).runs where run.kind == .removed {
      removed[run.new.lowerBound, default: []] += run.old
    }
    return (0...new.lines.count).flatMap { place -> [FramePairs.Place] in
      let gone = (removed[place] ?? []).map { FramePairs.Place(old: $0, new: nil) }
      return place < new.lines.count ? gone + [.init(old: partners[place], new: place)] : gone
    }
  }
}

extension ComparisonVideo {
  /// Puts pairs together, encodes and muxes them. The first pair decides the shape.
  private final class Writer {
    private let path: String
    private let container: ContainerFormat
    private let codec: VideoCodec
    private let layout: Layout
    private let header: Header
    private var session: Session?
    private var scaler = Scaler()
    /// To what the encoder takes, where that is not what pairs are put together in.
    private var last = Scaler()

    private static let format = PixelFormat(name: "yuv420p")!

    private final class Session {
      var muxer: Muxer?
      var encoder: VideoEncoder
      let video: Int
      let width: Int
      let height: Int

      init(
        muxer: consuming Muxer, encoder: consuming VideoEncoder, video: Int, width: Int, height: Int
      ) {
        self.muxer = consume muxer
        self.encoder = consume encoder
        self.video = video
        self.width = width
        self.height = height
      }
    }

    init(
      _ path: String, _ container: ContainerFormat, _ codec: VideoCodec, _ layout: Layout,
      header: Header
    ) {
      self.path = path
      self.container = container
      self.codec = codec
      self.layout = layout
      self.header = header
    }

    func write(_ pair: FramePairs.Pair, at time: Int64, duration: Int64) throws {
      // A pair has at least one side.
      let present = (pair.new ?? pair.old)!
      let session = try session ?? begin(present)
      let old = try fitted(pair.old ?? .black(like: present), session)
      let new = try fitted(pair.new ?? .black(like: present), session)
      var picture: Frame
      switch layout {
      case .sideBySide: picture = try old.beside(new)
      case .wipe(let period):
        picture = try old.wiped(into: new, at: edge(time, period))
      }
      if session.encoder.pixelFormat != Self.format {
        picture = try last.convert(
          picture, to: session.encoder.pixelFormat, width: picture.width, height: picture.height)
      }
      try session.encoder.send(picture.with(pts: time, duration: duration))
      try drain(session)
    }

    func finish() throws {
      guard let session else { return }
      try session.encoder.finish()
      try drain(session)
      try session.muxer.take()!.finish()
    }

    /// The old picture's share of the width: all, then less and less, and back.
    private func edge(_ time: Int64, _ period: Double) -> Double {
      let seconds = Double(time) * Double(header.timebase.num) / Double(header.timebase.den)
      let phase = (seconds / period).truncatingRemainder(dividingBy: 1)
      return abs(1 - 2 * phase)
    }

    private func fitted(_ frame: Frame, _ session: Session) throws -> Frame {
      try scaler.fit(
        frame, width: session.width, height: session.height, pixelFormat: Self.format,
        sampleAspectRatio: Ratio(1, 1))
    }

    private func begin(_ first: Frame) throws -> Session {
      // Square pixels, and sides that 4:2:0 can have.
      let box = ContactSheet.Box(width: first.width, for: first).size(of: first)
      let (width, height) = (max(2, box.width / 2 * 2), max(2, box.height / 2 * 2))
      let isWide = if case .sideBySide = layout { true } else { false }
      var shape = VideoShape(
        width: isWide ? 2 * width : width, height: height, sourceFormat: Self.format,
        timebase: header.ratio)
      shape.sampleAspectRatio = Ratio(1, 1)
      var settings = VideoEncoderSettings(codec: codec)
      if codec != .gif { settings.pixelFormat = Self.format }
      let encoder = try VideoEncoder(
        settings, for: shape, globalHeader: container.needsGlobalHeaders)
      var muxer = try Muxer(path: path, format: container)
      let video = try muxer.addStream(encoder)
      try muxer.writeHeader()
      let session = Session(
        muxer: muxer, encoder: encoder, video: video, width: width, height: height)
      self.session = session
      return session
    }

    private func drain(_ session: Session) throws {
      while let packet = try session.encoder.receive() {
        try session.muxer!.write(packet, to: session.video, timebase: session.encoder.timebase)
      }
    }
  }
}
