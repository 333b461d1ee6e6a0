/// Filters and how they are linked: one input, one output, every pad linked once, no cycle.
///
/// A node without `inputs` takes the preceding node's open output, the first one the graph's input;
/// the last gives the graph's output. Labels link the rest, each made once and used once. The label
/// "in" is the graph's input and "out" its output, where a node in another place takes or gives it.
public struct FilterGraph: Hashable, Sendable {
  /// A pad of a node, or (`node` is `nil`) the graph's own input or output.
  public struct Pad: Hashable, Sendable {
    public var node: Int?
    public var index: Int

    public init(node: Int?, index: Int) {
      self.node = node
      self.index = index
    }
  }

  /// An output pad and the input pad that it feeds.
  public struct Link: Hashable, Sendable {
    public var from: Pad
    public var to: Pad
  }

  public static let maximumNodes = 64
  public static let inputLabel = "in"
  public static let outputLabel = "out"

  public let nodes: [GraphNode]
  /// Every link, the graph's input and output included, by receiving node and pad.
  public let links: [Link]

  /// - Parameter what: the file or text, for errors.
  /// - Throws: where the nodes do not make one graph.
  public init(nodes: [GraphNode], what: String = "graph") throws(ModelError) {
    guard !nodes.isEmpty else { throw ModelError(what, reason: "the graph has no filter") }
    guard nodes.count <= Self.maximumNodes else {
      throw ModelError(what, reason: "more than \(Self.maximumNodes) filters in one graph")
    }
    // What is written must be what is read: the rules for names and values are checked there.
    for (index, node) in nodes.enumerated() {
      guard Set(node.options.map { ByteKey($0.name) }).count == node.options.count else {
        let shown = TerminalText.escaped(node.filter)
        throw ModelError(what, reason: "an option of the filter '\(shown)' is set twice")
      }
      _ = try GraphNode(json: node.json, file: what, path: "filters[\(index)].")
    }
    self.nodes = nodes
    links = try Linker(nodes: nodes, what: what).links()
  }

  /// Reads the value of a recipe's key "filters".
  init(json: JSONValue, file: String) throws(ModelError) {
    guard let values = json.array else {
      throw ModelError(file, reason: "'filters' must be an array")
    }
    guard values.count <= Self.maximumNodes else {
      throw ModelError(file, reason: "more than \(Self.maximumNodes) filters in one graph")
    }
    var nodes: [GraphNode] = []
    for (index, value) in values.enumerated() {
      nodes.append(try GraphNode(json: value, file: file, path: "filters[\(index)]."))
    }
    try self.init(nodes: nodes, what: file)
  }
}

/// Resolves labels and the links that follow from the order of nodes.
private struct Linker {
  typealias Pad = FilterGraph.Pad
  let nodes: [GraphNode]
  let what: String

  func links() throws(ModelError) -> [FilterGraph.Link] {
    let made = try madeLabels()
    var used: Set<String> = []
    var links: [FilterGraph.Link] = []
    for (index, node) in nodes.enumerated() {
      if node.inputs.isEmpty {
        links.append(.init(from: try open(before: index), to: Pad(node: index, index: 0)))
      }
      for (pad, label) in node.inputs.enumerated() {
        guard used.insert(label).inserted else { throw error(label, "is used twice") }
        guard let from = made[label] else { throw error(label, "is used but never made") }
        links.append(.init(from: from, to: Pad(node: index, index: pad)))
      }
    }
    try checkOpenOutputs()
    links.append(.init(from: try output(made), to: Pad(node: nil, index: 0)))
    let inputs = links.filter { $0.from.node == nil }.count
    guard inputs == 1 else {
      throw ModelError(what, reason: "the graph takes \(inputs) inputs where one is expected")
    }
    let dangling = made.keys.filter { label in
      !used.contains(label) && label != FilterGraph.inputLabel && label != FilterGraph.outputLabel
    }
    if let label = dangling.min() { throw error(label, "is made but never used") }
    try checkOrder(links)
    return links
  }

  private func error(_ label: String, _ reason: String) -> ModelError {
    ModelError(what, reason: "the label [\(label)] \(reason)")
  }

  private func madeLabels() throws(ModelError) -> [String: Pad] {
    var made = [FilterGraph.inputLabel: Pad(node: nil, index: 0)]
    for (index, node) in nodes.enumerated() {
      for (pad, label) in node.outputs.enumerated() {
        guard label != FilterGraph.inputLabel else {
          throw error(label, "is the graph's input, and no filter may make it")
        }
        guard made.updateValue(Pad(node: index, index: pad), forKey: label) == nil else {
          throw error(label, "is made twice")
        }
      }
    }
    if nodes.contains(where: { $0.inputs.contains(FilterGraph.outputLabel) }) {
      throw error(FilterGraph.outputLabel, "is the graph's output, and no filter may use it")
    }
    return made
  }

  /// The pad that a node without inputs takes.
  private func open(before index: Int) throws(ModelError) -> Pad {
    guard index > 0 else { return Pad(node: nil, index: 0) }
    guard nodes[index - 1].outputs.isEmpty else {
      throw ModelError(
        what,
        reason: "the filter '\(nodes[index].filter)' (number \(index + 1)) has no input: all "
          + "outputs of the one before it have labels")
    }
    return Pad(node: index - 1, index: 0)
  }

  /// Every output without a label must have been taken by the next node, or be the graph's.
  private func checkOpenOutputs() throws(ModelError) {
    for index in nodes.indices.dropLast()
    where nodes[index].outputs.isEmpty && !nodes[index + 1].inputs.isEmpty {
      throw ModelError(
        what,
        reason: "the output of the filter '\(nodes[index].filter)' (number \(index + 1)) goes "
          + "nowhere: the next one takes labels only")
    }
  }

  /// The pad that gives the graph's output.
  private func output(_ made: [String: Pad]) throws(ModelError) -> Pad {
    let last = nodes.count - 1
    switch (made[FilterGraph.outputLabel], nodes[last].outputs.isEmpty) {
    case (let pad?, false): return pad
    case (nil, true): return Pad(node: last, index: 0)
    case (.some, true):
      throw ModelError(
        what, reason: "the graph gives two outputs: [out] and that of the last filter")
    case (nil, false):
      throw ModelError(
        what, reason: "the graph gives no output: all outputs of the last filter have labels")
    }
  }

  /// Kahn's algorithm: what is left over is in a cycle, or fed by one.
  private func checkOrder(_ links: [FilterGraph.Link]) throws(ModelError) {
    var waiting = [Int](repeating: 0, count: nodes.count)
    for link in links where link.from.node != nil {
      if let to = link.to.node { waiting[to] += 1 }
    }
    var ready = waiting.indices.filter { waiting[$0] == 0 }
    var done = 0
    while let node = ready.popLast() {
      done += 1
      for case let to? in links.filter({ $0.from.node == node }).map(\.to.node) {
        waiting[to] -= 1
        if waiting[to] == 0 { ready.append(to) }
      }
    }
    guard done == nodes.count else {
      throw ModelError(what, reason: "the graph runs in a circle")
    }
  }
}
