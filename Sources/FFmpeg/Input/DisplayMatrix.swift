import CFFmpeg

/// How a player turns and mirrors the picture (`libavutil/display.h`): nine 16.16 fixed-point
/// numbers.
struct DisplayMatrix: Equatable {
  private let values: [Int32]

  init?(bytes: UnsafePointer<UInt8>?, size: Int) {
    guard let bytes, size >= 9 * 4 else { return nil }
    let raw = UnsafeRawPointer(bytes)
    values = (0..<9).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Int32.self) }
  }

  init?(stream: UnsafePointer<AVStream>) {
    var size = 0
    let bytes = vg_stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size)
    self.init(bytes: bytes, size: size)
  }

  init?(frame: UnsafePointer<AVFrame>) {
    guard let data = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX) else { return nil }
    self.init(bytes: data.pointee.data, size: Int(data.pointee.size))
  }

  /// Degrees clockwise in [0, 360), as `get_rotation` of FFmpeg's programs computes them.
  var degrees: Double {
    let counterClockwise = av_display_rotation_get(values)
    guard counterClockwise.isFinite else { return 0 }
    let theta = -counterClockwise.rounded(.toNearestOrAwayFromZero)
    return theta - 360 * (theta / 360 + 0.9 / 360).rounded(.down)
  }

  var roundedDegrees: Int { Int(degrees.rounded()) }

  /// The filters that turn the picture upright: those that the `ffmpeg` program inserts by itself
  /// (`-autorotate`, `configure_input_video_filter` in fftools).
  var uprightFilters: [FilterGraph.Node] {
    let theta = degrees
    if abs(theta - 90) < 1 {
      return [transpose(values[3] > 0 ? "cclock_flip" : "clock")]
    }
    if abs(theta - 180) < 1 {
      return (values[0] < 0 ? [.init("hflip")] : []) + (values[4] < 0 ? [.init("vflip")] : [])
    }
    if abs(theta - 270) < 1 {
      return [transpose(values[3] < 0 ? "clock_flip" : "cclock")]
    }
    if abs(theta) > 1 {
      return [.init("rotate", [("angle", "\(theta)*PI/180")])]
    }
    return values[4] < 0 ? [.init("vflip")] : []
  }

  private func transpose(_ direction: String) -> FilterGraph.Node {
    .init("transpose", [("dir", direction)])
  }
}
