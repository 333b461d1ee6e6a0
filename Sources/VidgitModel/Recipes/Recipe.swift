/// `filters/<id>.json`: an immutable filter with all its parameters.
///
/// Its JSON is what it is: the id is taken over it, and nothing in it is dropped or normalised when
/// it is read.
public struct Recipe: Hashable, Sendable {
  /// What a recipe's pixels depend on.
  public enum Scope: String, Hashable, Sendable {
    /// The one input frame.
    case frame
    /// A run of input frames.
    case sequence
  }

  /// What makes the pixels.
  public enum Engine: Hashable, Sendable {
    /// A graph of FFmpeg's filters.
    case graph(FilterGraph)
    /// A program of the user's.
    case command(CommandRecipe)
    /// An image service on the web.
    case http(HTTPRecipe)
    /// Neighbours blended along the motion of the source.
    case motion(MotionRecipe)
    /// Another engine by its name, with the keys of the recipe that are its parameters. The caller
    /// says whether it can run it.
    case other(String, JSONValue)

    /// "graph", "command", "motion", "http", "model", ...
    public var name: String {
      switch self {
      case .graph: "graph"
      case .command: "command"
      case .http: "http"
      case .motion: "motion"
      case .other(let name, _): name
      }
    }
  }

  /// `^[a-z0-9][a-z0-9-]{0,39}$`
  public let name: String
  public let scope: Scope
  public let engine: Engine
  /// The whole file, unknown keys included.
  public let json: JSONObject
  /// The name, "-", and the first 12 hexadecimal digits of the SHA-256 of `json` in RFC 8785 form.
  public let id: String
  /// The whole SHA-256 of `json` in RFC 8785 form.
  public let digest: Digest

  /// A recipe of the graph engine.
  ///
  /// - Throws: where the name or the graph breaks a rule.
  public init(name: String, scope: Scope, graph: FilterGraph) throws(ModelError) {
    let json: JSONObject = [
      "name": .string(name), "engine": "graph", "scope": .string(scope.rawValue),
      "filters": .array(graph.nodes.map(\.json)),
    ]
    try self.init(json: .object(json), file: "recipe '\(TerminalText.escaped(name))'")
  }

  /// Reads a recipe. An engine that is not known is no error.
  public init(json: JSONValue, file: String) throws(ModelError) {
    var reader = try ObjectReader(json, what: file)
    name = try reader.required("name", "1 to 40 of a-z, 0-9 and '-', not beginning with '-'") {
      $0.string.flatMap { Self.isName($0) ? $0 : nil }
    }
    let engineName = try reader.required("engine", "the name of an engine", Field.identifier)
    scope = try reader.required("scope", "\"frame\" or \"sequence\"") {
      $0.string.flatMap(Scope.init(rawValue:))
    }
    try Self.checkNumbers(json, file: file)
    let parameters = reader.unknown
    switch engineName {
    case "graph":
      guard let filters = parameters["filters"] else {
        throw ModelError(file, reason: "the key 'filters' is missing")
      }
      engine = .graph(try FilterGraph(json: filters, file: file))
    case "command":
      engine = .command(try CommandRecipe(json: .object(parameters), file: file))
      guard scope == .frame else {
        throw ModelError(file, reason: "a command sees single frames: 'scope' must be \"frame\"")
      }
    case "http":
      engine = .http(try HTTPRecipe(json: .object(parameters), file: file))
      guard scope == .frame else {
        throw ModelError(file, reason: "a service sees single frames: 'scope' must be \"frame\"")
      }
    case "motion":
      engine = .motion(try MotionRecipe(json: .object(parameters), file: file))
      guard scope == .sequence else {
        throw ModelError(
          file, reason: "the engine 'motion' looks at neighbours: 'scope' must be \"sequence\"")
      }
    default:
      engine = .other(engineName, .object(parameters))
    }
    self.json = reader.object
    digest = Digest(of: json.canonical())
    id = name + "-" + digest.hex.prefix(Self.idDigits)
  }

  /// The bytes of `filters/<id>.json`: the same for every recipe of the same id.
  public func fileBytes() -> [UInt8] {
    JSONValue.object(json).ordered(first: Self.keyOrder).pretty()
  }

  private static let keyOrder = ["name", "engine", "scope", "filters"]

  /// RFC 8785 has doubles only: a whole number that no double holds has no exact canonical form,
  /// and two recipes could share an id.
  private static func checkNumbers(_ json: JSONValue, file: String) throws(ModelError) {
    switch json {
    case .int(let value) where value.magnitude > 1 << 53:
      throw ModelError(
        file, reason: "the number \(value) is beyond 2^53, which a recipe may not hold",
        hint: "write it as a string")
    case .double(let value) where !value.isFinite:
      throw ModelError(file, reason: "a number of a recipe must be finite")
    case .array(let values):
      for value in values { try checkNumbers(value, file: file) }
    case .object(let object):
      for member in object.members { try checkNumbers(member.value, file: file) }
    default: break
    }
  }
}

extension JSONValue {
  /// The same value with the keys of every object in one order: those of `first`, then by UTF-16
  /// as in RFC 8785.
  func ordered(first: [String]) -> JSONValue {
    switch self {
    case .array(let values):
      return .array(values.map { $0.ordered(first: GraphNode.keyOrder) })
    case .object(let object):
      let rank: (String) -> Int = { key in
        first.firstIndex { $0.hasSameBytes(as: key) } ?? first.count
      }
      let members = object.members.sorted { left, right in
        let (a, b) = (rank(left.key), rank(right.key))
        return a == b ? left.key.utf16.lexicographicallyPrecedes(right.key.utf16) : a < b
      }
      return .object(
        JSONObject(members.map { .init(key: $0.key, value: $0.value.ordered(first: [])) }))
    default: return self
    }
  }
}
