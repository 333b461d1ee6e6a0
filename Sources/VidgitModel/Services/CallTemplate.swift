/// A text of an HTTP recipe with words in it that are filled in for each call.
///
/// What is filled in is never looked through again: a picture's name or a parameter cannot bring in
/// another word.
public struct CallTemplate: Hashable, Sendable {
  public enum Word: Hashable, Sendable {
    case input, batchInput, output, batchOutput
    /// How many pictures the call has.
    case batchSize
    /// The digits of the SHA-256 of the picture's pixels. Not a number: equal frames are sent once.
    case frame
    /// The file name that the picture has in the exchange.
    case file
    case parameter(String)
    case secret(String)
  }

  enum Part: Hashable, Sendable {
    case text(String)
    case word(Word)
  }

  let parts: [Part]
  public let text: String

  private static let plain: [(String, Word)] = [
    ("$SINGLE_INPUT", .input), ("$BATCH_INPUT", .batchInput), ("$SINGLE_OUTPUT", .output),
    ("$BATCH_OUTPUT", .batchOutput), ("$BATCH_SIZE", .batchSize), ("$FRAME", .frame),
    ("$FILE", .file),
  ]

  public init(_ text: String) {
    self.text = text
    var parts: [Part] = []
    var literal = ""
    var rest = text[...]
    while let character = rest.first {
      if character == "$", let (word, end) = Self.word(at: rest) {
        if !literal.isEmpty { parts.append(.text(literal)) }
        literal = ""
        parts.append(.word(word))
        rest = rest[end...]
      } else {
        literal.append(character)
        rest.removeFirst()
      }
    }
    if !literal.isEmpty { parts.append(.text(literal)) }
    self.parts = parts
  }

  private static func word(at text: Substring) -> (Word, Substring.Index)? {
    for (name, make) in [
      ("$PARAM:", Word.parameter), ("$ENV:", Word.secret),
    ] where text.hasPrefix(name) {
      let key = text.dropFirst(name.count).prefix {
        $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")
      }
      return key.isEmpty ? nil : (make(String(key)), key.endIndex)
    }
    for (name, word) in plain where text.hasPrefix(name) {
      let end = text.index(text.startIndex, offsetBy: name.count)
      // "$FRAMES" is no "$FRAME".
      let next = text[end...].first
      if let next, next.isASCII, next.isLetter || next.isNumber || next == "_" { continue }
      return (word, end)
    }
    return nil
  }

  public var words: [Word] {
    parts.compactMap { if case .word(let word) = $0 { word } else { nil } }
  }

  /// The one word that the text consists of.
  public var onlyWord: Word? {
    guard parts.count == 1, case .word(let word) = parts[0] else { return nil }
    return word
  }

  /// The text with every word filled in.
  public func filled(_ value: (Word) throws -> String) rethrows -> String {
    var text = ""
    for part in parts {
      switch part {
      case .text(let literal): text += literal
      case .word(let word): text += try value(word)
      }
    }
    return text
  }

  /// The text with parameters filled in, for people; all other words stay as they are.
  public func shown(_ parameter: (String) -> String) -> String {
    filled { word in
      switch word {
      case .parameter(let name): parameter(name)
      case .secret(let name): "$ENV:\(name)"
      default: Self.plain.first { $0.1 == word }?.0 ?? ""
      }
    }
  }

  /// A URL: what is filled in is percent-encoded, but for the word that it begins with. The value of
  /// a parameter may be several segments of the path, such as "owner/model".
  public func filledURL(_ value: (Word) throws -> String) rethrows -> String {
    var text = ""
    for (index, part) in parts.enumerated() {
      switch part {
      case .text(let literal): text += literal
      case .word(let word):
        let keeps = if case .parameter = word { "/" } else { "" }
        text += try index == 0 ? value(word) : PercentEncoding.text(value(word), keeping: keeps)
      }
    }
    return text
  }
}
