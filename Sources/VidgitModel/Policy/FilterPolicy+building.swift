// Short forms, so that the tables read as tables.
extension FilterPolicy {
  typealias Caps = [String: ClosedRange<Double>]

  static func exact(
    _ name: String, _ texts: [String: Text] = [:], caps: Caps = [:], rules: [Rule] = [],
    refused: Set<String> = [], inputs: PadCount = .fixed(1), outputs: PadCount = .fixed(1)
  ) -> FilterPolicy {
    FilterPolicy(
      name: name, determinism: .exact, scope: .frame, inputs: inputs, outputs: outputs,
      texts: texts, caps: caps, rules: rules, refused: refused)
  }

  static func inexact(
    _ name: String, _ texts: [String: Text] = [:], caps: Caps = [:], rules: [Rule] = [],
    refused: Set<String> = [], inputs: PadCount = .fixed(1), outputs: PadCount = .fixed(1)
  ) -> FilterPolicy {
    FilterPolicy(
      name: name, determinism: .inexact, scope: .frame, inputs: inputs, outputs: outputs,
      texts: texts, caps: caps, rules: rules, refused: refused)
  }

  static func sequence(
    _ name: String, _ texts: [String: Text] = [:], caps: Caps = [:], rules: [Rule] = [],
    refused: Set<String> = [], determinism: Determinism = .exact
  ) -> FilterPolicy {
    FilterPolicy(
      name: name, determinism: determinism, scope: .sequence, inputs: .fixed(1),
      outputs: .fixed(1), texts: texts, caps: caps, rules: rules, refused: refused)
  }

  /// One kind of text for several options (usually aliases).
  static func options(_ names: String, _ text: Text) -> [String: Text] {
    Dictionary(uniqueKeysWithValues: names.split(separator: " ").map { (String($0), text) })
  }
}

extension FilterPolicy.Rule {
  /// The filter sees only its own frame while the option keeps to these values.
  static func frame(
    while options: String, in harmless: Set<String>, byDefault: Bool = true
  ) -> FilterPolicy.Rule {
    FilterPolicy.Rule(
      options: options.split(separator: " ").map(String.init), harmless: harmless,
      defaultIsHarmless: byDefault, otherwise: .sequence)
  }

  /// The filter is exact while the option keeps to these values.
  static func exact(
    while options: String, in harmless: Set<String>, byDefault: Bool = true
  ) -> FilterPolicy.Rule {
    FilterPolicy.Rule(
      options: options.split(separator: " ").map(String.init), harmless: harmless,
      defaultIsHarmless: byDefault, otherwise: .inexact)
  }

  /// The filter is allowed only while the option keeps to these values.
  static func allowed(
    while options: String, in harmless: Set<String>, byDefault: Bool, _ reason: String
  ) -> FilterPolicy.Rule {
    FilterPolicy.Rule(
      options: options.split(separator: " ").map(String.init), harmless: harmless,
      defaultIsHarmless: byDefault, otherwise: .refused(reason))
  }
}

extension Set<String> {
  /// How "off" is written as an option's value.
  static var off: Set<String> { ["0", "0.0", "false"] }
  /// How "on" is written as an option's value.
  static var on: Set<String> { ["1", "true"] }
}
