import FFmpeg

/// The shape in which the pictures of a page are shown: small, with square pixels, 4:2:0.
struct PictureLook {
  /// Pixels, both even.
  let width: Int
  let height: Int
  /// What the frame was like for which this was made.
  private let source: Source

  private struct Source: Equatable {
    let width: Int
    let height: Int
    let aspect: Ratio

    init(_ frame: Frame) {
      width = frame.width
      height = frame.height
      aspect = frame.sampleAspectRatio
    }
  }

  static let format = PixelFormat(name: "yuv420p")!

  /// No larger than the frame itself, nor than `most` pixels on the longer side.
  init(_ frame: Frame, most: Int) {
    source = Source(frame)
    let side = max(2, min(most, max(frame.width, frame.height)))
    let box = ContactSheet.Box(width: side, height: side).size(of: frame)
    func even(_ value: Int) -> Int { max(2, (value + 1) / 2 * 2) }
    width = even(box.width)
    height = even(box.height)
  }

  /// A frame in this shape: scaled, and where it has another shape than the first, with black beside
  /// it.
  func picture(of frame: Frame, with scaler: inout Scaler) throws(FFmpegError) -> Frame {
    guard Source(frame) == source else {
      return try scaler.fit(
        frame, width: width, height: height, pixelFormat: Self.format,
        sampleAspectRatio: Ratio(1, 1), range: "tv")
    }
    let scaled = try scaler.convert(
      frame, to: Self.format, width: width, height: height, range: "tv")
    return try scaled.with(colour: scaled.colour, sampleAspectRatio: Ratio(1, 1))
  }
}
