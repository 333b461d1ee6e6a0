/// Text with the column that each byte came from, so that an error in what two rounds of escaping
/// left over still points at what the user wrote.
struct NotationToken {
  var bytes: [UInt8] = []
  /// The offset of each byte in the whole text.
  var offsets: [Int] = []
  /// The offset at which the token began.
  var start: Int

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The offset in the whole text of the byte at `index`, or of what follows the token.
  func offset(_ index: Int) -> Int {
    index < offsets.count ? offsets[index] : (offsets.last.map { $0 + 1 } ?? start)
  }
}

/// Reads tokens as libavutil's `av_get_token` does: a backslash keeps the next character, quotes
/// keep all up to the next quote, white space at both ends is dropped where nothing kept it.
struct NotationScanner {
  let token: NotationToken
  var position = 0

  init(_ token: NotationToken) { self.token = token }

  init(_ text: String) {
    let bytes = Array(text.utf8)
    self.init(NotationToken(bytes: bytes, offsets: Array(bytes.indices), start: 0))
  }

  var peek: UInt8? { position < token.bytes.count ? token.bytes[position] : nil }
  var isAtEnd: Bool { position >= token.bytes.count }
  /// Where the scanner stands, in the whole text.
  var offset: Int { token.offset(position) }

  static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0a, 0x0d].contains(byte) }

  mutating func skipSpace() {
    while let byte = peek, Self.isSpace(byte) { position += 1 }
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  /// The token up to one of `terminators`, or the offset of a quote that is not closed.
  mutating func next(until terminators: StaticString) -> Result<NotationToken, UnclosedQuote> {
    let stops = UnsafeBufferPointer(
      start: terminators.utf8Start, count: terminators.utf8CodeUnitCount)
    skipSpace()
    var result = NotationToken(start: offset)
    var kept = 0
    func append(_ index: Int) {
      result.bytes.append(token.bytes[index])
      result.offsets.append(token.offsets[index])
    }
    while let byte = peek, !stops.contains(byte) {
      position += 1
      if byte == UInt8(ascii: "\\"), !isAtEnd {
        append(position)
        position += 1
        kept = result.bytes.count
      } else if byte == UInt8(ascii: "'") {
        let quote = token.offset(position - 1)
        while let inner = peek, inner != UInt8(ascii: "'") {
          append(position)
          position += 1
        }
        guard take("'") else { return .failure(UnclosedQuote(offset: quote)) }
        kept = result.bytes.count
      } else {
        append(position - 1)
      }
    }
    while result.bytes.count > kept, Self.isSpace(result.bytes.last!) {
      result.bytes.removeLast()
      result.offsets.removeLast()
    }
    return .success(result)
  }

  struct UnclosedQuote: Error {
    var offset: Int
  }
}
