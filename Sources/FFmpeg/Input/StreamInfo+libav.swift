import CFFmpeg

extension MediaInfo {
  init(_ context: AVFormatContext) {
    container = String(cString: context.iformat.pointee.name)
    duration = context.duration > 0 ? Ratio.bounded(context.duration) : nil
    startTime = Ratio.bounded(context.start_time)
    metadata = [String: String](context.metadata)
    streams = (0..<Int(context.nb_streams)).map { StreamInfo(context.streams[$0]!) }
    chapters = (0..<Int(context.nb_chapters)).compactMap {
      Chapter(context.chapters[$0]!.pointee)
    }
  }
}

extension StreamInfo {
  init(_ pointer: UnsafeMutablePointer<AVStream>) {
    let stream = pointer.pointee
    let parameters = stream.codecpar.pointee
    let tags = [String: String](stream.metadata)
    index = Int(stream.index)
    kind = Kind(parameters.codec_type)
    codec = String(cString: avcodec_get_name(parameters.codec_id))
    profile = avcodec_profile_name(parameters.codec_id, parameters.profile)
      .map { String(cString: $0) }
    timebase = Ratio(stream.time_base)
    startTime = Ratio.bounded(stream.start_time)
    duration = stream.duration > 0 ? Ratio.bounded(stream.duration) : nil
    bitRate = parameters.bit_rate > 0 ? parameters.bit_rate : nil
    language = tags["language"]
    title = tags["title"]
    isDefault = stream.disposition & AV_DISPOSITION_DEFAULT != 0
    isAttachedPicture = stream.disposition & AV_DISPOSITION_ATTACHED_PIC != 0
    video = kind == .video ? VideoInfo(pointer) : nil
    audio = kind == .audio ? AudioInfo(parameters) : nil
  }
}

extension StreamInfo.Kind {
  init(_ type: AVMediaType) {
    switch type {
    case AVMEDIA_TYPE_VIDEO: self = .video
    case AVMEDIA_TYPE_AUDIO: self = .audio
    case AVMEDIA_TYPE_SUBTITLE: self = .subtitle
    case AVMEDIA_TYPE_DATA: self = .data
    case AVMEDIA_TYPE_ATTACHMENT: self = .attachment
    default: self = .unknown
    }
  }
}

extension VideoInfo {
  init(_ pointer: UnsafeMutablePointer<AVStream>) {
    let stream = pointer.pointee
    let parameters = stream.codecpar.pointee
    width = Int(parameters.width)
    height = Int(parameters.height)
    pixelFormat = parameters.format >= 0 ? PixelFormat(raw: parameters.format) : nil
    let aspect = av_guess_sample_aspect_ratio(nil, pointer, nil)
    sampleAspectRatio = Ratio(aspect)
    rotation = DisplayMatrix(stream: pointer)?.roundedDegrees ?? 0
    averageFrameRate = Ratio(stream.avg_frame_rate)
    colour = Colour(parameters)
    fieldOrder = FieldOrder(parameters.field_order)
    let sideData = StreamSideData.all(of: pointer)
    masteringDisplay = sideData.lazy.compactMap { MasteringDisplay($0) }.first
    contentLight = sideData.lazy.compactMap { ContentLight($0) }.first
  }
}

extension AudioInfo {
  init(_ parameters: AVCodecParameters) {
    sampleRate = Int(parameters.sample_rate)
    var layout = parameters.ch_layout
    channels = Int(layout.nb_channels)
    channelLayout = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      av_channel_layout_describe(&layout, buffer.baseAddress, buffer.count) > 0
        ? String(cString: buffer.baseAddress!) : ""
    }
  }
}

extension Chapter {
  /// nil for one whose times no video comes near.
  fileprivate init?(_ chapter: AVChapter) {
    guard let start = Ratio.bounded(chapter.start), let end = Ratio.bounded(chapter.end) else {
      return nil
    }
    self.init(
      start: start, end: end, timebase: Ratio(chapter.time_base),
      title: [String: String](chapter.metadata)["title"])
  }
}
