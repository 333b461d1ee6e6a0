/// FFmpeg's notation of filter graphs (`hue=s=0,eq=contrast=1.4`), to typed nodes and back.
///
/// The rules are those of libavfilter's `graphparser.c` and libavutil's `av_get_token` and
/// `av_opt_get_key_value`: `,` links, `;` ends a chain, `[label]` names a link, a backslash and
/// quotes escape, once for the graph and once more for the options of a filter.
public enum GraphNotation {
  public static let maximumLength = 16 << 10

  /// Reads a graph.
  ///
  /// A value in plain decimal notation becomes a number, any other a string. The labels of the
  /// graph's own input and output (`[in]`, `[0:v]`, `[out]`, ...) are dropped where the order of
  /// nodes says the same.
  ///
  /// - Parameters:
  ///   - optionOrder: the names that values without a name stand for, in order; `nil` where there is
  ///     no such filter.
  ///   - canonicalName: the one name of a filter's option that may have several; `nil` where the
  ///     filter has no such option.
  /// - Throws: with the column and what was expected.
  public static func parse(
    _ text: String, optionOrder: (_ filter: String) -> [String]?,
    canonicalName: (_ filter: String, _ option: String) -> String?
  ) throws(ModelError) -> FilterGraph {
    guard text.utf8.count <= maximumLength else {
      throw ModelError("graph", reason: "more than \(maximumLength) bytes")
    }
    guard !text.utf8.contains(0) else { throw ModelError("graph", reason: "it holds a NUL") }
    return try withoutActuallyEscaping(optionOrder) { (order) throws(ModelError) in
      try withoutActuallyEscaping(canonicalName) { (name) throws(ModelError) in
        var parser = NotationParser(text, optionOrder: order, canonicalName: name)
        let drafts = try parser.chains()
        let nodes = try NotationLinker(drafts: drafts, text: text).nodes()
        return try FilterGraph(nodes: nodes, what: describe(text))
      }
    }
  }

  static func describe(_ text: String) -> String {
    "graph '\(TerminalText.escaped(String(text.prefix(200))))'"
  }

  static func failure(
    _ text: String, _ offset: Int, _ reason: String, hint: String? = nil
  ) -> ModelError {
    let column = text.utf8.prefix(offset).reduce(into: 1) { if $1 & 0xc0 != 0x80 { $0 += 1 } }
    return ModelError(describe(text), column: column, reason: reason, hint: hint)
  }
}

/// A filter as written, before links are resolved.
struct DraftNode {
  struct Label {
    var name: String
    var offset: Int
  }

  var filter: String
  var offset: Int
  var options: [GraphNode.Option] = []
  var inputs: [Label] = []
  var outputs: [Label] = []
  /// Whether a comma stands before it: the open output of the node before is its next input.
  var isChained: Bool
}
