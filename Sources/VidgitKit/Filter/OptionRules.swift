import FFmpeg
import VidgitModel

/// What the value of a filter's option may be.
///
/// libavutil evaluates expressions wherever it expects a number, and an expression can loop for
/// ever; so a number is a plain one here, and an expression only what vidgit's own grammar allows.
enum OptionRules {
  private static let largestSide = 8192

  static func check(
    _ value: String, of option: FilterInfo.Option, policy: FilterPolicy
  ) throws {
    let names = [option.name, option.canonicalName]
    let place =
      "'\(TerminalText.escaped(value))' for the option '\(option.name)' of '\(policy.name)'"
    switch option.kind {
    case .number: try checkNumber(value, option, policy, place)
    case .text:
      guard let text = names.lazy.compactMap({ policy.texts[$0] }).first else {
        throw refusal(place, "this option is not allowed in a recipe")
      }
      try check(value, as: text, place)
    case .color: try require(isWord(value, allowing: "#@."), place, "expected a colour")
    case .size:
      let sides = value.split(separator: "x").compactMap { Int($0) }
      try require(
        sides.count == 2 && sides.allSatisfy { (1...largestSide).contains($0) }, place,
        "expected a size such as 640x360, at most \(largestSide) a side")
    case .rational:
      try require(
        value.utf8.allSatisfy { isDigit($0) || "./:-".utf8.contains($0) }, place,
        "expected a fraction such as 16/9")
    case .duration:
      try require(
        value.utf8.allSatisfy { isDigit($0) || ".:-ums".utf8.contains($0) }, place,
        "expected a time in seconds")
    case .pixelFormat:
      try require(PixelFormat(name: value) != nil, place, "expected a pixel format's name")
    case .other: throw refusal(place, "this option is not allowed in a recipe")
    }
  }

  private static func checkNumber(
    _ value: String, _ option: FilterInfo.Option, _ policy: FilterPolicy, _ place: String
  ) throws {
    guard let number = Double(value), number.isFinite, isPlainNumber(value) else {
      // Flags come as "a+b", constants as one name.
      let words = value.split { "+-|".contains($0) }.map(String.init)
      try require(
        !words.isEmpty
          && words.allSatisfy {
            option.constants.contains($0) || ["true", "false", "auto"].contains($0)
          }, place,
        option.constants.isEmpty
          ? "expected a number from \(text(option.minimum)) to \(text(option.maximum))"
          : "expected a number or one of \(option.constants.sorted().joined(separator: ", "))")
      return
    }
    try require(
      (option.minimum...option.maximum).contains(number), place,
      "expected a number from \(text(option.minimum)) to \(text(option.maximum))")
    let cap = policy.caps[option.name] ?? policy.caps[option.canonicalName]
    if let cap, !cap.contains(number) {
      throw refusal(
        place, "in a recipe it may be from \(text(cap.lowerBound)) to \(text(cap.upperBound))")
    }
  }

  private static func check(_ value: String, as text: FilterPolicy.Text, _ place: String) throws {
    switch text {
    case .expression(let variables, let perFrame):
      do {
        _ = try Expression.validate(value, variables: Set(variables + perFrame))
      } catch {
        throw VidgitError(
          .badInput, "\(place): \(error.reason)",
          hint: error.hint ?? "an expression is plain arithmetic: + - * / ^, min, max, if, sin, ..."
        )
      }
    case .words: try require(isWord(value, allowing: "_.+|: -"), place, "expected plain words")
    case .numbers:
      try require(
        value.utf8.allSatisfy { isDigit($0) || "+-. /|,;e".utf8.contains($0) }, place,
        "expected a list of numbers")
    case .color: try require(isWord(value, allowing: "#@."), place, "expected a colour")
    }
  }

  private static func isPlainNumber(_ value: String) -> Bool {
    value.utf8.allSatisfy { isDigit($0) || "+-.eE".utf8.contains($0) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isWord(_ value: String, allowing extra: String) -> Bool {
    value.utf8.allSatisfy { byte in
      isDigit(byte) || extra.utf8.contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
  }

  private static func text(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : "\(number)"
  }

  private static func require(_ holds: Bool, _ place: String, _ reason: String) throws {
    guard holds else {
      throw VidgitError(
        .badInput, "\(place): \(reason)", hint: "`ffmpeg -h filter=NAME` tells what a filter takes")
    }
  }

  private static func refusal(_ place: String, _ reason: String) -> VidgitError {
    VidgitError(.refused, "\(place): \(reason)", hint: GraphCompiler.safetyHint)
  }
}
