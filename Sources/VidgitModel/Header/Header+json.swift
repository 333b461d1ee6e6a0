extension Header {
  /// Reads `video.json`. The version is checked before anything else.
  public init(json: JSONValue, file: String = FileNames.header) throws(ModelError) {
    var reader = try ObjectReader(json, what: file)
    let format = try Self.version(&reader)
    let side = "a whole number from 1 to \(Field.maximumSide)"
    let ratio = "[num, den] of 32-bit whole numbers"
    self.init(
      name: try reader.required("name", "a name of 1 to 255 bytes", Field.name),
      timebase: try reader.required("timebase", ratio + " above 0", Field.positiveRational),
      start: try reader.required("start", "a whole number", \.int),
      width: try reader.required("width", side, Field.side),
      height: try reader.required("height", side, Field.side),
      sampleAspectRatio: try reader.optional("sampleAspectRatio", ratio, Field.aspectRatio)
        ?? Rational(0, 1),
      pixelFormat: try reader.required(
        "pixelFormat", "the name of a pixel format", Field.identifier))
    self.format = format
    colorRange = try reader.optional("colorRange", "a name", Field.identifier)
    colorMatrix = try reader.optional("colorMatrix", "a name", Field.identifier)
    colorPrimaries = try reader.optional("colorPrimaries", "a name", Field.identifier)
    colorTransfer = try reader.optional("colorTransfer", "a name", Field.identifier)
    chromaLocation = try reader.optional("chromaLocation", "a name", Field.identifier)
    fieldOrder = try reader.optional("fieldOrder", "a name", Field.identifier)
    if let value = reader.value("masteringDisplay") {
      masteringDisplay = try MasteringDisplay(json: value, file: file)
    }
    contentLight = try reader.optional(
      "contentLight", "[maximum, frame average] in whole cd/m2", ContentLight.init(json:))
    audio = try reader.list("audio", limit: 64) { (value, place) throws(ModelError) in
      try AudioSource(json: value, file: file, path: place + ".")
    }
    stores = try reader.addresses("stores")
    extra = reader.unknown
  }

  private static func version(_ reader: inout ObjectReader) throws(ModelError) -> String {
    let format = try reader.required("format", "\"\(Header.format)\"", \.string)
    let parts = format.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = (parts.count == 2 ? parts[1] : "").split(
      separator: ".", omittingEmptySubsequences: false)
    guard parts.first == "vidgit", (1...2).contains(numbers.count),
      numbers.allSatisfy(isVersionNumber), let major = Int(numbers[0])
    else {
      throw reader.failure(
        "format", "is not \"\(Header.format)\"", hint: "this is not a vidgit repository")
    }
    guard major <= Header.major else {
      throw reader.failure(
        "format", "is \"vidgit/\(major)\": the repository was made by a newer vidgit",
        hint: "install a newer version of vidgit; this one reads \(Header.format)")
    }
    guard major == Header.major else {
      throw reader.failure("format", "is \"vidgit/\(major)\", which never was a version")
    }
    return format
  }

  private static func isVersionNumber(_ text: Substring) -> Bool {
    (1...9).contains(text.utf8.count) && text.utf8.allSatisfy(\.isASCIIDigit)
      && (text == "0" || text.first != "0")
  }

  /// The whole file, unknown keys last.
  public var json: JSONValue {
    var object = JSONObject()
    object["format"] = .string(format)
    object["name"] = .string(name)
    object["timebase"] = timebase.json
    object["start"] = .int(start)
    object["width"] = .int(Int64(width))
    object["height"] = .int(Int64(height))
    object["sampleAspectRatio"] = sampleAspectRatio.json
    object["pixelFormat"] = .string(pixelFormat)
    object["colorRange"] = colorRange.map { .string($0) }
    object["colorMatrix"] = colorMatrix.map { .string($0) }
    object["colorPrimaries"] = colorPrimaries.map { .string($0) }
    object["colorTransfer"] = colorTransfer.map { .string($0) }
    object["chromaLocation"] = chromaLocation.map { .string($0) }
    object["fieldOrder"] = fieldOrder.map { .string($0) }
    object["masteringDisplay"] = masteringDisplay?.json
    object["contentLight"] = contentLight?.json
    object["audio"] = .array(audio.map(\.json))
    object["stores"] = .array(stores.map { .string($0) })
    object.append(contentsOf: extra)
    return .object(object)
  }

  /// The bytes of `video.json`.
  public func fileBytes() -> [UInt8] { json.pretty() }
}

