extension MediaDescriptor {
  static let maximumStreams = 256

  /// Reads a media descriptor.
  public init(json: JSONValue, file: String) throws(ModelError) {
    var reader = try ObjectReader(json, what: file)
    let name = try reader.required("name", "a file's name without its folder") {
      Field.name($0).flatMap { $0.utf8.contains(UInt8(ascii: "/")) ? nil : $0 }
    }
    let sha256 = try reader.required(
      "sha256", "'sha256:' and 64 lower-case hexadecimal digits", Field.digest)
    let size = try reader.required("size", "a number of bytes") {
      $0.int.flatMap { $0 >= 0 ? $0 : nil }
    }
    let container = try reader.required("container", "the name of a format", Field.identifier)
    let videoStream = try reader.required("videoStream", "a stream's index", Field.count)
    let isSalvaged = try reader.optional("salvaged", "true or false", \.bool) ?? false
    guard reader.object["streams"] != nil else {
      throw ModelError(file, reason: "the key 'streams' is missing")
    }
    let limit = Self.maximumStreams
    let streams = try reader.list("streams", limit: limit) { (value, place) throws(ModelError) in
      try MediaStream(json: value, file: file, path: place + ".")
    }
    guard Set(streams.map(\.index)).count == streams.count else {
      throw ModelError(file, reason: "'streams' holds two streams of the same index")
    }
    self.init(
      name: name, sha256: sha256, size: size, container: container, videoStream: videoStream,
      streams: streams, locations: try reader.addresses("locations"))
    self.isSalvaged = isSalvaged
    extra = reader.unknown
    guard video?.type == "video" else {
      throw ModelError(file, reason: "'videoStream' is \(videoStream), which is no video stream")
    }
  }

  /// The whole file, unknown keys last.
  public var json: JSONValue {
    var object: JSONObject = [
      "name": .string(name),
      "sha256": .string(sha256.text),
      "size": .int(size),
      "container": .string(container),
      "videoStream": .int(Int64(videoStream)),
    ]
    object["salvaged"] = isSalvaged ? .bool(true) : nil
    object["streams"] = .array(streams.map(\.json))
    object["locations"] = .array(locations.map { .string($0) })
    object.append(contentsOf: extra)
    return .object(object)
  }

  /// The bytes of `media/<name>.json`.
  public func fileBytes() -> [UInt8] { json.pretty() }
}

extension MediaStream {
  static let types = ["video", "audio", "subtitle", "data", "attachment"]

  init(json: JSONValue, file: String, path: String) throws(ModelError) {
    var reader = try ObjectReader(json, what: file, path: path)
    let ratio = "[num, den] of 32-bit whole numbers"
    self.init(
      index: try reader.required("index", "a stream's index", Field.count),
      type: try reader.required("type", "one of " + Self.types.joined(separator: ", ")) {
        $0.string.flatMap { Self.types.contains($0) ? $0 : nil }
      },
      codec: try reader.required("codec", "the name of a codec", Field.identifier))
    timebase = try reader.optional("timebase", ratio + " above 0", Field.positiveRational)
    start = try reader.optional("start", "a whole number", \.int)
    let side = "a whole number from 1 to \(Field.maximumSide)"
    width = try reader.optional("width", side, Field.side)
    height = try reader.optional("height", side, Field.side)
    pixelFormat = try reader.optional("pixelFormat", "a name", Field.identifier)
    sampleAspectRatio = try reader.optional("sampleAspectRatio", ratio, Field.aspectRatio)
    rotation = try reader.optional("rotation", "whole degrees from -360 to 360") {
      $0.int.flatMap { (-360...360).contains($0) ? Int($0) : nil }
    }
    frameRate = try reader.optional("frameRate", ratio, Field.aspectRatio)
    sampleRate = try reader.optional("sampleRate", "a whole number", Field.count)
    channels = try reader.optional("channels", "a whole number", Field.count)
    channelLayout = try reader.optional("channelLayout", "a name", Field.name)
    language = try reader.optional("language", "a name", Field.name)
    title = try reader.optional("title", "a string of at most 4096 bytes", Field.text)
    disposition = try reader.list("disposition", limit: 64) { (value, place) throws(ModelError) in
      guard let name = Field.identifier(value) else {
        throw ModelError(file, reason: "'\(place)' must be the name of a disposition")
      }
      return name
    }
    extra = reader.unknown
  }

  var json: JSONValue {
    var object = JSONObject()
    func number(_ value: Int?) -> JSONValue? { value.map { .int(Int64($0)) } }
    func text(_ value: String?) -> JSONValue? { value.map { .string($0) } }
    object["index"] = .int(Int64(index))
    object["type"] = .string(type)
    object["codec"] = .string(codec)
    object["timebase"] = timebase?.json
    object["start"] = start.map { .int($0) }
    object["width"] = number(width)
    object["height"] = number(height)
    object["pixelFormat"] = text(pixelFormat)
    object["sampleAspectRatio"] = sampleAspectRatio?.json
    object["rotation"] = number(rotation)
    object["frameRate"] = frameRate?.json
    object["sampleRate"] = number(sampleRate)
    object["channels"] = number(channels)
    object["channelLayout"] = text(channelLayout)
    object["language"] = text(language)
    object["title"] = text(title)
    object["disposition"] = disposition.isEmpty ? nil : .array(disposition.map { .string($0) })
    object.append(contentsOf: extra)
    return .object(object)
  }
}
