import CFFmpeg

/// One picture in memory.
///
/// `@unchecked Sendable`: immutable once it is handed on; the buffers of an `AVFrame` are reference
/// counted and are never written through a `Frame`.
public final class Frame: @unchecked Sendable {
  let av: UnsafeMutablePointer<AVFrame>

  /// Takes ownership of `frame`.
  init(owning frame: UnsafeMutablePointer<AVFrame>) {
    av = frame
  }

  /// An empty frame, for a C call to fill.
  convenience init() throws(FFmpegError) {
    self.init(owning: try allocated("allocate a frame", av_frame_alloc()))
  }

  deinit {
    var frame: UnsafeMutablePointer<AVFrame>? = av
    av_frame_free(&frame)
  }

  public var width: Int { Int(av.pointee.width) }
  public var height: Int { Int(av.pointee.height) }
  public var pixelFormat: PixelFormat { PixelFormat(raw: av.pointee.format) }
  public var sampleAspectRatio: Ratio { Ratio(av.pointee.sample_aspect_ratio) }

  /// The presentation time in ticks of the timebase of where it came from; nil where it has none.
  public var pts: Int64? { Self.time(av.pointee.pts) }

  /// The decoder's best guess where pts is missing or broken (`best_effort_timestamp`).
  public var bestEffortPTS: Int64? { Self.time(av.pointee.best_effort_timestamp) }

  /// How long it shows by the container's or codec's word, in the same ticks; 0 where unknown.
  public var duration: Int64 { vg_frame_duration(av) }

  /// Decoded from damaged data: what it shows is not to be trusted.
  ///
  /// A picture whose reference lies before a cut (an open GOP at the start) is not counted: every
  /// decoder makes the same of it.
  public var isCorrupt: Bool {
    let damage = FF_DECODE_ERROR_INVALID_BITSTREAM | FF_DECODE_ERROR_CONCEALMENT_ACTIVE
    return av.pointee.flags & Int32(AV_FRAME_FLAG_CORRUPT) != 0
      || av.pointee.decode_error_flags & damage != 0
  }

  /// Another handle on the same pixels, with its own time.
  public func with(pts: Int64, duration: Int64 = 0) throws(FFmpegError) -> Frame {
    let copy = Frame(owning: try allocated("reference a frame", av_frame_clone(av)))
    copy.av.pointee.pts = pts
    vg_frame_set_duration(copy.av, duration)
    return copy
  }

  static func time(_ ticks: Int64) -> Int64? {
    ticks == vg_AV_NOPTS_VALUE ? nil : ticks
  }
}

extension Frame {
  /// Another handle on the same planes under another format of the same layout.
  public func relabelled(as format: PixelFormat) throws(FFmpegError) -> Frame {
    let copy = Frame(owning: try allocated("reference a frame", av_frame_clone(av)))
    copy.av.pointee.format = format.av.rawValue
    return copy
  }

  /// Another handle on the same pixels that says these things of them.
  public func with(colour: Colour, sampleAspectRatio: Ratio) throws(FFmpegError) -> Frame {
    let copy = try with(colour: colour)
    copy.av.pointee.sample_aspect_ratio = sampleAspectRatio.av
    return copy
  }
}
