/// Turns FFmpeg's rules for open pads into those of recipes: the graph's own ends lose their labels
/// where order says the same, and a comma beside labels gets a label of its own.
struct NotationLinker {
  private var drafts: [DraftNode]
  private let text: String

  init(drafts: [DraftNode], text: String) {
    self.drafts = drafts
    self.text = text
  }

  func nodes() throws(ModelError) -> [GraphNode] {
    var linker = self
    linker.nameCommas()
    try linker.nameEnds()
    try linker.checkLabels()
    return linker.drafts.map { draft in
      GraphNode(
        filter: draft.filter, options: draft.options, inputs: draft.inputs.map(\.name),
        outputs: draft.outputs.map(\.name))
    }
  }

  /// In `split[a],hflip` and `hflip,[a]overlay` the comma links the next pad of each side.
  private mutating func nameCommas() {
    var used = Set(drafts.flatMap { $0.inputs + $0.outputs }.map(\.name))
    var number = 0
    for index in drafts.indices.dropFirst()
    where drafts[index].isChained
      && !(drafts[index].inputs.isEmpty && drafts[index - 1].outputs.isEmpty)
    {
      repeat { number += 1 } while !used.insert("link\(number)").inserted
      let label = DraftNode.Label(name: "link\(number)", offset: drafts[index].offset)
      drafts[index - 1].outputs.append(label)
      drafts[index].inputs.append(label)
    }
  }

  /// Finds the one open input and the one open output.
  private mutating func nameEnds() throws(ModelError) {
    let made = Set(drafts.flatMap(\.outputs).map(\.name))
    let taken = Set(drafts.flatMap(\.inputs).map(\.name))
    var inputs: [(node: Int, label: DraftNode.Label?)] = []
    var outputs: [(node: Int, label: DraftNode.Label?)] = []
    for (index, draft) in drafts.enumerated() {
      if draft.inputs.isEmpty, !draft.isChained { inputs.append((index, nil)) }
      inputs += draft.inputs.filter { !made.contains($0.name) }.map { (index, $0) }
      let isTaken = index + 1 < drafts.count && drafts[index + 1].isChained
      if draft.outputs.isEmpty, !isTaken { outputs.append((index, nil)) }
      outputs += draft.outputs.filter { !taken.contains($0.name) }.map { (index, $0) }
    }
    guard inputs.count == 1 else { throw ends(inputs, "takes", "input", made: false) }
    guard outputs.count == 1 else { throw ends(outputs, "gives", "output", made: true) }
    // A comma's two nodes have their labels by now, so what is left open is an end of the graph.
    setInput(inputs[0].node, inputs[0].label)
    setOutput(outputs[0].node, outputs[0].label)
  }

  private mutating func setInput(_ node: Int, _ label: DraftNode.Label?) {
    let end = DraftNode.Label(name: FilterGraph.inputLabel, offset: drafts[node].offset)
    if drafts[node].inputs.count <= 1 {
      drafts[node].inputs = node == 0 ? [] : [end]
    } else if let index = drafts[node].inputs.firstIndex(where: { $0.name == label?.name }) {
      drafts[node].inputs[index] = end
    }
  }

  private mutating func setOutput(_ node: Int, _ label: DraftNode.Label?) {
    let end = DraftNode.Label(name: FilterGraph.outputLabel, offset: drafts[node].offset)
    if drafts[node].outputs.count <= 1 {
      drafts[node].outputs = node == drafts.count - 1 ? [] : [end]
    } else if let index = drafts[node].outputs.firstIndex(where: { $0.name == label?.name }) {
      drafts[node].outputs[index] = end
    }
  }

  private func ends(
    _ ends: [(node: Int, label: DraftNode.Label?)], _ verb: String, _ noun: String, made: Bool
  ) -> ModelError {
    guard ends.count > 1 else {
      return GraphNotation.failure(text, 0, "the graph \(verb) no \(noun)")
    }
    // A label that stands alone is more likely the mistake than an end without one.
    let odd = ends.last { $0.label != nil } ?? ends[1]
    let offset = odd.label?.offset ?? drafts[odd.node].offset
    let name =
      odd.label.map { "[\(TerminalText.escaped($0.name))]" }
      ?? "the \(noun) of '\(drafts[odd.node].filter)'"
    return GraphNotation.failure(
      text, offset,
      "the graph \(verb) \(ends.count) \(noun)s where one is expected: \(name) is "
        + (made ? "never used" : "never made"))
  }

  /// Names of inner links must be labels of recipes, and be made and used once.
  private func checkLabels() throws(ModelError) {
    for labels in [drafts.flatMap(\.inputs), drafts.flatMap(\.outputs)] {
      var seen: Set<String> = []
      for label in labels {
        let shown = TerminalText.escaped(String(label.name.prefix(60)))
        guard GraphNode.isLabel(label.name) else {
          throw GraphNotation.failure(
            text, label.offset, "the label [\(shown)] is not 1 to 32 letters, digits and '_'")
        }
        guard seen.insert(label.name).inserted else {
          throw GraphNotation.failure(text, label.offset, "the label [\(shown)] stands twice")
        }
      }
    }
  }
}
