/// Reads the known keys of an object with their types, and hands back the others.
struct ObjectReader {
  let object: JSONObject
  let what: String
  /// The line of the file, for objects that are one line.
  let line: Int?
  /// Where in the file the object stands: "audio[0]."
  let path: String
  private(set) var known: [String] = []

  init(
    _ value: JSONValue, what: String, line: Int? = nil, path: String = ""
  ) throws(ModelError) {
    guard let object = value.object else {
      let place = path.isEmpty ? "the file" : "'\(path.dropLast())'"
      throw ModelError(
        what, line: line, reason: "\(place) is \(value.kind) where an object is expected")
    }
    self.object = object
    self.what = what
    self.line = line
    self.path = path
  }

  /// The members that nobody asked for.
  var unknown: JSONObject { object.without(known) }

  func failure(_ key: String, _ reason: String, hint: String? = nil) -> ModelError {
    ModelError(what, line: line, reason: "'\(path)\(key)' \(reason)", hint: hint)
  }

  // MARK: Optional keys

  mutating func value(_ key: String) -> JSONValue? {
    known.append(key)
    return object[key]
  }

  mutating func optional<Value>(
    _ key: String, _ expected: String, _ convert: (JSONValue) -> Value?
  ) throws(ModelError) -> Value? {
    guard let value = value(key) else { return nil }
    guard let result = convert(value) else {
      throw failure(key, "must be \(expected), and is \(Self.shown(value))")
    }
    return result
  }

  mutating func required<Value>(
    _ key: String, _ expected: String, _ convert: (JSONValue) -> Value?
  ) throws(ModelError) -> Value {
    guard let value = try optional(key, expected, convert) else {
      throw ModelError(what, line: line, reason: "the key '\(path)\(key)' is missing")
    }
    return value
  }

  private static func shown(_ value: JSONValue) -> String {
    guard value.isScalar else { return value.kind }
    let text = String(decoding: value.compact(), as: UTF8.self)
    let escaped = TerminalText.escaped(text)
    return escaped.count > 60 ? escaped.prefix(60) + "..." : escaped
  }

  /// The elements of an array of at most `limit`; none where the key is missing.
  mutating func list<Element>(
    _ key: String, limit: Int,
    _ convert: (JSONValue, _ place: String) throws(ModelError) -> Element
  ) throws(ModelError) -> [Element] {
    guard let values = try optional(key, "an array", \.array) else { return [] }
    guard values.count <= limit else { throw failure(key, "has more than \(limit) elements") }
    var result: [Element] = []
    for (index, value) in values.enumerated() {
      result.append(try convert(value, "\(path)\(key)[\(index)]"))
    }
    return result
  }

  /// Public addresses.
  mutating func addresses(_ key: String) throws(ModelError) -> [String] {
    let (what, line) = (what, line)
    return try list(key, limit: 64) { (value, place) throws(ModelError) in
      guard let text = value.string else {
        throw ModelError(what, line: line, reason: "'\(place)' must be a string")
      }
      if let problem = PublicURI.problem(with: text) {
        throw ModelError(what, line: line, reason: "'\(place)': \(problem)")
      }
      return text
    }
  }
}

/// Conversions for `ObjectReader`, each with its bounds.
enum Field {
  static let maximumSide = 65_535

  /// A name of FFmpeg's: a pixel format, a codec, a colour space.
  static func isIdentifier(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count) && text.utf8.first!.isASCIIAlphanumeric
      && text.utf8.allSatisfy { $0.isASCIIAlphanumeric || "_-.+,".utf8.contains($0) }
  }

  static func identifier(_ value: JSONValue) -> String? {
    value.string.flatMap { isIdentifier($0) ? $0 : nil }
  }

  static func side(_ value: JSONValue) -> Int? {
    value.int.flatMap { (1...Int64(maximumSide)).contains($0) ? Int($0) : nil }
  }

  static func int32(_ value: JSONValue) -> Int? {
    value.int.flatMap { Int32(exactly: $0) }.map { Int($0) }
  }

  static func count(_ value: JSONValue) -> Int? { int32(value).flatMap { $0 >= 0 ? $0 : nil } }

  /// `[num, den]` of 32 bits each, as FFmpeg holds them, `den` above zero.
  static func rational(_ value: JSONValue) -> Rational? {
    guard let terms = value.array, terms.count == 2, let num = int32(terms[0]),
      let den = int32(terms[1]), den > 0
    else { return nil }
    return Rational(Int64(num), Int64(den))
  }

  static func positiveRational(_ value: JSONValue) -> Rational? {
    rational(value).flatMap { $0.num > 0 ? $0 : nil }
  }

  /// A name for people: one line, not empty, of at most 255 bytes.
  static func name(_ value: JSONValue) -> String? {
    value.string.flatMap { isName($0) ? $0 : nil }
  }

  static func isName(_ text: String) -> Bool {
    (1...255).contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
  }

  static func text(_ value: JSONValue) -> String? {
    value.string.flatMap { $0.utf8.count <= 4096 ? $0 : nil }
  }

  static func digest(_ value: JSONValue) -> Digest? { value.string.flatMap { Digest(text: $0) } }
}

extension Rational {
  /// `[num, den]`.
  public var json: JSONValue { [.int(num), .int(den)] }
}
