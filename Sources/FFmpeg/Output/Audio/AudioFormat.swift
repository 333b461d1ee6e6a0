import CFFmpeg

/// Which speakers the channels of audio are for.
///
/// A class, since an `AVChannelLayout` may own memory, and lists hold it.
final class ChannelLayout {
  var av = AVChannelLayout()

  init(_ layout: AVChannelLayout) throws(FFmpegError) {
    var layout = layout
    try check("describe audio") { av_channel_layout_copy(&av, &layout) }
  }

  deinit { av_channel_layout_uninit(&av) }

  /// The layout, or, where only the number of channels is known, the usual one of that number.
  var known: ChannelLayout {
    get throws(FFmpegError) {
      guard av.order == AV_CHANNEL_ORDER_UNSPEC else { return self }
      var usual = AVChannelLayout()
      av_channel_layout_default(&usual, av.nb_channels)
      return try ChannelLayout(usual)
    }
  }

  func isSame(as other: AVChannelLayout) -> Bool {
    var other = other
    return av_channel_layout_compare(&av, &other) == 0
  }
}

/// What samples are like.
struct AudioFormat {
  let sampleRate: Int32
  let sampleFormat: AVSampleFormat
  let layout: ChannelLayout

  /// A frame of `count` samples, to be written before it is handed on.
  func frame(count: Int32) throws(FFmpegError) -> Frame {
    let frame = try Frame()
    frame.av.pointee.format = sampleFormat.rawValue
    frame.av.pointee.sample_rate = sampleRate
    frame.av.pointee.nb_samples = count
    try check("hold audio") { av_channel_layout_copy(&frame.av.pointee.ch_layout, &layout.av) }
    try check("hold \(count) samples") { av_frame_get_buffer(frame.av, 0) }
    return frame
  }

  /// `count` silent samples.
  func silence(count: Int64) throws(FFmpegError) -> Frame {
    let quiet = try frame(count: Int32(count))
    try check("make silence") {
      av_samples_set_silence(
        quiet.av.pointee.extended_data, 0, Int32(count), layout.av.nb_channels, sampleFormat)
    }
    return quiet
  }
}

extension Frame {
  /// The samples of each channel, where it holds sound.
  var sampleCount: Int { Int(av.pointee.nb_samples) }
}
