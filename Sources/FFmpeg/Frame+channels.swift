import CFFmpeg

extension Frame {
  /// One channel of a picture where it lies: Y, U, V, red, alpha, ...
  ///
  /// It points into the frame, and is good for as long as that lives.
  public struct Channel {
    /// The first sample.
    public let base: UnsafeMutableRawPointer
    /// Bytes from a row to the next one, and from a sample to the next one.
    public let stride: Int
    public let step: Int
    /// Samples: fewer than pixels for chroma at half size.
    public let width: Int
    public let height: Int
    /// 1 or 2.
    public let sampleBytes: Int
    /// Samples of two bytes have the higher one first.
    public let isBigEndian: Bool
  }

  /// The channels, for reading only; nil for a format of which `hasWholeSamples` is false.
  public var channels: [Channel]? {
    guard pixelFormat.hasWholeSamples else { return nil }
    let descriptor = av_pix_fmt_desc_get(pixelFormat.av)!.pointee
    let isBigEndian = descriptor.flags & UInt64(AV_PIX_FMT_FLAG_BE) != 0
    return planes { data, strides in
      descriptor.channels.enumerated().map { number, channel in
        let isChroma = number == 1 || number == 2
        let across = isChroma ? Int(descriptor.log2_chroma_w) : 0
        let down = isChroma ? Int(descriptor.log2_chroma_h) : 0
        let plane = Int(channel.plane)
        return Channel(
          base: UnsafeMutableRawPointer(data[plane]!) + Int(channel.offset),
          stride: Int(strides[plane]), step: Int(channel.step),
          width: (width + (1 << across) - 1) >> across,
          height: (height + (1 << down) - 1) >> down, sampleBytes: channel.depth > 8 ? 2 : 1,
          isBigEndian: isBigEndian)
      }
    }
  }

  /// A copy of this frame in whose channels `body` has written.
  ///
  /// - Precondition: the pixel format has whole samples.
  public func rewritten(_ body: ([Channel]) -> Void) throws(FFmpegError) -> Frame {
    let copy = Frame(owning: try allocated("copy a frame", av_frame_clone(av)))
    try check("copy a frame") { av_frame_make_writable(copy.av) }
    body(copy.channels!)
    return copy
  }
}

extension PixelFormat {
  /// Every sample is a number of one or two bytes by itself: no palette, no bits that are packed, no
  /// fractions.
  public var hasWholeSamples: Bool {
    guard let descriptor = av_pix_fmt_desc_get(av)?.pointee else { return false }
    let others =
      AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL
      | AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_BAYER
    return descriptor.flags & UInt64(others) == 0
      && descriptor.channels.allSatisfy { $0.shift == 0 && (8...16).contains($0.depth) }
  }
}

extension AVPixFmtDescriptor {
  fileprivate var channels: [AVComponentDescriptor] {
    Array([comp.0, comp.1, comp.2, comp.3].prefix(Int(nb_components)))
  }
}
