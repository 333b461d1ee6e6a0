import CFFmpeg

/// What the linked libavfilter says of one of its filters.
public struct FilterInfo: Sendable {
  /// How the value of an option is written.
  public enum OptionKind: Sendable {
    /// A number, a flag, a truth value, or one of `Option.constants`.
    case number
    /// Free text: an expression, a list, a path, ... Only the filter knows.
    case text
    case color
    /// "640x360".
    case size
    /// "16/9" or "25".
    case rational
    /// A time in seconds or as 00:00:01.5.
    case duration
    case pixelFormat
    /// A value that has no use in a recipe: a dictionary, raw bytes, a layout of sound.
    case other
  }

  public struct Option: Sendable {
    public let name: String
    public let kind: OptionKind
    public let minimum: Double
    public let maximum: Double
    /// Names that the option takes for numbers.
    public let constants: Set<String>
    /// The other name of this option where it is an alias, else its own.
    public let canonicalName: String
  }

  public let name: String
  /// In the order of declaration, which is the order of unnamed values; aliases follow their option.
  public let options: [Option]

  /// nil where the linked libavfilter has no such filter.
  public init?(name: String) {
    guard let filter = avfilter_get_by_name(name) else { return nil }
    self.name = String(cString: filter.pointee.name)
    options = Self.options(of: filter.pointee.priv_class)
  }

  public func option(named name: String) -> Option? {
    options.first { $0.name == name }
  }

  /// The names that unnamed values take, in order: those of `options` without aliases.
  public var order: [String] {
    options.filter { $0.name == $0.canonicalName }.map(\.name)
  }

  /// The names of all filters of the linked libavfilter.
  public static var all: [String] {
    var names: [String] = []
    var cursor: UnsafeMutableRawPointer?
    while let filter = av_filter_iterate(&cursor) {
      names.append(String(cString: filter.pointee.name))
    }
    return names
  }

  private static func options(of definition: UnsafePointer<AVClass>?) -> [Option] {
    guard var definition else { return [] }
    var result: [Option] = []
    var constants: [String: Set<String>] = [:]
    var units: [String: String] = [:]
    var offsets: [Int32: String] = [:]
    var raw: [AVOption] = []
    withUnsafePointer(to: &definition) { object in
      var option: UnsafePointer<AVOption>?
      while let next = av_opt_next(object, option) {
        option = next
        raw.append(next.pointee)
      }
    }
    for option in raw where option.type == AV_OPT_TYPE_CONST {
      if let unit = option.unit {
        constants[String(cString: unit), default: []].insert(String(cString: option.name))
      }
    }
    for option in raw where option.type != AV_OPT_TYPE_CONST {
      let name = String(cString: option.name)
      if let unit = option.unit { units[name] = String(cString: unit) }
      let canonical = offsets[option.offset] ?? name
      offsets[option.offset] = canonical
      result.append(
        Option(
          name: name, kind: OptionKind(option.type), minimum: option.min, maximum: option.max,
          constants: units[name].flatMap { constants[$0] } ?? [], canonicalName: canonical))
    }
    return result
  }
}

extension FilterInfo.OptionKind {
  init(_ type: AVOptionType) {
    switch type {
    case AV_OPT_TYPE_INT, AV_OPT_TYPE_INT64, AV_OPT_TYPE_UINT64, AV_OPT_TYPE_DOUBLE,
      AV_OPT_TYPE_FLOAT, AV_OPT_TYPE_BOOL, AV_OPT_TYPE_FLAGS:
      self = .number
    case AV_OPT_TYPE_STRING: self = .text
    case AV_OPT_TYPE_COLOR: self = .color
    case AV_OPT_TYPE_IMAGE_SIZE: self = .size
    case AV_OPT_TYPE_RATIONAL, AV_OPT_TYPE_VIDEO_RATE: self = .rational
    case AV_OPT_TYPE_DURATION: self = .duration
    case AV_OPT_TYPE_PIXEL_FMT: self = .pixelFormat
    default: self = .other
    }
  }
}
