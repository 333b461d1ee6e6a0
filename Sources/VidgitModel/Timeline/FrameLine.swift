/// One line of the timeline: a frame, how long it shows, and how to get its pixels back.
///
/// Takes 120 bytes of memory; `uri` and `filters` are shared between lines that `ShardParser` read.
public struct FrameLine: Hashable, Sendable {
  /// The frame's presentation timestamp in its source, in that stream's timebase.
  public var pts: Int64
  /// How long it shows, in ticks of the timeline's timebase; always more than zero.
  public var dur: Int64
  /// The SHA-256 of the pixels after all filters.
  public var hash: Digest
  /// Where the source frame comes from: "media/<name>.json", or the absolute URI of one image.
  public var uri: String
  /// The hash before any filter; there exactly where `filters` is not empty.
  public var source: Digest?
  /// Recipe ids in the order applied.
  public var filters: [String]
  private var rare: Rare?

  /// What few lines have: kept apart, so that the others do not pay for it.
  private final class Rare: Hashable, Sendable {
    let format: String?
    let width: Int?
    let height: Int?
    let extra: JSONObject

    init(format: String?, width: Int?, height: Int?, extra: JSONObject) {
      self.format = format
      self.width = width
      self.height = height
      self.extra = extra
    }

    static func == (left: Rare, right: Rare) -> Bool {
      left.format == right.format && left.width == right.width && left.height == right.height
        && left.extra == right.extra
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(format)
      hasher.combine(width)
      hasher.combine(height)
      hasher.combine(extra)
    }
  }

  public init(
    pts: Int64, dur: Int64, hash: Digest, uri: String, source: Digest? = nil,
    filters: [String] = [], format: String? = nil, width: Int? = nil, height: Int? = nil,
    extra: JSONObject = JSONObject()
  ) {
    self.pts = pts
    self.dur = dur
    self.hash = hash
    self.uri = uri
    self.source = source
    self.filters = filters
    setRare(format, width, height, extra)
  }

  /// The pixel format, where it is not the header's.
  public var format: String? {
    get { rare?.format }
    set { setRare(newValue, width, height, extra) }
  }

  /// The width, where it is not the header's.
  public var width: Int? {
    get { rare?.width }
    set { setRare(format, newValue, height, extra) }
  }

  /// The height, where it is not the header's.
  public var height: Int? {
    get { rare?.height }
    set { setRare(format, width, newValue, extra) }
  }

  /// Keys that this version does not know, kept as they were.
  public var extra: JSONObject {
    get { rare?.extra ?? JSONObject() }
    set { setRare(format, width, height, newValue) }
  }

  private mutating func setRare(
    _ format: String?, _ width: Int?, _ height: Int?, _ extra: JSONObject
  ) {
    let isEmpty = format == nil && width == nil && height == nil && extra.isEmpty
    rare = isEmpty ? nil : Rare(format: format, width: width, height: height, extra: extra)
  }
}

extension FrameLine {
  /// The hash of the source frame's own pixels.
  public var sourceHash: Digest { source ?? hash }

  /// The shape of the frame in a timeline with this header.
  public func shape(in header: Header) -> FrameShape {
    guard rare != nil else { return header.shape }
    return FrameShape(
      width: width ?? header.width, height: height ?? header.height,
      pixelFormat: format ?? header.pixelFormat)
  }

  /// What names the frame's stored pixels.
  public func key(in header: Header) -> FrameKey {
    FrameKey(digest: hash, shape: shape(in: header))
  }

  /// Writes the overrides that this shape needs in a timeline with this header, and no others.
  public mutating func setShape(_ shape: FrameShape, in header: Header) {
    setRare(
      shape.pixelFormat == header.pixelFormat ? nil : shape.pixelFormat,
      shape.width == header.width ? nil : shape.width,
      shape.height == header.height ? nil : shape.height, extra)
  }
}
