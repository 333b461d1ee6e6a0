/// Strings from strangers on their way into HTML and XML.
public enum MarkupText {
  /// `text` as character data or as the value of a quoted attribute, in HTML and in XML 1.0.
  ///
  /// What could reorder or hide what follows is written out as `\u{202e}`, as for a terminal, and
  /// what XML cannot hold at all becomes U+FFFD.
  ///
  /// - Parameter limit: characters after which it is cut, with an ellipsis; nil for none.
  public static func escaped(_ text: String, limit: Int? = nil) -> String {
    var result = ""
    for scalar in TerminalText.escaped(limit.map { cut(text, $0) } ?? text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(isCharacter(scalar) ? scalar : "\u{fffd}")
      }
    }
    return result
  }

  /// The first `limit` characters, with an ellipsis where that is not all. A character may be made
  /// of any number of scalars: of those there are at most eight times as many.
  static func cut(_ text: String, _ limit: Int) -> String {
    let scalars = text.unicodeScalars.prefix(limit * 8)
    let kept = String(String.UnicodeScalarView(scalars)).prefix(limit)
    return kept.unicodeScalars.count < text.unicodeScalars.count ? kept + "…" : text
  }

  /// The same for a text of several lines: its line feeds stay.
  public static func escapedLines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }
      .joined(separator: "\n")
  }

  /// An address that a page may lead to: `http` or `https`, and nothing else.
  public static func isWebAddress(_ text: String) -> Bool {
    (text.hasPrefix("https://") || text.hasPrefix("http://"))
      && PublicURI.problem(with: text) == nil
  }

  /// `Char` of XML 1.0, less the characters that Unicode keeps for nothing.
  private static func isCharacter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0xd7ff, 0xe000...0xfdcf, 0xfdf0...0xfffd: true
    case 0x10000...0x10ffff: scalar.value & 0xffff < 0xfffe
    default: false
    }
  }
}
