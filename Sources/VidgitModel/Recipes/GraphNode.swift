/// One filter of a graph, with its options and, where the graph branches, its labels.
public struct GraphNode: Hashable, Sendable {
  /// FFmpeg's name of the filter.
  public var filter: String
  /// The options that are set, in order, by FFmpeg's names.
  public var options: [Option]
  /// The labels of its input pads in order; empty where it takes the preceding node's output (the
  /// first node: the graph's input).
  public var inputs: [String]
  /// The labels of its output pads in order; empty where the next node takes its output (the last
  /// node: where it is the graph's output).
  public var outputs: [String]

  public struct Option: Hashable, Sendable {
    public var name: String
    public var value: OptionValue

    public init(_ name: String, _ value: OptionValue) {
      self.name = name
      self.value = value
    }
  }

  public init(
    filter: String, options: [Option] = [], inputs: [String] = [], outputs: [String] = []
  ) {
    self.filter = filter
    self.options = options
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// The value of a filter's option.
public enum OptionValue: Hashable, Sendable {
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case string(String)

  /// The text that libavfilter's option parser reads as this value.
  public var text: String {
    switch self {
    case .bool(let value): value ? "1" : "0"
    case .int(let value): String(value)
    case .double(let value): JSONNumber.text(value)
    case .string(let value): value
    }
  }

  var json: JSONValue {
    switch self {
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .double(let value): .double(value)
    case .string(let value): .string(value)
    }
  }

  init?(json: JSONValue) {
    switch json {
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .double(let value): self = .double(value)
    case .string(let value): self = .string(value)
    default: return nil
    }
  }
}

extension GraphNode {
  static let keyOrder = ["filter", "options", "inputs", "outputs"]
  static let maximumOptions = 128
  static let maximumLabels = 16
  static let maximumValueBytes = 4096

  init(json: JSONValue, file: String, path: String) throws(ModelError) {
    var reader = try ObjectReader(json, what: file, path: path)
    filter = try reader.required("filter", "the name of a filter", Self.filterName)
    options = []
    if let object = try reader.optional("options", "an object", \.object) {
      guard object.count <= Self.maximumOptions else {
        throw reader.failure("options", "has more than \(Self.maximumOptions) members")
      }
      for member in object.members {
        let place = "options." + TerminalText.escaped(String(member.key.prefix(60)))
        guard Self.isOptionName(member.key) else {
          throw reader.failure(place, "is no name of an option")
        }
        guard let value = OptionValue(json: member.value) else {
          throw reader.failure(place, "must be a number, a string, true or false")
        }
        if case .string(let text) = value,
          text.utf8.count > Self.maximumValueBytes || text.utf8.contains(0)
        {
          throw reader.failure(
            place, "must be a string of at most \(Self.maximumValueBytes) bytes without NUL")
        }
        options.append(Option(member.key, value))
      }
    }
    inputs = try Self.labels("inputs", &reader)
    outputs = try Self.labels("outputs", &reader)
    if let key = reader.unknown.keys.first {
      throw reader.failure(
        TerminalText.escaped(String(key.prefix(60))), "is not known, and would change the pixels",
        hint: "a newer version of vidgit may know it")
    }
  }

  private static func labels(
    _ key: String, _ reader: inout ObjectReader
  ) throws(ModelError) -> [String] {
    guard let values = try reader.optional(key, "an array of labels", \.array) else { return [] }
    guard (1...maximumLabels).contains(values.count) else {
      throw reader.failure(key, "must have 1 to \(maximumLabels) labels, or not be there")
    }
    var labels: [String] = []
    for value in values {
      guard let label = value.string, isLabel(label) else {
        throw reader.failure(key, "must be labels of 1 to 32 letters, digits and '_'")
      }
      labels.append(label)
    }
    return labels
  }

  private static func filterName(_ value: JSONValue) -> String? {
    value.string.flatMap { isFilterName($0) ? $0 : nil }
  }

  static func isFilterName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "_") }
  }

  static func isOptionName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0.isASCIIAlphanumeric || "_-./".utf8.contains($0) }
  }

  /// Whether `text` may be a label: 1 to 32 ASCII letters, digits and "_".
  static func isLabel(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "_") }
  }

  /// The node as recipes hold it; keys that say nothing are left out.
  var json: JSONValue {
    var object: JSONObject = ["filter": .string(filter)]
    func labels(_ names: [String]) -> JSONValue? {
      names.isEmpty ? nil : .array(names.map { .string($0) })
    }
    if !options.isEmpty {
      object["options"] = .object(
        JSONObject(options.map { JSONObject.Member(key: $0.name, value: $0.value.json) }))
    }
    object["inputs"] = labels(inputs)
    object["outputs"] = labels(outputs)
    return .object(object)
  }
}