extension AudioSource {
  init(json: JSONValue, file: String, path: String) throws(ModelError) {
    var reader = try ObjectReader(json, what: file, path: path)
    let media = try reader.required("media", "\"media/<name>.json\"") {
      $0.string.flatMap { FileNames.isMediaPath($0) ? $0 : nil }
    }
    let stream = try reader.required("stream", "a stream's index", Field.count)
    self.init(media: media, stream: stream)
    extra = reader.unknown
  }

  var json: JSONValue {
    var object: JSONObject = ["media": .string(media), "stream": .int(Int64(stream))]
    object.append(contentsOf: extra)
    return .object(object)
  }
}

extension ContentLight {
  init?(json: JSONValue) {
    guard let values = json.array, values.count == 2, let maximum = Field.count(values[0]),
      let average = Field.count(values[1])
    else { return nil }
    self.init(maximum: maximum, frameAverage: average)
  }

  var json: JSONValue { [.int(Int64(maximum)), .int(Int64(frameAverage))] }
}

extension MasteringDisplay {
  init(json: JSONValue, file: String) throws(ModelError) {
    var reader = try ObjectReader(json, what: file, path: "masteringDisplay.")
    let pair = "[x, y], each [num, den]"
    let red = try reader.optional("red", pair, Self.chromaticity)
    let green = try reader.optional("green", pair, Self.chromaticity)
    let blue = try reader.optional("blue", pair, Self.chromaticity)
    let white = try reader.optional("whitePoint", pair, Self.chromaticity)
    let range = try reader.optional("luminance", "[minimum, maximum], each [num, den]", Self.pair)
    var primaries: Primaries?
    if let red, let green, let blue, let white {
      primaries = Primaries(red: red, green: green, blue: blue, whitePoint: white)
    } else if red != nil || green != nil || blue != nil || white != nil {
      throw ModelError(
        file, reason: "'masteringDisplay' has some of red, green, blue and whitePoint, not all")
    }
    self.init(
      primaries: primaries,
      luminance: range.map { Luminance(minimum: $0.0, maximum: $0.1) })
  }

  private static func pair(_ json: JSONValue) -> (Rational, Rational)? {
    guard let values = json.array, values.count == 2, let first = Field.rational(values[0]),
      let second = Field.rational(values[1])
    else { return nil }
    return (first, second)
  }

  private static func chromaticity(_ json: JSONValue) -> Chromaticity? {
    pair(json).map { Chromaticity(x: $0.0, y: $0.1) }
  }

  var json: JSONValue {
    var object = JSONObject()
    func pair(_ color: Chromaticity) -> JSONValue { [color.x.json, color.y.json] }
    object["red"] = primaries.map { pair($0.red) }
    object["green"] = primaries.map { pair($0.green) }
    object["blue"] = primaries.map { pair($0.blue) }
    object["whitePoint"] = primaries.map { pair($0.whitePoint) }
    object["luminance"] = luminance.map { [$0.minimum.json, $0.maximum.json] }
    return .object(object)
  }
}

extension Field {
  /// `[num, den]`, neither below zero; 0/1 says that it is unknown.
  static func aspectRatio(_ value: JSONValue) -> Rational? {
    rational(value).flatMap { $0.num >= 0 ? $0 : nil }
  }
}
