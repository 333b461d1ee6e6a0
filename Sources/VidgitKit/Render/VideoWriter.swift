import FFmpeg
import VidgitModel

/// Encodes the frames of a render and muxes them with what travels along.
///
/// Not `Sendable`: it belongs to the task that encodes. The container is begun with the first
/// frame, which tells what filters have made of the pixels.
final class VideoWriter {
  struct Result {
    let encoder: String
    let pixelFormat: String
    let notes: [String]
  }

  private let options: RenderOptions
  private let plan: RenderPlan
  private let revision: Revision
  private let container: ContainerFormat
  private let path: String
  private let companions: Companions
  private var session: Session?
  private var notes: [String] = []

  /// What exists once the first frame is there.
  private final class Session {
    /// nil once the file is finished.
    var muxer: Muxer?
    var encoder: VideoEncoder
    let video: Int
    let fitter: FrameFitter

    init(
      muxer: consuming Muxer, encoder: consuming VideoEncoder, video: Int, fitter: FrameFitter
    ) {
      self.muxer = consume muxer
      self.encoder = consume encoder
      self.video = video
      self.fitter = fitter
    }
  }

  init(
    _ path: String, container: ContainerFormat, _ options: RenderOptions, _ plan: RenderPlan,
    _ repository: VideoRepository, _ revision: Revision
  ) throws {
    self.path = path
    self.container = container
    self.options = options
    self.plan = plan
    self.revision = revision
    companions = try Companions(options, plan, repository, revision, container)
    notes = companions.notes
  }

  /// Takes a frame with its pts and duration in ticks of the timeline, the first at 0.
  func write(_ frame: Frame) throws {
    let session = try session ?? begin(frame)
    let fitted = try session.fitter.fit(frame)
    try session.encoder.send(
      fitted.with(pts: frame.pts! + companions.videoStart, duration: frame.duration))
    try drain(session)
  }

  func finish() throws -> Result {
    guard let session else {
      throw VidgitError(.badInput, "there is no frame to render")
    }
    try session.encoder.finish()
    try drain(session)
    try companions.write(until: nil, to: &session.muxer!)
    let result = Result(
      encoder: session.encoder.name, pixelFormat: session.encoder.pixelFormat.name,
      notes: notes + fittingNotes(session.fitter, session.encoder.pixelFormat))
    try session.muxer.take()!.finish()
    return result
  }

  private func begin(_ first: Frame) throws -> Session {
    let target = try VideoTarget(
      options, plan: plan, header: revision.header, first: first, container: container,
      path: path)
    let encoder = try makeEncoder(target)
    var muxer = try Muxer(path: path, format: container)
    let video = try muxer.addStream(encoder)
    try companions.addStreams(to: &muxer)
    try muxer.setMetadata(companions.metadata)
    try muxer.addChapters(companions.chapters)
    try muxer.writeHeader()
    if !muxer.exactTimebase(ofStream: video) {
      let clock = muxer.timebase(ofStream: video)
      notes.append(
        "\(container.name) counts time in \(clock.num)/\(clock.den) s: frame times are rounded "
          + "to that (.mov, .mp4 and .nut keep them exactly)")
    }
    if target.shape.fieldOrder.isInterlaced, !encoder.statesFields {
      notes.append(
        "the frames are interlaced, and a stream of \(encoder.name) like this cannot say so: "
          + "`vidgit filter graph:bwdif=mode=send_frame` deinterlaces them; h264, prores and ffv1 can say it"
      )
    }
    let session = Session(
      muxer: muxer, encoder: encoder, video: video, fitter: FrameFitter(target))
    self.session = session
    return session
  }

  private func makeEncoder(_ target: VideoTarget) throws -> VideoEncoder {
    do {
      return try VideoEncoder(
        target.settings, for: target.shape, globalHeader: container.needsGlobalHeaders)
    } catch {
      let (width, height) = (target.shape.width, target.shape.height)
      let isOdd = width % 2 == 1 || height % 2 == 1
      throw VidgitError(
        .usage, "cannot \(error.operation): \(error.words)",
        hint: isOdd && target.pixelFormat.name.contains("420")
          ? "\(width)x\(height) is odd: try --pix-fmt yuv444p"
          : "`ffmpeg -h encoder=NAME` tells what an encoder takes", underlying: error)
    }
  }

  /// Writes what the encoder gives, and beside it what plays at the same time: sound that went ahead
  /// of pictures which an encoder still holds would make the muxer begin without them.
  private func drain(_ session: Session) throws(FFmpegError) {
    while let packet = try session.encoder.receive() {
      try session.muxer!.write(
        packet, to: session.video, timebase: session.encoder.timebase)
      guard let time = packet.dts else { continue }
      try companions.write(
        until: time + packet.duration - companions.videoStart, to: &session.muxer!)
    }
  }

  private func fittingNotes(_ fitter: FrameFitter, _ encoder: PixelFormat) -> [String] {
    func list(_ counts: [String: Int]) -> String {
      counts.sorted { $0.key < $1.key }.map { "\($0.value) frames of \($0.key)" }
        .joined(separator: ", ")
    }
    let shape = plan.shape(revision.header)
    var notes: [String] = []
    if !fitter.fitted.isEmpty {
      notes.append("\(list(fitter.fitted)) fitted into \(shape.width)x\(shape.height)")
    }
    if !fitter.converted.isEmpty {
      notes.append("\(list(fitter.converted)) converted to \(encoder.name)")
    }
    return notes
  }
}
