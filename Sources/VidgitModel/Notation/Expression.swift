/// The arithmetic that an option of a filter may hold: numbers, variables, + - * / ^, and functions
/// that are pure and end.
///
/// libavfilter's own expressions have loops, state and output (`while`, `st`, `print`), which hang
/// or leak; an option is checked against this grammar before it gets there. What passes means the
/// same to libavutil's evaluator (`av_expr_parse`).
public enum Expression {
  public static let maximumLength = 1024
  public static let maximumDepth = 32

  /// What an expression uses.
  public struct Usage: Hashable, Sendable {
    public var variables: Set<String> = []
    public var functions: Set<String> = []
  }

  /// The names that are numbers everywhere.
  public static let constants: Set<String> = ["PI", "E", "PHI"]

  /// The functions by name, with how many arguments each takes.
  public static let functions: [String: ClosedRange<Int>] = [
    "abs": 1...1, "acos": 1...1, "asin": 1...1, "atan": 1...1, "atan2": 2...2,
    "between": 3...3, "ceil": 1...1, "clip": 3...3, "cos": 1...1, "cosh": 1...1, "eq": 2...2,
    "exp": 1...1, "floor": 1...1, "gt": 2...2, "gte": 2...2, "hypot": 2...2, "if": 2...3,
    "ifnot": 2...3, "lerp": 3...3, "log": 1...1, "lt": 2...2, "lte": 2...2, "max": 2...2,
    "min": 2...2, "mod": 2...2, "not": 1...1, "pow": 2...2, "round": 1...1, "sgn": 1...1,
    "sin": 1...1, "sinh": 1...1, "sqrt": 1...1, "squish": 1...1, "tan": 1...1, "tanh": 1...1,
    "trunc": 1...1,
  ]

  /// Checks `text` and says which of `variables` it uses: a graph whose expressions use time or
  /// frame numbers is not per frame.
  ///
  /// - Throws: with the column and what was expected.
  public static func validate(
    _ text: String, variables: Set<String>
  ) throws(ModelError) -> Set<String> {
    try inspect(text, variables: variables).variables
  }

  /// Checks `text` and says what it uses.
  ///
  /// - Throws: with the column and what was expected.
  public static func inspect(
    _ text: String, variables: Set<String>
  ) throws(ModelError) -> Usage {
    var parser = ExpressionParser(text, variables: variables)
    return try parser.parse()
  }
}

/// A recursive descent over the grammar of libavutil's `eval.c`, without what is not allowed.
private struct ExpressionParser {
  private let bytes: [UInt8]
  private let text: String
  private let variables: Set<String>
  private var position = 0
  private var depth = 0
  private var usage = Expression.Usage()

  init(_ text: String, variables: Set<String>) {
    self.text = text
    self.variables = variables
    bytes = Array(text.utf8)
  }

  mutating func parse() throws(ModelError) -> Expression.Usage {
    guard bytes.count <= Expression.maximumLength else {
      throw failure(0, "more than \(Expression.maximumLength) characters")
    }
    guard bytes.allSatisfy({ $0 == 0x20 || ($0 > 0x20 && $0 < 0x7f) }) else {
      throw failure(0, "a character that is not ASCII")
    }
    try sum()
    guard position == bytes.count else {
      throw failure(position, "an operator or the end is expected, not '\(shown)'")
    }
    return usage
  }

  private mutating func sum() throws(ModelError) {
    depth += 1
    guard depth <= Expression.maximumDepth else {
      throw failure(position, "more than \(Expression.maximumDepth) parentheses inside each other")
    }
    repeat { try product() } while take("+") || take("-")
    depth -= 1
  }

  private mutating func product() throws(ModelError) {
    repeat { try power() } while take("*") || take("/")
  }

  private mutating func power() throws(ModelError) {
    repeat {
      // One sign only, as in eval.c.
      if !take("-") { _ = take("+") }
      try primary()
    } while take("^")
  }

  private mutating func primary() throws(ModelError) {
    skipSpace()
    guard let first = peek else { throw failure(position, "a value is expected at the end") }
    if first.isASCIIDigit || first == UInt8(ascii: ".") {
      try number()
    } else if take("(") {
      try sum()
      guard take(")") else { throw failure(position, "')' is expected here") }
    } else if first.isASCIIAlphanumeric || first == UInt8(ascii: "_") {
      try name()
    } else {
      throw failure(position, "a number, a name or '(' is expected, not '\(shown)'")
    }
  }

  private mutating func number() throws(ModelError) {
    let start = position
    let whole = digits()
    let fraction = next(is: ".") ? digits() : 0
    guard whole + fraction > 0, whole + fraction <= 40 else {
      throw failure(start, "a number is expected here")
    }
    if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if !next(is: "-") { _ = next(is: "+") }
      guard (1...3).contains(digits()) else {
        throw failure(start, "a number's exponent has 1 to 3 digits")
      }
    }
    // eval.c would read "2k" as 2000 and "0x10" as 16; here a name after a number is a mistake.
    if let byte = peek, byte.isASCIIAlphanumeric || byte == UInt8(ascii: "_") || byte == 0x2e {
      throw failure(position, "an operator is expected after a number, not '\(shown)'")
    }
  }

  private mutating func name() throws(ModelError) {
    let start = position
    while let byte = peek, byte.isASCIIAlphanumeric || byte == UInt8(ascii: "_") { position += 1 }
    let name = String(decoding: bytes[start..<position], as: UTF8.self)
    guard take("(") else {
      if variables.contains(name) {
        usage.variables.insert(name)
      } else if !Expression.constants.contains(name) {
        let known = variables.sorted().joined(separator: ", ")
        throw failure(
          start, "'\(name)' is not known here", hint: known.isEmpty ? nil : "known: \(known)")
      }
      return
    }
    guard let arity = Expression.functions[name] else {
      throw failure(start, "the function '\(name)' is not allowed in a recipe")
    }
    var count = 0
    repeat {
      try sum()
      count += 1
    } while take(",")
    guard take(")") else { throw failure(position, "',' or ')' is expected here") }
    guard arity.contains(count) else {
      let expected = arity.count == 1 ? "\(arity.lowerBound)" : "2 or 3"
      throw failure(start, "'\(name)' takes \(expected) arguments, not \(count)")
    }
    usage.functions.insert(name)
  }

  // MARK: Characters

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private var shown: String {
    peek.map { String(UnicodeScalar($0)) } ?? "the end"
  }

  private mutating func skipSpace() {
    while peek == 0x20 { position += 1 }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    return next(is: scalar)
  }

  private mutating func next(is scalar: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func digits() -> Int {
    let start = position
    while peek?.isASCIIDigit == true { position += 1 }
    return position - start
  }

  private func failure(_ offset: Int, _ reason: String, hint: String? = nil) -> ModelError {
    let shown = TerminalText.escaped(String(text.prefix(100)))
    return ModelError("expression '\(shown)'", column: offset + 1, reason: reason, hint: hint)
  }
}
