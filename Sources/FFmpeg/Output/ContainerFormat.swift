import CFFmpeg

/// A container that libavformat writes.
public struct ContainerFormat: Sendable, Equatable {
  // Points at a constant of libavformat.
  nonisolated(unsafe) let av: UnsafePointer<AVOutputFormat>

  /// The container of this name, as `ffmpeg -formats` lists it: "mp4", "matroska", "nut", ...
  public init(name: String) throws(FFmpegError) {
    try self.init(
      av_guess_format(name, nil, nil), operation: "write the container '\(name)'",
      detail: "the linked libavformat has none of that name")
  }

  /// The container that goes with the ending of `path`'s file name.
  public init(endingOf path: String) throws(FFmpegError) {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    try self.init(
      av_guess_format(nil, file, nil), operation: "write '\(file)'",
      detail: "no container goes with that ending")
  }

  private init(
    _ format: UnsafePointer<AVOutputFormat>?, operation: String, detail: String
  ) throws(FFmpegError) {
    guard let format else {
      throw FFmpegError(code: vg_AVERROR_MUXER_NOT_FOUND, operation: operation, detail: detail)
    }
    guard format.pointee.flags & AVFMT_NOFILE == 0 else {
      throw FFmpegError(
        invalid: operation, detail: "the container spreads over several files or is none")
    }
    av = format
  }

  /// The first of its names: "mp4", "matroska", ...
  public var name: String { String(cString: av.pointee.name) }

  /// Encoders for it must put their headers beside the packets.
  public var needsGlobalHeaders: Bool { av.pointee.flags & AVFMT_GLOBALHEADER != 0 }

  /// Whether it says when a picture is shown. AVI knows the order of decoding alone, in which
  /// pictures that are shown in another one get wrong times.
  public var hasPresentationTimes: Bool { name != "avi" }

  /// Whether the container has a place for `codec`, by its name in `ffmpeg -codecs`. A container
  /// that does not say counts as one that has not, save for its own default codecs
  /// (`avformat_query_codec`).
  public func canHold(codec: String) -> Bool {
    guard let descriptor = avcodec_descriptor_get_by_name(codec) else { return false }
    return canHold(descriptor.pointee.id)
  }

  public func canHold(_ stream: StreamParameters) -> Bool { canHold(stream.av.pointee.codec_id) }

  public func canHold(_ codec: VideoCodec) -> Bool { canHold(codec.id) }

  public func canHold(_ codec: AudioCodec) -> Bool { canHold(codec.id) }

  private func canHold(_ id: AVCodecID) -> Bool {
    if isISOBaseMedia, let descriptor = avcodec_descriptor_get(id) {
      let codec = String(cString: descriptor.pointee.name)
      // libavformat says yes and then refuses them (`mov_init`).
      if name != "mp4", Self.onlyMP4.contains(codec) { return false }
      if Self.experimental.contains(codec) { return false }
    }
    return avformat_query_codec(av, id, FF_COMPLIANCE_NORMAL) == 1
  }

  private static let onlyMP4: Set = ["flac", "opus", "vp9", "av1"]
  private static let experimental: Set = ["truehd", "vp8"]

  /// Whether streams of sound have a place in it.
  public var canHoldSound: Bool { av.pointee.audio_codec != AV_CODEC_ID_NONE }

  /// Of the MP4 family.
  public var isISOBaseMedia: Bool {
    ["mov", "mp4", "ipod", "3gp", "3g2", "psp", "ismv", "f4v", "avif"].contains(name)
  }
}
