import FFmpeg
import VidgitModel

/// Encodes a small clip that browsers play: H.264, 4:2:0, no sound, its index in front, the same
/// bytes wherever the same encoder makes it.
///
/// Not `Sendable`: it belongs to the task that encodes. The first frame decides the shape.
final class ClipWriter {
  private let path: String
  private let timebase: Ratio
  private let frameRate: Ratio?
  private var session: Session?
  private var scaler = Scaler()

  private final class Session {
    var muxer: Muxer?
    var encoder: VideoEncoder
    let video: Int
    /// What the first frame was like.
    let look: PictureLook

    init(
      muxer: consuming Muxer, encoder: consuming VideoEncoder, video: Int, look: PictureLook
    ) {
      self.muxer = consume muxer
      self.encoder = consume encoder
      self.video = video
      self.look = look
    }
  }

  /// The longer side, in pixels.
  private static let mostPixels = 640
  /// Six seconds come to less than a megabyte.
  private static let bitsPerSecond = 1_100_000
  /// Twenty bytes for each of `PageSample.mostFrames`, and what stands around them.
  private static let indexRoom = 24_576

  /// - Parameters:
  ///   - timebase: of the times that `write` gets.
  ///   - frameRate: frames a second where they all last equally long.
  init(_ path: String, timebase: Ratio, frameRate: Ratio?) {
    self.path = path
    self.timebase = timebase
    self.frameRate = frameRate
  }

  /// Takes a frame with its time and duration in ticks, the first at 0.
  func write(_ frame: Frame, at time: Int64, duration: Int64) throws {
    let session = try session ?? begin(frame)
    let picture = try session.look.picture(of: frame, with: &scaler)
    try session.encoder.send(picture.with(pts: time, duration: duration))
    try drain(session)
  }

  /// - Returns: the width and height in pixels.
  /// - Precondition: a frame was written.
  func finish() throws(FFmpegError) -> (width: Int, height: Int) {
    let session = session!
    try session.encoder.finish()
    try drain(session)
    try session.muxer.take()!.finish()
    return (session.look.width, session.look.height)
  }

  private func begin(_ first: Frame) throws(FFmpegError) -> Session {
    let look = PictureLook(first, most: Self.mostPixels)
    var shape = VideoShape(
      width: look.width, height: look.height, sourceFormat: PictureLook.format, timebase: timebase)
    shape.sampleAspectRatio = Ratio(1, 1)
    shape.frameRate = frameRate
    shape.colour = try look.picture(of: first, with: &scaler).colour
    let container = try ContainerFormat(name: "mp4")
    let encoder = try VideoEncoder(
      Self.settings, for: shape, globalHeader: container.needsGlobalHeaders)
    var muxer = try Muxer(path: path, format: container, bitexact: true)
    let video = try muxer.addStream(encoder)
    try muxer.writeHeader(indexRoom: Self.indexRoom)
    let session = Session(muxer: muxer, encoder: encoder, video: video, look: look)
    self.session = session
    return session
  }

  private static var settings: VideoEncoderSettings {
    var settings = VideoEncoderSettings(codec: .h264)
    settings.pixelFormat = PictureLook.format
    settings.bitexact = true
    settings.threads = 1
    if settings.codec.encoder == "libx264" {
      settings.crf = 24
      settings.preset = "fast"
      // Its tree of macroblocks reads memory that nobody has written: the second clip of a process
      // came out now in one way and now in another (measured with x264 0.164).
      settings.options = [
        "maxrate": "\(bitsPerSecond)", "bufsize": "\(bitsPerSecond / 2)", "mbtree": "0",
      ]
    } else {
      settings.bitrate = Int64(bitsPerSecond) * 4 / 5
    }
    return settings
  }

  private func drain(_ session: Session) throws(FFmpegError) {
    while let packet = try session.encoder.receive() {
      try session.muxer!.write(packet, to: session.video, timebase: session.encoder.timebase)
    }
  }
}
