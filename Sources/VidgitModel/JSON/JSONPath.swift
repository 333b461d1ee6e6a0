/// A place in a JSON document: a pointer of RFC 6901, in which a whole segment "*" stands for the
/// number of a picture in its batch.
///
///     /output/0
///     /result/savePaths/*
public struct JSONPath: Hashable, Sendable {
  public let text: String
  private let segments: [String]

  /// Whether it holds a "*".
  public var isIndexed: Bool { segments.contains("*") }

  /// - Returns: nil for what is no pointer, or has more than 32 segments. The empty text is the
  ///   whole document.
  public init?(_ text: String) {
    guard text.utf8.count <= 1024, text.isEmpty || text.hasPrefix("/") else { return nil }
    var segments: [String] = []
    for part in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      var segment = ""
      var rest = part[...]
      while let character = rest.popFirst() {
        guard character == "~" else {
          segment.append(character)
          continue
        }
        switch rest.popFirst() {
        case "0": segment.append("~")
        case "1": segment.append("/")
        default: return nil
        }
      }
      segments.append(segment)
    }
    guard segments.count <= 32 else { return nil }
    self.text = text
    self.segments = segments
  }

  /// What stands there; nil where nothing does.
  ///
  /// - Parameter index: what "*" stands for.
  public func value(in document: JSONValue, index: Int = 0) -> JSONValue? {
    var value = document
    for segment in segments {
      let key = segment == "*" ? String(index) : segment
      switch value {
      case .object(let object):
        guard let next = object[key] else { return nil }
        value = next
      case .array(let elements):
        guard key == "0" || key.first != "0", key.utf8.allSatisfy(\.isASCIIDigit),
          let place = Int(key), elements.indices.contains(place)
        else { return nil }
        value = elements[place]
      default: return nil
      }
    }
    return value
  }

  /// A text that stands there, or the first of a list of texts: services that can give several
  /// results give a list of one.
  public func text(in document: JSONValue, index: Int = 0) -> String? {
    switch value(in: document, index: index) {
    case .string(let text): text
    case .array(let elements): elements.first?.string
    default: nil
    }
  }

  /// A number that stands there, as a number or as text.
  public func number(in document: JSONValue) -> Double? {
    switch value(in: document) {
    case .int(let value): Double(value)
    case .double(let value): value
    case .string(let text): Double(text)
    default: nil
    }
  }
}
