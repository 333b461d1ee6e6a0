import FFmpeg
import Foundation
import VidgitModel

extension VideoScan {
  /// "media/falls.json"
  var mediaPath: String {
    FileNames.media(FileNames.safe(baseName)) ?? FileNames.mediaFolder + "media.json"
  }

  /// File names may hold what a manifest may not, such as line ends.
  private var fileName: String { TerminalText.name((path as NSString).lastPathComponent) }
  private var baseName: String { (fileName as NSString).deletingPathExtension }

  func descriptor(digest: Digest, size: Int64) -> MediaDescriptor {
    var descriptor = MediaDescriptor(
      name: fileName, sha256: digest, size: size, container: info.container,
      videoStream: stream.index, streams: info.streams.map { MediaStream($0) })
    descriptor.isSalvaged = isSalvaged
    return descriptor
  }

  /// The header of a timeline that begins with the frame `start`.
  func header(start: Int64) -> Header {
    var header = Header(
      name: baseName, timebase: Rational(stream.timebase), start: start, width: first.width,
      height: first.height, sampleAspectRatio: Rational(aspect),
      pixelFormat: first.pixelFormat.name, audio: audio)
    let colour = first.colour
    header.colorRange = colour.range
    header.colorMatrix = colour.matrix
    header.colorPrimaries = colour.primaries
    header.colorTransfer = colour.transfer
    header.chromaLocation = colour.chromaLocation
    let order = stream.video?.fieldOrder ?? .unknown
    header.fieldOrder = order == .unknown ? nil : order.rawValue
    header.masteringDisplay =
      (stream.video?.masteringDisplay ?? first.masteringDisplay).map { .init($0) }
    header.contentLight = (stream.video?.contentLight ?? first.contentLight).map { .init($0) }
    return header
  }

  func line(pts: Int64, key: FrameKey, in header: Header) -> FrameLine {
    var line = FrameLine(pts: pts, dur: 1, hash: key.digest, uri: mediaPath)
    line.setShape(key.shape, in: header)
    return line
  }

  /// The frame's own word, else the container's, which means the picture before it was turned.
  private var aspect: Ratio {
    if first.sampleAspectRatio.isValid { return first.sampleAspectRatio }
    guard let video = stream.video, video.sampleAspectRatio.isValid else { return Ratio(0, 1) }
    let told = video.sampleAspectRatio
    return video.rotation % 180 == 0 ? told : Ratio(told.den, told.num)
  }

  private var audio: [AudioSource] {
    info.streams.filter { $0.kind == .audio }
      .map { AudioSource(media: mediaPath, stream: $0.index) }
  }
}

extension MediaStream {
  init(_ stream: StreamInfo) {
    // What libav has no word for is data.
    let kind = stream.kind == .unknown ? .data : stream.kind
    self.init(index: stream.index, type: kind.rawValue, codec: stream.codec)
    timebase = stream.timebase.isValid ? Rational(stream.timebase) : nil
    start = stream.startTime
    // Containers say here what they like.
    language = stream.language.map { TerminalText.name($0) }.flatMap { $0.isEmpty ? nil : $0 }
    title = stream.title.map { TerminalText.name($0, limit: 4096) }
    disposition =
      (stream.isDefault ? ["default"] : []) + (stream.isAttachedPicture ? ["attached_pic"] : [])
    if let video = stream.video {
      width = video.width
      height = video.height
      pixelFormat = video.pixelFormat?.name
      sampleAspectRatio = video.sampleAspectRatio.isValid ? Rational(video.sampleAspectRatio) : nil
      rotation = video.rotation == 0 ? nil : video.rotation
      frameRate = video.averageFrameRate.isValid ? Rational(video.averageFrameRate) : nil
    }
    if let audio = stream.audio {
      sampleRate = audio.sampleRate
      channels = audio.channels
      channelLayout = audio.channelLayout.isEmpty ? nil : audio.channelLayout
    }
  }
}
