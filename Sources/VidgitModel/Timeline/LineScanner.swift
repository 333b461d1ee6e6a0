/// Reads lines in the exact form that `FrameLine.encode` writes, at the speed of the bytes.
///
/// It never fails: a line that is not in that form, or breaks a rule, is left to the strict parser,
/// which finds the same values or says what is wrong.
struct LineScanner {
  private var cursor: UnsafeRawPointer
  private let end: UnsafeRawPointer

  init(cursor: UnsafeRawPointer, end: UnsafeRawPointer) {
    self.cursor = cursor
    self.end = end
  }

  /// The line at the cursor and where the next one begins; `nil` where it is not canonical.
  mutating func line(_ tables: inout LineTables) -> (FrameLine, next: UnsafeRawPointer)? {
    guard
      literal(#"{"pts":"#), let pts = integer(),
      literal(#","dur":"#), let dur = integer(), dur > 0,
      literal(#","hash":"sha256:"#), let hash = digest(),
      literal(#"","uri":""#), let uriBytes = plainString(),
      let uri = tables.uris.value(for: uriBytes, make: LineTables.uri)
    else { return nil }
    var source: Digest?
    if literal(#","source":"sha256:"#) {
      guard let digest = digest(), literal("\"") else { return nil }
      source = digest
    }
    guard literal(#","filters":"#), let list = plainList(),
      let filters = tables.filters.value(for: list, make: LineTables.filters),
      filters.isEmpty == (source == nil)
    else { return nil }
    var line = FrameLine(
      pts: pts, dur: dur, hash: hash, uri: uri, source: source, filters: filters)
    if cursor < end, cursor.load(as: UInt8.self) == UInt8(ascii: ",") {
      guard overrides(&line, &tables) else { return nil }
    }
    guard literal("}") else { return nil }
    if cursor < end {
      guard literal("\n") else { return nil }
    }
    return (line, cursor)
  }

  private mutating func overrides(_ line: inout FrameLine, _ tables: inout LineTables) -> Bool {
    if literal(#","format":""#) {
      guard let bytes = plainString(),
        let format = tables.formats.value(for: bytes, make: LineTables.format)
      else { return false }
      line.format = format
    }
    let sides = 1...Int64(Field.maximumSide)
    if literal(#","width":"#) {
      guard let width = integer(), sides.contains(width) else { return false }
      line.width = Int(width)
    }
    if literal(#","height":"#) {
      guard let height = integer(), sides.contains(height) else { return false }
      line.height = Int(height)
    }
    return true
  }

  // MARK: Tokens

  @inline(__always)
  private mutating func literal(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard end - cursor >= count else { return false }
    let expected = UnsafeRawPointer(text.utf8Start)
    for offset in 0..<count
    where cursor.load(fromByteOffset: offset, as: UInt8.self)
      != expected.load(fromByteOffset: offset, as: UInt8.self)
    {
      return false
    }
    cursor += count
    return true
  }

  /// A whole number of at most 18 digits as JSON writes it; longer ones are rare and go the slow
  /// way.
  @inline(__always)
  private mutating func integer() -> Int64? {
    var position = cursor
    let isNegative = position < end && position.load(as: UInt8.self) == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let start = position
    var value: Int64 = 0
    while position < end {
      let digit = position.load(as: UInt8.self) &- 0x30
      guard digit < 10 else { break }
      guard position - start < 18 else { return nil }
      value = value &* 10 &+ Int64(digit)
      position += 1
    }
    let count = position - start
    guard count > 0 else { return nil }
    // "007" is no JSON, and "-0" is not how zero is written.
    if start.load(as: UInt8.self) == UInt8(ascii: "0"), count > 1 || isNegative { return nil }
    cursor = position
    return isNegative ? -value : value
  }

  @inline(__always)
  private mutating func digest() -> Digest? {
    guard end - cursor >= Digest.hexCount, let digest = Digest(hexAt: cursor) else { return nil }
    cursor += Digest.hexCount
    return digest
  }

  /// The bytes up to the closing quote, which is passed; `nil` where something is escaped.
  @inline(__always)
  private mutating func plainString() -> UnsafeRawBufferPointer? {
    let start = cursor
    var position = cursor
    while position < end {
      let byte = position.load(as: UInt8.self)
      if byte == UInt8(ascii: "\"") {
        cursor = position + 1
        return UnsafeRawBufferPointer(start: start, count: position - start)
      }
      guard byte >= 0x20, byte < 0x7f, byte != UInt8(ascii: "\\") else { return nil }
      position += 1
    }
    return nil
  }

  /// The bytes from "[" to "]", both included; `nil` where it is not an array of plain strings'
  /// bytes.
  @inline(__always)
  private mutating func plainList() -> UnsafeRawBufferPointer? {
    let start = cursor
    var position = cursor
    guard position < end, position.load(as: UInt8.self) == UInt8(ascii: "[") else { return nil }
    while position < end, position - start < 8192 {
      let byte = position.load(as: UInt8.self)
      position += 1
      if byte == UInt8(ascii: "]") {
        cursor = position
        return UnsafeRawBufferPointer(start: start, count: position - start)
      }
      guard byte >= 0x20, byte < 0x7f else { return nil }
    }
    return nil
  }
}

/// What lines share: each distinct value is checked and made once.
struct LineTables {
  var uris = InternTable<String>()
  var filters = InternTable<[String]>()
  var formats = InternTable<String>()

  static func uri(_ bytes: UnsafeRawBufferPointer) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    return FrameLine.problem(uri: text) == nil ? text : nil
  }

  static func format(_ bytes: UnsafeRawBufferPointer) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    return Field.isIdentifier(text) ? text : nil
  }

  /// The ids in `["a-0123456789ab","b-..."]`; `nil` where anything in it is unexpected.
  static func filters(_ bytes: UnsafeRawBufferPointer) -> [String]? {
    if bytes.count == 2 { return [] }
    let inner = bytes.dropFirst().dropLast()
    var ids: [String] = []
    for part in inner.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      guard part.count > 2, part.first == UInt8(ascii: "\""), part.last == UInt8(ascii: "\"") else {
        return nil
      }
      let id = String(decoding: part.dropFirst().dropLast(), as: UTF8.self)
      guard Recipe.isID(id) else { return nil }
      ids.append(id)
    }
    return ids.count <= FrameLine.maximumFilters ? ids : nil
  }
}

/// Values by the bytes they were made from, the last one found without a search: lines that follow
/// each other mostly agree.
struct InternTable<Value> {
  private var lastBytes: [UInt8]?
  private var lastValue: Value?
  private var values: [[UInt8]: Value] = [:]
  /// Above this the table starts anew: lines with an address each share nothing.
  private static var limit: Int { 4096 }

  @inline(__always)
  mutating func value(
    for bytes: UnsafeRawBufferPointer, make: (UnsafeRawBufferPointer) -> Value?
  ) -> Value? {
    if let lastBytes, lastBytes.count == bytes.count,
      lastBytes.withUnsafeBytes({ $0.elementsEqual(bytes) })
    {
      return lastValue
    }
    return search(bytes, make)
  }

  @inline(never)
  private mutating func search(
    _ bytes: UnsafeRawBufferPointer, _ make: (UnsafeRawBufferPointer) -> Value?
  ) -> Value? {
    let key = Array(bytes)
    if values[key] == nil {
      guard let value = make(bytes) else { return nil }
      if values.count >= Self.limit { values.removeAll(keepingCapacity: true) }
      values[key] = value
    }
    lastBytes = key
    lastValue = values[key]
    return lastValue
  }
}
