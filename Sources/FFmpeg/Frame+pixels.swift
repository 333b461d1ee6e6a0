import CFFmpeg

extension Frame {
  /// The size in bytes of all planes without padding (`av_image_get_buffer_size`, alignment 1).
  public var byteCount: Int {
    Int(av_image_get_buffer_size(pixelFormat.av, av.pointee.width, av.pointee.height, 1))
  }

  /// Hands out the pixels: every plane in order, row by row, without the padding between rows.
  ///
  /// The bytes are those of `av_image_copy_to_buffer` with alignment 1, which are what FFmpeg's
  /// rawvideo encoder writes and its framehash muxer hashes: a palette follows its picture.
  public func forEachRun(_ body: (UnsafeRawBufferPointer) -> Void) {
    let format = pixelFormat
    let descriptor = av_pix_fmt_desc_get(format.av)!.pointee
    let planes = Int(av_pix_fmt_count_planes(format.av))
    for plane in 0..<planes {
      guard let data = Self.plane(av.pointee.data, plane) else { continue }
      let stride = Int(Self.plane(av.pointee.linesize, plane))
      let width = Int(av_image_get_linesize(format.av, av.pointee.width, Int32(plane)))
      let shift = plane == 1 || plane == 2 ? Int(descriptor.log2_chroma_h) : 0
      let rows = (height + (1 << shift) - 1) >> shift
      if stride == width {
        body(UnsafeRawBufferPointer(start: data, count: width * rows))
      } else {
        for row in 0..<rows {
          body(UnsafeRawBufferPointer(start: data + row * stride, count: width))
        }
      }
    }
    if format.hasPalette, let palette = av.pointee.data.1 {
      body(UnsafeRawBufferPointer(start: palette, count: 256 * 4))
    }
  }

  private static func plane<T>(
    _ tuple: (T, T, T, T, T, T, T, T), _ index: Int
  ) -> T {
    withUnsafeBytes(of: tuple) { $0.assumingMemoryBound(to: T.self)[index] }
  }
}
