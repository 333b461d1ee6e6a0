import CFFmpeg

/// Finds out whether an encoder and a container give pictures back bit for bit.
public enum LosslessTrial {
  /// Writes one picture of noise to `path` in the way that a video of `shape` would be, and reads it
  /// again. The file is left for its owner to remove.
  ///
  /// - Returns: false also where the encoder or the container refuses.
  /// - Throws: where the disk fails.
  public static func keepsEveryBit(
    _ settings: VideoEncoderSettings, _ shape: VideoShape, in container: ContainerFormat,
    path: String
  ) throws(FFmpegError) -> Bool {
    let format = settings.pixelFormat ?? shape.sourceFormat
    do {
      let picture = try Frame.noise(width: shape.width, height: shape.height, pixelFormat: format)
      try write(picture.with(pts: 0, duration: 1), settings, shape, container, path)
      let reader = try VideoReader(path: path, options: .init(threads: 1))
      guard let result = try reader.next(), result.width == picture.width,
        result.height == picture.height, result.pixelFormat.withoutImpliedRange == format
      else { return false }
      return result.copyOfBytes == picture.copyOfBytes
    } catch {
      let disk: Set = [ENOSPC, EDQUOT, EFBIG, EIO, EROFS, EACCES, ENOENT, ENOMEM]
      if let code = error.posixCode, disk.contains(code) { throw error }
      return false
    }
  }

  private static func write(
    _ picture: Frame, _ settings: VideoEncoderSettings, _ shape: VideoShape,
    _ container: ContainerFormat, _ path: String
  ) throws(FFmpegError) {
    var encoder = try VideoEncoder(
      settings, for: shape, globalHeader: container.needsGlobalHeaders)
    var muxer = try Muxer(path: path, format: container)
    let stream = try muxer.addStream(encoder)
    try muxer.writeHeader()
    try encoder.send(picture)
    try encoder.finish()
    while !encoder.isDrained {
      while let packet = try encoder.receive() {
        try muxer.write(packet, to: stream, timebase: encoder.timebase)
      }
    }
    try muxer.finish()
  }
}

extension Frame {
  /// A picture whose every bit is as likely 0 as 1, always the same one, with nothing above the
  /// depth of its samples.
  static func noise(
    width: Int, height: Int, pixelFormat: PixelFormat
  ) throws(FFmpegError) -> Frame {
    let count = pixelFormat.byteCount(width: width, height: height) ?? 0
    let mask = pixelFormat.sampleMask
    var bytes = [UInt8](repeating: 0, count: count)
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    for index in bytes.indices {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      bytes[index] = UInt8(truncatingIfNeeded: state >> 32) & mask[index & 1]
    }
    var result: Result<Frame, FFmpegError>?
    bytes.withUnsafeBytes { bytes in
      result = Result { () throws(FFmpegError) in
        try Frame(width: width, height: height, pixelFormat: pixelFormat, bytes: bytes)
      }
    }
    return try result!.get()
  }
}

extension PixelFormat {
  /// The bits that a sample may set, for the first and the second byte of two.
  fileprivate var sampleMask: [UInt8] {
    guard let descriptor = av_pix_fmt_desc_get(av)?.pointee else { return [0xff, 0xff] }
    let first = descriptor.comp.0
    let all = [first, descriptor.comp.1, descriptor.comp.2, descriptor.comp.3]
      .prefix(Int(descriptor.nb_components))
    guard first.depth > 8, first.depth < 16,
      all.allSatisfy({ $0.depth == first.depth && $0.shift == first.shift })
    else { return [0xff, 0xff] }
    let bits = UInt16((1 << first.depth) - 1) << UInt16(first.shift)
    let (low, high) = (UInt8(bits & 0xff), UInt8(bits >> 8))
    let isBigEndian = descriptor.flags & UInt64(AV_PIX_FMT_FLAG_BE) != 0
    return isBigEndian ? [high, low] : [low, high]
  }
}
