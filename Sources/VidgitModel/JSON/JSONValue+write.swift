extension JSONValue {
  /// The one form that equal values share: RFC 8785 (JCS). What digests are taken over.
  ///
  /// As in RFC 8785 every number is a double: whole numbers beyond 2^53 lose their last digits.
  public func canonical() -> [UInt8] {
    var writer = JSONWriter()
    writer.writeCanonical(self)
    return writer.bytes
  }

  /// The form of files: two spaces a level, keys in their order, arrays of scalars on one line
  /// where they fit, LF at the end. Whole numbers are exact.
  public func pretty() -> [UInt8] {
    var writer = JSONWriter()
    writer.writePretty(self, level: 0)
    writer.bytes.append(0x0a)
    return writer.bytes
  }

  /// The form of lines: no spaces, keys in their order. Whole numbers are exact.
  public func compact() -> [UInt8] {
    var writer = JSONWriter()
    writer.writeCompact(self)
    return writer.bytes
  }
}

struct JSONWriter {
  var bytes: [UInt8] = []
  private static let lineWidth = 80

  mutating func writeCanonical(_ value: JSONValue) {
    switch value {
    case .int(let number):
      bytes.append(contentsOf: JSONNumber.text(Double(number)).utf8)
    case .array(let values):
      list(values, "[", "]") { $0.writeCanonical($1) }
    case .object(let object):
      let sorted = object.members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
      list(sorted, "{", "}") { writer, member in
        writer.bytes.appendJSONString(member.key)
        writer.bytes.append(UInt8(ascii: ":"))
        writer.writeCanonical(member.value)
      }
    default: writeScalar(value)
    }
  }

  mutating func writeCompact(_ value: JSONValue) {
    switch value {
    case .array(let values):
      list(values, "[", "]") { $0.writeCompact($1) }
    case .object(let object):
      list(object.members, "{", "}") { writer, member in
        writer.bytes.appendJSONString(member.key)
        writer.bytes.append(UInt8(ascii: ":"))
        writer.writeCompact(member.value)
      }
    default: writeScalar(value)
    }
  }

  mutating func writePretty(_ value: JSONValue, level: Int) {
    switch value {
    case .array(let values) where !values.isEmpty:
      if let line = Self.oneLine(values, level: level) {
        bytes += line
      } else {
        block(values, "[", "]", level) { $0.writePretty($1, level: level + 1) }
      }
    case .object(let object) where !object.isEmpty:
      block(object.members, "{", "}", level) { writer, member in
        writer.bytes.appendJSONString(member.key)
        writer.bytes.append(contentsOf: ": ".utf8)
        writer.writePretty(member.value, level: level + 1)
      }
    default: writeCompact(value)
    }
  }

  private mutating func writeScalar(_ value: JSONValue) {
    switch value {
    case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .int(let number): bytes.append(contentsOf: String(number).utf8)
    case .double(let number): bytes.append(contentsOf: JSONNumber.text(number).utf8)
    case .string(let text): bytes.appendJSONString(text)
    default: bytes.append(contentsOf: "null".utf8)
    }
  }

  /// `[1, 30000]`, or the same of pairs such as `[[1, 2], [3, 4]]`; `nil` where it does not fit.
  private static func oneLine(_ values: [JSONValue], level: Int) -> [UInt8]? {
    guard
      values.allSatisfy({ $0.isScalar || $0.array?.allSatisfy(\.isScalar) == true })
    else { return nil }
    var writer = JSONWriter()
    writer.bytes.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { writer.bytes.append(contentsOf: ", ".utf8) }
      if let inner = value.array, !inner.isEmpty {
        guard let line = oneLine(inner, level: level) else { return nil }
        writer.bytes += line
      } else {
        writer.writeCompact(value)
      }
      guard writer.bytes.count + 2 * level < lineWidth else { return nil }
    }
    writer.bytes.append(UInt8(ascii: "]"))
    return writer.bytes
  }

  private mutating func list<Element>(
    _ elements: [Element], _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    _ write: (inout JSONWriter, Element) -> Void
  ) {
    bytes.append(UInt8(ascii: open))
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      write(&self, element)
    }
    bytes.append(UInt8(ascii: close))
  }

  private mutating func block<Element>(
    _ elements: [Element], _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ level: Int,
    _ write: (inout JSONWriter, Element) -> Void
  ) {
    bytes.append(UInt8(ascii: open))
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      newLine(level + 1)
      write(&self, element)
    }
    newLine(level)
    bytes.append(UInt8(ascii: close))
  }

  private mutating func newLine(_ level: Int) {
    bytes.append(0x0a)
    bytes.append(contentsOf: repeatElement(0x20, count: 2 * level))
  }
}
