import Foundation
import TestSupport

/// One Swift file of `Sources/`, read as text.
struct SourceFile: Sendable, CustomStringConvertible {
  /// Relative to the package: "Sources/VidgitKit/Split/Split.swift".
  let path: String
  /// The lines with comments and the text of string literals taken out.
  let code: [String]

  /// The target that the file belongs to: the folder below `Sources`.
  var target: String { String(path.split(separator: "/")[1]) }
  var description: String { path }

  /// The modules that the file imports, each with its line.
  var imports: [(line: Int, module: String)] {
    code.enumerated().compactMap { index, line in
      var words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      words.removeAll { $0.hasPrefix("@") }
      guard let keyword = words.firstIndex(of: "import"),
        words[..<keyword].allSatisfy(Self.accessLevels.contains), words.count > keyword + 1
      else { return nil }
      // `import struct Foundation.Data`
      let name = Self.kinds.contains(words[keyword + 1]) ? words[keyword + 2] : words[keyword + 1]
      return (index + 1, String(name.split(separator: ".")[0]))
    }
  }

  /// The lines whose code matches, as "path:line: code".
  func lines(matching pattern: some RegexComponent) -> [String] {
    code.enumerated().filter { $1.contains(pattern) }.map {
      "\(path):\($0 + 1): \($1.trimmingCharacters(in: .whitespaces))"
    }
  }

  /// Every Swift file below `Sources/`.
  static let all: [SourceFile] = {
    let root = SharedVideos.packageRoot
    let names = FileManager.default.enumerator(atPath: "\(root)/Sources")?.allObjects ?? []
    return names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().compactMap
    {
      guard let text = try? String(contentsOfFile: "\(root)/Sources/\($0)", encoding: .utf8)
      else { return nil }
      return SourceFile(path: "Sources/\($0)", text: text)
    }
  }()

  init(path: String, text: String) {
    self.path = path
    self.code = Self.code(of: text)
  }

  private static let accessLevels: Set = [
    "public", "package", "internal", "fileprivate", "private",
  ]
  private static let kinds: Set = [
    "struct", "class", "enum", "protocol", "typealias", "func", "let", "var",
  ]

  /// Blanks out comments and literals, so that a word in a message does not count as code.
  private static func code(of text: String) -> [String] {
    var depth = 0
    var inText = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      // A block of text is data until its closing quotes.
      if inText {
        if line.contains("\"\"\"") { inText = false }
        return ""
      }
      var code = ""
      var rest = line[...]
      while let character = rest.first {
        if depth > 0 {
          if rest.hasPrefix("*/") { depth -= 1 }
          if rest.hasPrefix("/*") { depth += 1 }
          rest = rest.dropFirst(rest.hasPrefix("*/") || rest.hasPrefix("/*") ? 2 : 1)
        } else if rest.hasPrefix("//") {
          break
        } else if rest.hasPrefix("/*") {
          depth += 1
          rest = rest.dropFirst(2)
        } else if rest.hasPrefix("\"\"\"") {
          inText = !rest.dropFirst(3).contains("\"\"\"")
          break
        } else if character == "\"" {
          rest = afterLiteral(rest)
          code += "\"\""
        } else {
          code.append(character)
          rest = rest.dropFirst()
        }
      }
      return code
    }
  }

  /// What follows a literal on its line. An interpolation counts as part of the literal.
  private static func afterLiteral(_ text: Substring) -> Substring {
    var rest = text.dropFirst()
    var parentheses = 0
    while let character = rest.first {
      if rest.hasPrefix("\\(") {
        parentheses += 1
        rest = rest.dropFirst(2)
        continue
      }
      if character == "\\" {
        rest = rest.dropFirst(2)
        continue
      }
      rest = rest.dropFirst()
      if parentheses == 0, character == "\"" { break }
      if parentheses > 0, character == "(" { parentheses += 1 }
      if parentheses > 0, character == ")" { parentheses -= 1 }
    }
    return rest
  }
}
