import CFFmpeg

extension Scaler {
  /// Brings `frame` into a picture of exactly the given size: scaled as far as its shape allows,
  /// centred, the rest black.
  ///
  /// - Parameter sampleAspectRatio: of the target; the frame's own counts too, so that what is shown
  ///   keeps its shape. Invalid ratios count as 1.
  /// - Throws: what `convert` throws, and an error for a format that has no black.
  public mutating func fit(
    _ frame: Frame, width: Int, height: Int, pixelFormat: PixelFormat,
    sampleAspectRatio: Ratio = Ratio(1, 1), range: String? = nil, matrix: String? = nil
  ) throws(FFmpegError) -> Frame {
    let inner = Self.innerSize(
      of: frame, width: width, height: height, sampleAspectRatio: sampleAspectRatio,
      step: pixelFormat.chromaStep)
    let scaled = try convert(
      frame, to: pixelFormat, width: inner.width, height: inner.height, range: range,
      matrix: matrix)
    let result: Frame
    if inner.width == width, inner.height == height {
      result = try scaled.with(pts: scaled.av.pointee.pts, duration: scaled.duration)
    } else {
      result = try Frame.blank(width: width, height: height, pixelFormat: pixelFormat)
      try check("pad a picture") { av_frame_copy_props(result.av, scaled.av) }
      try result.fillBlack()
      let step = pixelFormat.chromaStep
      result.paste(
        scaled, x: (width - inner.width) / 2 / step.x * step.x,
        y: (height - inner.height) / 2 / step.y * step.y)
    }
    result.av.pointee.sample_aspect_ratio = sampleAspectRatio.av
    return result
  }

  /// The largest size of the frame's shape inside the target, on the grid of its chroma.
  private static func innerSize(
    of frame: Frame, width: Int, height: Int, sampleAspectRatio: Ratio, step: (x: Int, y: Int)
  ) -> (width: Int, height: Int) {
    let own = frame.sampleAspectRatio.isValid ? frame.sampleAspectRatio : Ratio(1, 1)
    let target = sampleAspectRatio.isValid ? sampleAspectRatio : Ratio(1, 1)
    // The frame's size in the target's pixels, up to a common factor.
    let across = Int128(frame.width) * Int128(own.num) * Int128(target.den)
    let down = Int128(frame.height) * Int128(own.den) * Int128(target.num)
    /// To the nearest, halves up.
    func divided(_ value: Int128, by other: Int128) -> Int128 { (value + other / 2) / other }
    func rounded(_ value: Int128, _ step: Int, _ limit: Int) -> Int {
      min(limit, max(step, Int(clamping: divided(value, by: Int128(step)) * Int128(step))))
    }
    // Compare across / down with width / height.
    let byHeight = divided(Int128(height) * across, by: max(down, 1))
    if byHeight <= Int128(width) {
      return (rounded(byHeight, step.x, width), height)
    }
    let byWidth = divided(Int128(width) * down, by: max(across, 1))
    return (width, rounded(byWidth, step.y, height))
  }
}

extension PixelFormat {
  /// Pixels that share one chroma sample, or one byte.
  var chromaStep: (x: Int, y: Int) {
    let descriptor = av_pix_fmt_desc_get(av)!.pointee
    let bits = descriptor.flags & UInt64(AV_PIX_FMT_FLAG_BITSTREAM) != 0
    return (bits ? 8 : 1 << Int(descriptor.log2_chroma_w), 1 << Int(descriptor.log2_chroma_h))
  }
}

extension Frame {
  /// A black picture of the size, format and colours of another one.
  ///
  /// - Throws: for a format that has no black.
  public static func black(like other: Frame) throws(FFmpegError) -> Frame {
    let frame = try blank(
      width: other.width, height: other.height, pixelFormat: other.pixelFormat)
    try check("paint a picture black") { av_frame_copy_props(frame.av, other.av) }
    try frame.fillBlack()
    return frame
  }

  /// Paints over a frame that nobody else holds yet.
  fileprivate func fillBlack() throws(FFmpegError) {
    try check("paint \(pixelFormat.name) black") {
      planes { data, strides in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 4) { wide in
          for plane in 0..<4 { wide[plane] = Int(strides[plane]) }
          return av_image_fill_black(
            data, wide.baseAddress!, pixelFormat.av,
            pixelFormat.isFullRange(av.pointee.color_range) ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG,
            av.pointee.width, av.pointee.height)
        }
      }
    }
  }

  /// Copies a smaller picture of the same format in, at a place on the grid of the chroma.
  fileprivate func paste(_ picture: Frame, x: Int, y: Int) {
    let format = pixelFormat
    let descriptor = av_pix_fmt_desc_get(format.av)!.pointee
    planes { data, strides in
      picture.planes { source, sourceStrides in
        withPlanes { target, _ in
          for plane in 0..<Int(av_pix_fmt_count_planes(format.av)) {
            let row = plane == 1 || plane == 2 ? y >> Int(descriptor.log2_chroma_h) : y
            // The bytes that `x` pixels take in this plane.
            let offset = Int(av_image_get_linesize(format.av, Int32(x), Int32(plane)))
            target[plane] = data[plane]! + row * Int(strides[plane]) + offset
          }
          if format.hasPalette { target[1] = data[1] }
          source.withMemoryRebound(to: UnsafePointer<UInt8>?.self, capacity: 4) {
            av_image_copy(
              target, strides, $0, sourceStrides, format.av, picture.av.pointee.width,
              picture.av.pointee.height)
          }
        }
      }
    }
  }
}
