extension GraphNotation {
  /// A recipe's graph in FFmpeg's notation, for people; the command or the name of other engines.
  public static func text(of recipe: Recipe) -> String {
    switch recipe.engine {
    case .graph(let graph): text(of: graph)
    case .command(let command): command.text
    case .http(let http): http.text
    case .motion(let motion): motion.text
    case .other(let name, _): name
    }
  }

  /// A graph in FFmpeg's notation, which `parse` reads as the same graph.
  public static func text(of graph: FilterGraph) -> String {
    var text = ""
    for (index, node) in graph.nodes.enumerated() {
      if index > 0 {
        let isChained = node.inputs.isEmpty && graph.nodes[index - 1].outputs.isEmpty
        text += isChained ? "," : ";"
      }
      text += node.inputs.map { "[\($0)]" }.joined()
      text += node.filter
      let options = node.options.map { $0.name + "=" + escaped($0.value.text, #"\':"#) }
      if !options.isEmpty {
        text += "=" + escaped(options.joined(separator: ":"), #"\'[],;"#)
      }
      text += node.outputs.map { "[\($0)]" }.joined()
    }
    return text
  }

  /// `text` with a backslash before each of `special`, and before white space at its ends.
  private static func escaped(_ text: String, _ special: String) -> String {
    let scalars = Array(text.unicodeScalars)
    func isSpace(_ scalar: Unicode.Scalar) -> Bool { " \t\n\r".unicodeScalars.contains(scalar) }
    let first = scalars.firstIndex { !isSpace($0) } ?? scalars.count
    let last = scalars.lastIndex { !isSpace($0) } ?? -1
    var result = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      if special.unicodeScalars.contains(scalar) || index < first || index > last {
        result.append("\\")
      }
      result.append(scalar)
    }
    return String(result)
  }
}
