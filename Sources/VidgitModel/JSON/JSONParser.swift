/// A strict reader of RFC 8259 text: one document, no duplicate keys, valid UTF-8, whole numbers
/// exact or refused, everything bounded.
struct JSONParser {
  let bytes: UnsafeRawBufferPointer
  let what: String
  let limits: JSONLimits
  /// The line of the file at which `bytes` begin.
  let firstLine: Int
  var position = 0
  private var depth = 0
  private var elements = 0

  init(_ bytes: UnsafeRawBufferPointer, what: String, limits: JSONLimits, firstLine: Int) {
    self.bytes = bytes
    self.what = what
    self.limits = limits
    self.firstLine = firstLine
  }

  mutating func document() throws(ModelError) -> JSONValue {
    guard bytes.count <= limits.bytes else {
      throw ModelError(
        what, line: firstLine > 1 ? firstLine : nil,
        reason: "\(bytes.count) bytes are more than the \(limits.bytes) that are read here")
    }
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      throw failure("a byte order mark may not stand before JSON")
    }
    skipSpace()
    guard position < bytes.count else { throw failure("the text is empty") }
    let value = try self.value()
    skipSpace()
    guard position == bytes.count else { throw failure("text follows after the end of the value") }
    return value
  }

  // MARK: Values

  private mutating func value() throws(ModelError) -> JSONValue {
    elements += 1
    guard elements <= limits.elements else {
      throw failure("more than \(limits.elements) values")
    }
    guard let first = peek else { throw failure("the text ends where a value is expected") }
    switch first {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw failure("a value is expected here")
    }
  }

  private mutating func object() throws(ModelError) -> JSONValue {
    try enter()
    var members: [JSONObject.Member] = []
    var seen: Set<ByteKey> = []
    if !closes(UInt8(ascii: "}")) {
      repeat {
        skipSpace()
        let start = position
        guard peek == UInt8(ascii: "\"") else { throw failure("a key in quotes is expected here") }
        let key = try string()
        let isNew = seen.insert(ByteKey(key)).inserted
        guard isNew || limits.isLenient else {
          throw failure("the key '\(TerminalText.escaped(key))' stands twice", at: start)
        }
        skipSpace()
        guard take(UInt8(ascii: ":")) else { throw failure("':' is expected after a key") }
        skipSpace()
        let value = try self.value()
        if !isNew { members.removeAll { ByteKey($0.key) == ByteKey(key) } }
        members.append(JSONObject.Member(key: key, value: value))
        skipSpace()
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "}")) else { throw failure("',' or '}' is expected here") }
    }
    depth -= 1
    return .object(JSONObject(members))
  }

  private mutating func array() throws(ModelError) -> JSONValue {
    try enter()
    var values: [JSONValue] = []
    if !closes(UInt8(ascii: "]")) {
      repeat {
        skipSpace()
        values.append(try value())
        skipSpace()
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "]")) else { throw failure("',' or ']' is expected here") }
    }
    depth -= 1
    return .array(values)
  }

  private mutating func word(
    _ text: StaticString, _ value: JSONValue
  ) throws(ModelError) -> JSONValue {
    let expected = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes[position...].starts(with: expected) else {
      throw failure("a value is expected here")
    }
    position += expected.count
    return value
  }

  private mutating func enter() throws(ModelError) {
    depth += 1
    guard depth <= limits.depth else {
      throw failure("more than \(limits.depth) arrays and objects inside each other")
    }
    position += 1
  }

  // MARK: Bytes

  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func closes(_ byte: UInt8) -> Bool {
    skipSpace()
    return take(byte)
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  /// An error at `offset`, or where the parser stands.
  func failure(_ reason: String, at offset: Int? = nil) -> ModelError {
    let before = bytes[..<min(offset ?? position, bytes.count)]
    let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    let line = before.reduce(into: firstLine) { if $1 == 0x0a { $0 += 1 } }
    let column = before[lineStart...].reduce(into: 1) { if $1 & 0xc0 != 0x80 { $0 += 1 } }
    return ModelError(what, line: line, column: column, reason: reason)
  }
}
