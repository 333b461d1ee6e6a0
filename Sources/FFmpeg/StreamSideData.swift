import CFFmpeg

/// Side data of a whole stream: its type and its bytes.
struct StreamSideData: Sendable {
  let type: AVPacketSideDataType
  let bytes: [UInt8]

  static func all(of stream: UnsafePointer<AVStream>) -> [StreamSideData] {
    (0..<vg_stream_side_data_count(stream)).compactMap { index in
      var type = AV_PKT_DATA_NB
      var size = 0
      guard let data = vg_stream_side_data_at(stream, index, &type, &size) else { return nil }
      return StreamSideData(
        type: type, bytes: Array(UnsafeBufferPointer(start: data, count: size)))
    }
  }

  func add(to stream: UnsafeMutablePointer<AVStream>) throws(FFmpegError) {
    try check("keep the side data of a stream") {
      vg_stream_add_side_data(stream, type, bytes, bytes.count)
    }
  }
}

/// The display that a video was graded on: SMPTE ST 2086.
public struct MasteringDisplay: Hashable, Sendable {
  /// A chromaticity in CIE 1931 xy.
  public struct Point: Hashable, Sendable {
    public var x: Ratio
    public var y: Ratio

    public init(x: Ratio, y: Ratio) {
      self.x = x
      self.y = y
    }
  }

  /// Red, green, blue and the white point; nil where the stream has luminance only.
  public var primaries: (red: Point, green: Point, blue: Point, white: Point)? {
    chromaticities.map { ($0[0], $0[1], $0[2], $0[3]) }
  }

  /// Candelas a square metre; nil where the stream has primaries only.
  public var luminance: (min: Ratio, max: Ratio)? {
    luminances.map { ($0[0], $0[1]) }
  }

  private var chromaticities: [Point]?
  private var luminances: [Ratio]?

  public init(
    primaries: (red: Point, green: Point, blue: Point, white: Point)?,
    luminance: (min: Ratio, max: Ratio)?
  ) {
    chromaticities = primaries.map { [$0.red, $0.green, $0.blue, $0.white] }
    luminances = luminance.map { [$0.min, $0.max] }
  }

  init?(_ data: StreamSideData) {
    guard data.type == AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
      data.bytes.count >= MemoryLayout<AVMasteringDisplayMetadata>.size
    else { return nil }
    self.init(data.bytes.withUnsafeBytes { $0.loadUnaligned(as: AVMasteringDisplayMetadata.self) })
  }

  init(_ metadata: AVMasteringDisplayMetadata) {
    let red = metadata.display_primaries.0
    let green = metadata.display_primaries.1
    let blue = metadata.display_primaries.2
    let white = metadata.white_point
    if metadata.has_primaries != 0 {
      chromaticities = [red, green, blue, white].map { Point(x: Ratio($0.0), y: Ratio($0.1)) }
    }
    if metadata.has_luminance != 0 {
      luminances = [Ratio(metadata.min_luminance), Ratio(metadata.max_luminance)]
    }
  }

  var sideData: StreamSideData {
    var metadata = AVMasteringDisplayMetadata()
    if let points = chromaticities {
      metadata.has_primaries = 1
      metadata.display_primaries.0 = (points[0].x.av, points[0].y.av)
      metadata.display_primaries.1 = (points[1].x.av, points[1].y.av)
      metadata.display_primaries.2 = (points[2].x.av, points[2].y.av)
      metadata.white_point = (points[3].x.av, points[3].y.av)
    }
    if let luminances {
      metadata.has_luminance = 1
      metadata.min_luminance = luminances[0].av
      metadata.max_luminance = luminances[1].av
    }
    return StreamSideData(
      type: AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
      bytes: withUnsafeBytes(of: metadata) { Array($0) })
  }
}

extension Frame {
  /// The display that the frame's own stream names, if any: some files say so only there.
  public var masteringDisplay: MasteringDisplay? {
    sideData(AV_FRAME_DATA_MASTERING_DISPLAY_METADATA, as: AVMasteringDisplayMetadata.self)
      .map { MasteringDisplay($0) }
  }

  /// The light level that the frame's own stream names, if any.
  public var contentLight: ContentLight? {
    sideData(AV_FRAME_DATA_CONTENT_LIGHT_LEVEL, as: AVContentLightMetadata.self)
      .map { ContentLight($0) }
  }

  private func sideData<Value>(_ type: AVFrameSideDataType, as: Value.Type) -> Value? {
    guard let data = av_frame_get_side_data(av, type), data.pointee.size >= MemoryLayout<Value>.size
    else { return nil }
    return UnsafeRawPointer(data.pointee.data).loadUnaligned(as: Value.self)
  }
}

/// How bright the content gets: CTA-861.3, in candelas a square metre.
public struct ContentLight: Hashable, Sendable {
  /// The brightest pixel of the whole (MaxCLL).
  public var maximum: UInt32
  /// The brightest average of a frame (MaxFALL).
  public var maximumFrameAverage: UInt32

  public init(maximum: UInt32, maximumFrameAverage: UInt32) {
    self.maximum = maximum
    self.maximumFrameAverage = maximumFrameAverage
  }

  init?(_ data: StreamSideData) {
    guard data.type == AV_PKT_DATA_CONTENT_LIGHT_LEVEL,
      data.bytes.count >= MemoryLayout<AVContentLightMetadata>.size
    else { return nil }
    self.init(data.bytes.withUnsafeBytes { $0.loadUnaligned(as: AVContentLightMetadata.self) })
  }

  init(_ metadata: AVContentLightMetadata) {
    self.init(maximum: metadata.MaxCLL, maximumFrameAverage: metadata.MaxFALL)
  }

  var sideData: StreamSideData {
    let metadata = AVContentLightMetadata(MaxCLL: maximum, MaxFALL: maximumFrameAverage)
    return StreamSideData(
      type: AV_PKT_DATA_CONTENT_LIGHT_LEVEL, bytes: withUnsafeBytes(of: metadata) { Array($0) })
  }
}
