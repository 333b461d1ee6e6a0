extension FrameLine {
  /// The most recipes that one line may name.
  public static let maximumFilters = 64
  static let maximumBytes = 64 << 10
  static let limits = JSONLimits(
    bytes: maximumBytes, depth: 32, stringBytes: maximumBytes, elements: 4096)
  static let knownKeys = [
    "pts", "dur", "hash", "uri", "source", "filters", "format", "width", "height",
  ]

  /// Reads a line that is in any JSON form.
  ///
  /// - Parameters:
  ///   - file: the shard, for errors.
  ///   - line: the line in it, from 1.
  public init(json: JSONValue, file: String, line: Int? = nil) throws(ModelError) {
    var reader = try ObjectReader(json, what: file, line: line)
    let pts = try reader.required("pts", "a whole number", \.int)
    let dur = try reader.required("dur", "a whole number", \.int)
    let hash = try Self.digest("hash", &reader)
    let uri = try reader.required("uri", "a string", \.string)
    let source = reader.object["source"] == nil ? nil : try Self.digest("source", &reader)
    let names = try reader.required("filters", "an array of recipe ids", \.array)
    guard names.count <= Self.maximumFilters else {
      throw reader.failure("filters", "has more than \(Self.maximumFilters) elements")
    }
    var filters: [String] = []
    for name in names {
      guard let name = name.string else {
        throw reader.failure("filters", "must be an array of recipe ids, and holds \(name.kind)")
      }
      filters.append(name)
    }
    let format = try reader.optional("format", "the name of a pixel format", Field.identifier)
    let side = "a whole number from 1 to \(Field.maximumSide)"
    let width = try reader.optional("width", side, Field.side)
    let height = try reader.optional("height", side, Field.side)
    self.init(
      pts: pts, dur: dur, hash: hash, uri: uri, source: source, filters: filters, format: format,
      width: width, height: height, extra: reader.object.without(Self.knownKeys))
    try validate(file: file, line: line)
  }

  private static func digest(
    _ key: String, _ reader: inout ObjectReader
  ) throws(ModelError) -> Digest {
    let text = try reader.required(key, "a digest", \.string)
    if let digest = Digest(text: text) { return digest }
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
      throw reader.failure(key, "must be 'sha256:' and 64 hexadecimal digits")
    }
    let algorithm = text[..<colon]
    guard algorithm == "sha256" else {
      let shown = TerminalText.escaped(String(algorithm.prefix(40)))
      throw reader.failure(key, "has the unknown hash algorithm '\(shown)'; only sha256 is known")
    }
    throw reader.failure(key, "must have 64 lower-case hexadecimal digits after 'sha256:'")
  }

  /// Checks the rules that types alone do not hold.
  public func validate(file: String, line: Int? = nil) throws(ModelError) {
    func failure(_ reason: String, hint: String? = nil) -> ModelError {
      ModelError(file, line: line, reason: reason, hint: hint)
    }
    guard dur > 0 else {
      throw failure("'dur' is \(dur), and a frame shows for at least one tick")
    }
    if let problem = Self.problem(uri: uri) { throw failure("'uri': \(problem)") }
    guard filters.count <= Self.maximumFilters else {
      throw failure("'filters' has more than \(Self.maximumFilters) elements")
    }
    if let bad = filters.first(where: { !Recipe.isID($0) }) {
      let shown = TerminalText.escaped(String(bad.prefix(60)))
      throw failure(
        "'filters' names '\(shown)', which is no recipe id",
        hint: "a recipe id is a name, '-' and 12 hexadecimal digits, as in noir-3f2a9c1d0b7e")
    }
    switch (filters.isEmpty, source == nil) {
    case (false, true): throw failure("'filters' is not empty, so 'source' must be there")
    case (true, false): throw failure("'source' is there, but 'filters' is empty")
    default: break
    }
    for side in [width, height].compactMap(\.self) where !(1...Field.maximumSide).contains(side) {
      throw failure("a side of \(side) pixels is not from 1 to \(Field.maximumSide)")
    }
    if let format, !Field.isIdentifier(format) { throw failure("'format' is no pixel format") }
  }

  /// Why `uri` may not stand in a line, or `nil` if it may.
  static func problem(uri: String) -> String? {
    if FileNames.isMediaPath(uri) { return nil }
    if uri.hasPrefix(FileNames.mediaFolder) {
      return "'\(TerminalText.escaped(String(uri.prefix(120))))' is not media/<name>.json"
    }
    return PublicURI.problem(with: uri)
  }
}
