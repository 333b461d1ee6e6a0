import Foundation

// Clips whose pictures are out of the ordinary.
extension Clip {
  public static let rotated90 = turned("rotated-90.mp4", [0, 1, -1, 0], shift: (120, 0))
  public static let rotated180 = turned("rotated-180.mp4", [-1, 0, 0, -1], shift: (160, 120))
  public static let rotated270 = turned("rotated-270.mp4", [0, -1, 1, 0], shift: (0, 160))
  public static let flippedHorizontally = turned("flipped-h.mp4", [-1, 0, 0, 1], shift: (160, 0))
  public static let flippedVertically = turned("flipped-v.mp4", [1, 0, 0, -1], shift: (0, 120))
  public static let transposed = turned("transposed.mp4", [0, 1, 1, 0], shift: (0, 0))

  /// HEVC, 10 bit.
  public static let tenBit = Clip("ten-bit.mp4", encoders: ["libx265"]) {
    try $0.generate(x265 + ["-x265-params", "log-level=none:pools=1"])
  }

  /// Interlaced H.264, top field first: 25 frames.
  public static let interlaced = Clip("interlaced.mp4") {
    try $0.generate(
      ["-vf", "interlace=scan=tff", "-flags", "+ilme+ildct"] + EncoderArguments.x264
        + ["-x264-params", "tff=1"])
  }

  /// 161x121 with chroma at half size, so that the chroma planes round up.
  public static let oddSize = Clip("odd-size.mkv", encoders: ["ffv1"]) {
    try $0.generate(
      source: LavfiSource.moving(seconds: 1),
      ["-vf", "scale=161:121:flags=bicubic", "-c:v", "ffv1", "-pix_fmt", "yuv420p"])
  }

  /// 161x121, H.264, chroma at full size.
  public static let oddSize444 = Clip("odd-size-444.mp4") {
    try $0.generate(
      source: LavfiSource.moving(seconds: 1),
      ["-vf", "scale=161:121:flags=bicubic"] + EncoderArguments.x264 + ["-pix_fmt", "yuv444p"])
  }

  /// A straight alpha plane in FFV1.
  public static let alpha = Clip("alpha.mkv", encoders: ["ffv1"]) {
    try $0.generate([
      "-vf", "format=yuva420p,geq=lum='lum(X,Y)':cb='cb(X,Y)':cr='cr(X,Y)':a='X'", "-c:v", "ffv1",
    ])
  }

  /// ARGB in QuickTime Animation.
  public static let alphaPacked = Clip("alpha-packed.mov", encoders: ["qtrle"]) {
    try $0.generate(["-vf", "format=argb", "-c:v", "qtrle"])
  }

  /// Raw pictures with a palette in NUT: pixels are indexes and 256 colours behind them.
  public static let palette = Clip("palette.nut", encoders: ["rawvideo"]) {
    try $0.generate(
      source: LavfiSource.moving(seconds: 1),
      [
        "-vf", "split[a][b];[a]palettegen[p];[b][p]paletteuse,format=pal8", "-c:v", "rawvideo",
        "-pix_fmt", "pal8",
      ])
  }

  public static let gif = Clip("animation.gif", encoders: ["gif"]) {
    try $0.generate(["-vf", "split[a][b];[a]palettegen[p];[b][p]paletteuse", "-c:v", "gif"])
  }

  public static let nv12 = raw("nv12")
  public static let rgb24 = raw("rgb24")

  /// JPEG range in H.264 (yuvj420p).
  public static let fullRange = Clip("full-range.mp4") {
    try $0.generate(
      ["-vf", "scale=out_range=full"] + EncoderArguments.x264 + ["-pix_fmt", "yuvj420p"])
  }

  /// Saturated bars that say that they are BT.709, as HD is.
  public static let bt709 = Clip("bt709.mp4") {
    try $0.generate(
      source:
        "smptehdbars=size=160x120:rate=25:duration=1,format=gbrp,scale=out_color_matrix=bt709",
      EncoderArguments.x264 + [
        "-crf", "1", "-pix_fmt", "yuv420p", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-colorspace", "bt709",
      ])
  }

  /// The same bars, of which nothing is said.
  public static let untagged = Clip("untagged.mp4") {
    try $0.generate(
      source:
        "smptehdbars=size=160x120:rate=25:duration=1,format=gbrp,scale=out_color_matrix=bt601",
      EncoderArguments.x264 + ["-crf", "1", "-pix_fmt", "yuv420p"])
  }

  /// BT.2020, PQ, mastering display and light level, 10 bit.
  public static let hdr = Clip("hdr.mkv", encoders: ["libx265"]) {
    try $0.generate(
      x265 + [
        "-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc",
        "-x265-params",
        "log-level=none:pools=1:hdr10=1:repeat-headers=1:colorprim=bt2020:transfer=smpte2084"
          + ":colormatrix=bt2020nc:max-cll=1000,400:master-display="
          + "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)",
      ])
  }

  /// Pixels of 16:11.
  public static let sampleAspectRatio = Clip("sample-aspect-ratio.mp4") {
    try $0.generate(["-vf", "setsar=16/11"] + EncoderArguments.x264)
  }

  /// 25 frames of 160x120, then 25 of 128x96, in one transport stream.
  public static let sizeChange = Clip("size-change.ts") { maker in
    try maker.generate(
      source: LavfiSource.moving(seconds: 1), EncoderArguments.x264, to: maker.part("1.ts"))
    try maker.generate(
      source: LavfiSource.moving(size: "128x96", seconds: 1),
      EncoderArguments.x264 + ["-output_ts_offset", "1"], to: maker.part("2.ts"))
    try maker.write(maker.read(maker.part("1.ts")) + maker.read(maker.part("2.ts")))
  }

  private static let x265 = [
    "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le",
  ]

  private static func raw(_ format: String) -> Clip {
    Clip("\(format).nut", encoders: ["rawvideo"]) {
      try $0.generate(
        source: LavfiSource.moving(seconds: 1), ["-c:v", "rawvideo", "-pix_fmt", format])
    }
  }

  /// `cfr` with another display matrix in its track header.
  ///
  /// The bytes are changed here because no option of the `ffmpeg` program does it in all versions: `-metadata:s:v
  /// rotate=` is gone since 7, `-display_rotation` came with 6, and 5.1 has nothing that flips.
  private static func turned(_ file: String, _ matrix: [Int32], shift: (Int32, Int32)) -> Clip {
    Clip(file) { maker in
      var data = try maker.read(cfr.path())
      guard let box = data.firstRange(of: Data("tkhd".utf8)) else {
        throw TestSupportError("no track header in '\(cfr.fileName)'")
      }
      // ISO/IEC 14496-12: [a b u; c d v; x y w] in 16.16, the last column in 2.30, after 40 bytes of header.
      let values = [
        matrix[0] << 16, matrix[1] << 16, 0, matrix[2] << 16, matrix[3] << 16, 0,
        shift.0 << 16, shift.1 << 16, 1 << 30,
      ]
      let bytes = values.flatMap { withUnsafeBytes(of: $0.bigEndian, Array.init) }
      let start = box.upperBound + 40
      data.replaceSubrange(start..<start + bytes.count, with: bytes)
      try maker.write(data)
    }
  }
}
