import FFmpeg
import Foundation
import VidgitModel

extension VideoScan {
  /// "media/falls.json"
  var mediaPath: String {
    FileNames.media(FileNames.safe(baseName)) ?? FileNames.mediaFolder + "media.json"
  }

  /// File names may hold what a manifest may not, such as line ends.
  private var baseName: String {
    (TerminalText.name((path as NSString).lastPathComponent) as NSString).deletingPathExtension
  }

  func descriptor(digest: Digest, size: Int64) -> MediaDescriptor {
    var descriptor = MediaDescriptor(
      info, stream: stream.index, path: path, digest: digest, size: size)
    descriptor.isSalvaged = isSalvaged
    return descriptor
  }

  /// The header of a timeline that begins with the frame `start`.
  func header(start: Int64) -> Header {
    Header(
      name: baseName, timebase: Rational(stream.timebase), start: start, first: first,
      stream: stream, audio: audio)
  }

  func line(pts: Int64, key: FrameKey, in header: Header) -> FrameLine {
    var line = FrameLine(pts: pts, dur: 1, hash: key.digest, uri: mediaPath)
    line.setShape(key.shape, in: header)
    return line
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
