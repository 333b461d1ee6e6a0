/// What a recipe may ask of one libavfilter filter, and what may be promised about the result.
///
/// A manifest is a stranger's input, so the rule is deny by default: a filter without a policy is
/// refused, and so is every string option that its policy does not list in ``texts``. Options of
/// other types (numbers, booleans, named constants, colours) are described by libavfilter itself
/// and need listing only where a value would be slow, huge or change the promise.
///
/// The table was measured against FFmpeg 5.1 (all SIMD off, SSE 4.2, everything on; one thread and
/// five; one frame alone and inside a run; five pixel formats), not read from documentation.
public struct FilterPolicy: Hashable, Sendable {
  /// Whether the same picture comes out on every machine.
  public enum Determinism: String, Hashable, Sendable {
    /// Bit for bit the same with every instruction set and thread count that was measured.
    case exact
    /// Differs, or nothing proves that it does not: results are stored, never recomputed.
    case inexact
  }

  /// What one output picture depends on.
  public enum Scope: String, Hashable, Sendable {
    /// Only its own input picture.
    case frame
    /// Also other pictures, the position in the stream, or state from the run before.
    case sequence
  }

  /// How many pads a filter has on one side.
  public enum PadCount: Hashable, Sendable {
    case fixed(Int)
    /// As many as this option says.
    case option(String, default: Int)
    /// Known only after the filter is initialised: ask libavfilter then.
    case afterInit
  }

  /// What the text of a string option may be.
  public enum Text: Hashable, Sendable {
    /// Arithmetic in vidgit's own small grammar. An expression that names one of `perFrame`
    /// changes over time, and makes the filter a sequence filter.
    case expression(variables: [String], perFrame: [String])
    /// Names and flags: `^[A-Za-z0-9_.+|: -]*$`.
    case words
    /// Lists of numbers, such as matrices or the points of a curve: digits, signs, dots, spaces
    /// and the separators `/ | , ;`.
    case numbers
    /// A colour as libavutil writes it: a name or hexadecimal digits, perhaps with `@alpha`.
    case color
  }

  /// What holds as long as some options keep to harmless values, and what follows if they do not.
  public struct Rule: Hashable, Sendable {
    public enum Consequence: Hashable, Sendable {
      case sequence
      case inexact
      case refused(String)
    }

    /// The option and its aliases.
    public let options: [String]
    /// Harmless values; of flags such as `a+u` every one must be harmless.
    public let harmless: Set<String>
    /// Whether the filter's default, when none of the options is given, is harmless too.
    public let defaultIsHarmless: Bool
    public let otherwise: Consequence
  }

  /// The verdict on a filter with given options.
  public struct Ruling: Hashable, Sendable {
    public var determinism: Determinism
    public var scope: Scope
    /// Why these options are refused; nil if they are not.
    public var refusal: String?
  }

  public let name: String
  public let determinism: Determinism
  public let scope: Scope
  public let inputs: PadCount
  public let outputs: PadCount
  /// The string options that a recipe may set. Any other string option is refused.
  public let texts: [String: Text]
  /// The range that a recipe may use of a numeric option, inclusive.
  public let caps: [String: ClosedRange<Double>]
  public let rules: [Rule]
  /// Options that are refused whatever their type.
  public let refused: Set<String>

  /// What may be promised about this filter with these options (as text, as libavutil reads them).
  ///
  /// Values that are not known to be harmless count as harmful. The text of string options is not
  /// checked here, nor are caps.
  public func ruling(on options: [String: String]) -> Ruling {
    var ruling = Ruling(determinism: determinism, scope: scope, refusal: nil)
    for option in options.keys.sorted() where isRefused(option) {
      ruling.refusal = "the option '\(option)' of '\(name)' is not allowed in a recipe"
    }
    for rule in rules where !rule.isKept(by: options) {
      switch rule.otherwise {
      case .sequence: ruling.scope = .sequence
      case .inexact: ruling.determinism = .inexact
      case .refused(let reason): ruling.refusal = "'\(name)' \(reason)"
      }
    }
    for (option, text) in options {
      guard case .expression(_, let perFrame)? = texts[option] else { continue }
      if !perFrame.allSatisfy({ !Self.identifiers(in: text).contains($0) }) {
        ruling.scope = .sequence
      }
    }
    return ruling
  }

  /// Whether an option is refused by name, for this filter or for all.
  public func isRefused(_ option: String) -> Bool {
    refused.contains(option) || Self.refusedEverywhere.contains(option)
  }

  /// The words of an expression that can be variables or functions.
  static func identifiers(in expression: String) -> Set<String> {
    var words: Set<String> = []
    var word = ""
    for character in expression + " " {
      if character.isASCII, character.isLetter || character == "_" || character.isNumber {
        word.append(character)
        continue
      }
      if let first = word.first, !first.isNumber { words.insert(word) }
      word = ""
    }
    return words
  }
}

extension FilterPolicy.Rule {
  /// Whether these options keep to what is harmless.
  func isKept(by given: [String: String]) -> Bool {
    let values = options.compactMap { given[$0] }
    if values.isEmpty { return defaultIsHarmless }
    return values.allSatisfy { value in
      value.split(whereSeparator: { $0 == "+" || $0 == "|" }).allSatisfy {
        harmless.contains(String($0))
      }
    }
  }
}

extension FilterPolicy {
  /// Options that no recipe may set on any filter.
  ///
  /// `enable` and `eval` bring expressions of time; the framesync options can drop or repeat
  /// frames; threads and scaler flags belong to vidgit, since they decide what is exact; the rest
  /// name files, plugins or devices in some version of some filter.
  public static let refusedEverywhere: Set<String> = [
    "enable", "eval",
    "eof_action", "shortest", "repeatlast", "ts_sync_mode",
    "threads", "thread_type", "flags", "sws_flags", "sws_dither",
    "file", "filename", "psfile", "plot", "textfile", "fontfile", "fontsdir", "stats_file",
    "debug_kdtree", "model", "url", "plugin", "commands", "bind_address", "derive_device",
    "opencl", "extra_hw_frames",
  ]

  /// The policy of a filter; nil if recipes may not use it.
  public static func named(_ name: String) -> FilterPolicy? { table[name] }

  /// Why a filter without a policy is refused; nil if it has one.
  public static func refusal(of name: String) -> String? {
    if table[name] != nil { return nil }
    return denied[name] ?? "unknown to this version of vidgit"
  }

  /// Every filter that recipes may use, by name.
  public static let table: [String: FilterPolicy] = {
    let all = colorFilters + detailFilters + geometryFilters + mixingFilters + timeFilters
    return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
  }()
}
