/// A small strict reader of the XML that S3 answers: elements and text, within bounds.
///
/// No document types, so that nothing is ever expanded or fetched; attributes, comments and
/// processing instructions are passed over.
public struct XMLElement: Hashable, Sendable {
  public let name: String
  /// All text directly in it.
  public private(set) var text = ""
  public private(set) var children: [XMLElement] = []

  /// The first child of that name.
  public subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  public static let largest = 16 << 20
  private static let mostElements = 200_000
  private static let deepest = 16

  /// - Parameter what: names the text in errors.
  public init(parsing bytes: [UInt8], what: String) throws(ModelError) {
    func fail(_ reason: String) -> ModelError { ModelError(what, reason: reason) }
    guard bytes.count <= Self.largest else { throw fail("it is over \(Self.largest) bytes") }
    var reader = Reader(bytes: bytes)
    var open: [XMLElement] = []
    var count = 0
    while let token = reader.next() {
      switch token {
      case .text(let text):
        if open.isEmpty {
          guard text.utf8.allSatisfy({ [0x20, 0x09, 0x0a, 0x0d].contains($0) }) else {
            throw fail("there is text outside of all elements")
          }
        } else {
          open[open.count - 1].text += text
        }
      case .open(let name, let isClosed):
        count += 1
        guard count <= Self.mostElements, open.count < Self.deepest else {
          throw fail("it has too many elements")
        }
        open.append(XMLElement(name))
        if isClosed, let root = Self.close(&open) { self = root; return }
      case .close(let name):
        guard open.last?.name == name else { throw fail("its elements do not nest") }
        if let root = Self.close(&open) { self = root; return }
      case .invalid: throw fail("it is no XML that is read here")
      }
    }
    throw fail("it is cut short")
  }

  private init(_ name: String) { self.name = name }

  /// The root, where that was the last open one.
  private static func close(_ open: inout [XMLElement]) -> XMLElement? {
    let done = open.removeLast()
    guard !open.isEmpty else { return done }
    open[open.count - 1].children.append(done)
    return nil
  }

  private enum Token {
    case text(String)
    case open(String, isClosed: Bool)
    case close(String)
    case invalid
  }

  private struct Reader {
    let bytes: [UInt8]
    var place = 0

    mutating func next() -> Token? {
      guard place < bytes.count else { return nil }
      guard bytes[place] == UInt8(ascii: "<") else {
        let end = bytes[place...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        defer { place = end }
        return Self.text(bytes[place..<end]).map { .text($0) } ?? .invalid
      }
      if bytes[place...].starts(with: "<!--".utf8) { return skip(past: "-->") }
      if bytes[place...].starts(with: "<?".utf8) { return skip(past: "?>") }
      guard let end = bytes[place...].firstIndex(of: UInt8(ascii: ">")) else { return .invalid }
      var tag = bytes[(place + 1)..<end]
      place = end + 1
      let closes = tag.first == UInt8(ascii: "/")
      let isClosed = tag.last == UInt8(ascii: "/")
      if closes { tag = tag.dropFirst() }
      if isClosed { tag = tag.dropLast() }
      let name = tag.prefix { $0 > 0x20 }
      guard !(closes && isClosed), let first = name.first, (first | 0x20).isASCIILowercase,
        name.allSatisfy({ $0.isASCIIAlphanumeric || "_-:.".utf8.contains($0) })
      else { return .invalid }
      let text = String(decoding: name, as: UTF8.self)
      return closes ? .close(text) : .open(text, isClosed: isClosed)
    }

    private mutating func skip(past end: String) -> Token? {
      let mark = Array(end.utf8)
      var index = place
      while index + mark.count <= bytes.count {
        if bytes[index..<index + mark.count].elementsEqual(mark) {
          place = index + mark.count
          return next()
        }
        index += 1
      }
      return .invalid
    }

    private static let entities: [String: String] = [
      "lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'",
    ]

    /// With references resolved; nil for one that is not known.
    private static func text(_ raw: ArraySlice<UInt8>) -> String? {
      guard raw.contains(UInt8(ascii: "&")) else { return String(validating: raw, as: UTF8.self) }
      guard var rest = String(validating: raw, as: UTF8.self).map({ $0[...] }) else { return nil }
      var result = ""
      while let start = rest.firstIndex(of: "&") {
        result += rest[..<start]
        guard let end = rest[start...].firstIndex(of: ";") else { return nil }
        let name = rest[rest.index(after: start)..<end]
        if name.hasPrefix("#") {
          let digits = name.dropFirst()
          let code =
            digits.hasPrefix("x")
            ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
          guard let scalar = code.flatMap({ Unicode.Scalar($0) }) else { return nil }
          result.unicodeScalars.append(scalar)
        } else {
          guard let known = entities[String(name)] else { return nil }
          result += known
        }
        rest = rest[rest.index(after: end)...]
      }
      return result + rest
    }
  }
}
