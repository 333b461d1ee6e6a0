/// Strings from strangers (names, labels, messages) on their way to a terminal.
public enum TerminalText {
  /// `text` with every character that could move the cursor, colour the screen, end the line,
  /// reorder or hide what follows written out as `\u{202e}`.
  ///
  /// These are the Unicode categories Cc, Cf, Zl and Zp, except the two joiners, which ordinary
  /// words and emoji need.
  public static func escaped(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isHarmless(scalar) {
        result.append(scalar)
      } else {
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      }
    }
    return String(result)
  }

  /// `text` as a name for people that may stand in a manifest: every character that `escaped` would
  /// write out becomes `_`, and it ends after at most `limit` bytes. Empty where `text` is.
  public static func name(_ text: String, limit: Int = 255) -> String {
    var result = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
      let kept = isHarmless(scalar) ? scalar : "_"
      count += UTF8.width(kept)
      if count > limit { break }
      result.append(kept)
    }
    return String(result)
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .privateUse: false
    case .format: scalar == "\u{200c}" || scalar == "\u{200d}"
    default: true
    }
  }
}
