import CFFmpeg

/// A file of one picture that keeps every bit, in the picture's own pixel format: NUT with the first
/// of Ut Video, FFV1, PNG and FFmpeg's Huffyuv that takes the format, else with the bare pixels.
///
/// FFV1 makes files a third smaller, and takes ten times as long and 148 bytes of memory a pixel:
/// 307 MB for each picture of 1080p. Huffyuv comes last, since it gives RGB back as another format.
public enum FrameFile {
  /// The same pixels give the same bytes with the same libav, whatever else the frame says.
  ///
  /// Any program that decodes with libav finds exactly one picture of the frame's size, pixel format
  /// and bytes in it. Only `yuvj` formats come back as their `yuv` twins: the same bytes, the range
  /// told elsewhere.
  ///
  /// - Throws: an error for a pixel format that NUT has no tag for.
  public static func encode(_ frame: Frame) throws(FFmpegError) -> [UInt8] {
    let format = frame.pixelFormat.withoutImpliedRange
    let coded =
      if let planes = try coded(frame, format, with: "utvideo", ("pred", "median")) {
        planes
      } else if let small = try compressed(frame, format) {
        small
      } else if let packed = try coded(frame, format, with: "png", ("pred", "sub")) {
        packed
      } else if let odd = try coded(frame, format, with: "ffvhuff", ("pred", "left")) {
        odd
      } else {
        try bare(frame, format)
      }
    let sink = MemorySink()
    var muxer = try Muxer(sink, format: ContainerFormat(name: "nut"), bitexact: true)
    let stream = try muxer.addStream(copying: coded.parameters)
    try muxer.writeHeader()
    try muxer.write(coded.packet, to: stream, timebase: coded.parameters.timebase)
    try muxer.finish()
    return sink.bytes
  }

  /// nil where an encoder does not take the format or the size, or would not give every bit back: what
  /// it makes is always looked at.
  private static func coded(
    _ frame: Frame, _ format: PixelFormat, with name: String,
    _ option: (name: String, value: String)
  ) throws(FFmpegError) -> (packet: Packet, parameters: StreamParameters)? {
    guard let codec = avcodec_find_encoder_by_name(name), codec.pixelFormats.contains(format),
      let coded = try? SinglePictureEncoder.encode(
        frame, as: format, with: name,
        { context throws(FFmpegError) in
          context.pointee.compression_level = 1
          try context.set(option.name, option.value, name)
        })
    else { return nil }
    return try SinglePictureEncoder.decodes(coded, to: frame) ? coded : nil
  }

  private static func bare(
    _ frame: Frame, _ format: PixelFormat
  ) throws(FFmpegError) -> (packet: Packet, parameters: StreamParameters) {
    guard avcodec_pix_fmt_to_codec_tag(format.av) != 0 else {
      throw FFmpegError(
        invalid: "keep a picture of \(format.name)", detail: "no lossless file format takes it")
    }
    return try SinglePictureEncoder.encode(frame, as: format, with: "rawvideo") { _ in }
  }

  /// nil where FFV1 does not take the format, or would not give every bit back.
  private static func compressed(
    _ frame: Frame, _ format: PixelFormat
  ) throws(FFmpegError) -> (packet: Packet, parameters: StreamParameters)? {
    guard takesFFV1(frame, format) else { return nil }
    let coded = try SinglePictureEncoder.encode(frame, as: format, with: "ffv1") {
      context throws(FFmpegError) in
      // Version 3, slices as the library likes, each with a checksum; every picture stands alone.
      context.pointee.level = 3
      context.pointee.gop_size = 1
      try context.set("slicecrc", "1", "ffv1")
    }
    // libavcodec 59 loses pixels of tiny pictures, and chroma where the border of two slices lies
    // inside a sample, so that what it makes of such sizes is looked at.
    let step = format.chromaStep
    let clean =
      frame.width >= 64 && frame.height >= 64
      && frame.width % (4 * step.x) == 0 && frame.height % (4 * step.y) == 0
    if !clean, try !SinglePictureEncoder.decodes(coded, to: frame) { return nil }
    return coded
  }

  private static func takesFFV1(_ frame: Frame, _ format: PixelFormat) -> Bool {
    guard let codec = avcodec_find_encoder_by_name("ffv1"), codec.pixelFormats.contains(format)
    else { return false }
    // FFV1 keeps the bits of colour and alpha only: not the fourth byte of `bgr0`, and not what lies
    // above the depth of a sample in two bytes.
    let descriptor = av_pix_fmt_desc_get(format.av)!.pointee
    let depth = Int(descriptor.comp.0.depth)
    let packed = descriptor.flags & UInt64(AV_PIX_FMT_FLAG_PLANAR) == 0
    if packed, descriptor.comp.0.step > Int32(descriptor.nb_components) { return false }
    return depth <= 8 || depth == 16 || frame.fits(depth: depth)
  }
}

extension Frame {
  /// Whether no sample of two bytes in native order has a bit set above `depth`.
  fileprivate func fits(depth: Int) -> Bool {
    var seen: UInt16 = 0
    forEachRun { run in
      for sample in run.bindMemory(to: UInt16.self) { seen |= sample }
    }
    return seen >> UInt16(depth) == 0
  }
}
