import FFmpeg
import Foundation
import VidgitModel

extension Header {
  /// The header of a timeline that begins with the frame `first` of `stream`.
  ///
  /// - Parameter start: where that frame stood on the source's clock, in ticks of `timebase`.
  init(
    name: String, timebase: Rational, start: Int64, first: Frame, stream: StreamInfo?,
    audio: [AudioSource]
  ) {
    self.init(
      name: name, timebase: timebase, start: start, width: first.width, height: first.height,
      sampleAspectRatio: Rational(Self.aspect(first, stream?.video)),
      pixelFormat: first.pixelFormat.name, audio: audio)
    let colour = first.colour
    colorRange = colour.range
    colorMatrix = colour.matrix
    colorPrimaries = colour.primaries
    colorTransfer = colour.transfer
    chromaLocation = colour.chromaLocation
    let order = stream?.video?.fieldOrder ?? .unknown
    fieldOrder = order == .unknown ? nil : order.rawValue
    masteringDisplay =
      (stream?.video?.masteringDisplay ?? first.masteringDisplay).map { .init($0) }
    contentLight = (stream?.video?.contentLight ?? first.contentLight).map { .init($0) }
  }

  /// The frame's own word, else the container's, which means the picture before it was turned.
  private static func aspect(_ first: Frame, _ video: VideoInfo?) -> Ratio {
    if first.sampleAspectRatio.isValid { return first.sampleAspectRatio }
    guard let video, video.sampleAspectRatio.isValid else { return Ratio(0, 1) }
    let told = video.sampleAspectRatio
    return video.rotation % 180 == 0 ? told : Ratio(told.den, told.num)
  }
}

extension MediaDescriptor {
  /// - Parameters:
  ///   - stream: the one that the frames come from.
  ///   - path: of the file, whose folder is left out.
  init(_ info: MediaInfo, stream: Int, path: String, digest: Digest, size: Int64) {
    self.init(
      name: TerminalText.name((path as NSString).lastPathComponent), sha256: digest, size: size,
      container: info.container, videoStream: stream,
      streams: info.streams.map { MediaStream($0) })
  }
}
