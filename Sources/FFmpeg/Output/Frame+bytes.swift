import CFFmpeg

extension Frame {
  /// A frame without pixels of its own yet, to be written before it is handed on.
  static func blank(
    width: Int, height: Int, pixelFormat: PixelFormat
  ) throws(FFmpegError) -> Frame {
    let frame = try Frame()
    frame.av.pointee.width = Int32(width)
    frame.av.pointee.height = Int32(height)
    frame.av.pointee.format = pixelFormat.av.rawValue
    try check("hold a picture of \(width)x\(height) \(pixelFormat.name)") {
      av_frame_get_buffer(frame.av, 0)
    }
    return frame
  }

  /// A frame of the given pixels: every plane in order, row by row, without padding, as
  /// `forEachRun` hands them out (`av_image_fill_arrays` with alignment 1).
  public convenience init(
    width: Int, height: Int, pixelFormat: PixelFormat, bytes: UnsafeRawBufferPointer
  ) throws(FFmpegError) {
    let blank = try Frame.blank(width: width, height: height, pixelFormat: pixelFormat)
    guard bytes.count == blank.byteCount else {
      throw FFmpegError(
        invalid: "make a picture of \(width)x\(height) \(pixelFormat.name)",
        detail: "\(bytes.count) bytes, where \(blank.byteCount) are needed")
    }
    blank.planes { data, strides in
      let base = bytes.baseAddress!.assumingMemoryBound(to: UInt8.self)
      withPlanes { source, sourceStrides in
        _ = av_image_fill_arrays(
          source, sourceStrides, base, pixelFormat.av, Int32(width), Int32(height), 1)
        source.withMemoryRebound(to: UnsafePointer<UInt8>?.self, capacity: 4) {
          av_image_copy(
            data, strides, $0, sourceStrides, pixelFormat.av, Int32(width), Int32(height))
        }
      }
    }
    self.init(owning: try allocated("reference a frame", av_frame_clone(blank.av)))
  }

  /// What `forEachRun` hands out, in one piece.
  var copyOfBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    forEachRun { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// Hands out the pointers and strides of the planes, for C calls that read or write them.
  func planes<R>(
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int32>) -> R
  ) -> R {
    withUnsafeMutablePointer(to: &av.pointee.data) { data in
      withUnsafeMutablePointer(to: &av.pointee.linesize) { strides in
        data.withMemoryRebound(to: UnsafeMutablePointer<UInt8>?.self, capacity: 8) { data in
          strides.withMemoryRebound(to: Int32.self, capacity: 8) { body(data, $0) }
        }
      }
    }
  }
}

/// Room for four plane pointers and strides, during `body`.
func withPlanes<R>(
  _ body: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int32>) -> R
) -> R {
  withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<UInt8>?.self, capacity: 4) { planes in
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: 4) { strides in
      planes.initialize(repeating: nil)
      strides.initialize(repeating: 0)
      return body(planes.baseAddress!, strides.baseAddress!)
    }
  }
}
