/// Reads chains of filters with their labels and options.
struct NotationParser {
  private let text: String
  private let optionOrder: (String) -> [String]?
  private let canonicalName: (String, String) -> String?
  private var scanner: NotationScanner

  init(
    _ text: String, optionOrder: @escaping (String) -> [String]?,
    canonicalName: @escaping (String, String) -> String?
  ) {
    self.text = text
    self.optionOrder = optionOrder
    self.canonicalName = canonicalName
    scanner = NotationScanner(text)
  }

  mutating func chains() throws(ModelError) -> [DraftNode] {
    var nodes: [DraftNode] = []
    var isChained = false
    while true {
      scanner.skipSpace()
      if nodes.isEmpty, text.utf8.dropFirst(scanner.position).starts(with: "sws_flags=".utf8) {
        throw failure(
          scanner.offset, "'sws_flags' may not be set: it would change the pixels of all scalers",
          hint: "vidgit sets the scaler's flags so that every machine makes the same pixels")
      }
      var node = try filter(isChained: isChained)
      node.outputs = try labels()
      nodes.append(node)
      guard nodes.count <= FilterGraph.maximumNodes else {
        throw failure(node.offset, "more than \(FilterGraph.maximumNodes) filters in one graph")
      }
      scanner.skipSpace()
      if scanner.isAtEnd { return nodes }
      let isComma = scanner.take(",")
      guard isComma || scanner.take(";") else {
        throw failure(scanner.offset, "',', ';', '[' or the end is expected here")
      }
      isChained = isComma
    }
  }

  private mutating func filter(isChained: Bool) throws(ModelError) -> DraftNode {
    let inputs = try labels()
    scanner.skipSpace()
    let token = try next(&scanner, until: "=,;[")
    let name = token.text
    guard !name.isEmpty else { throw failure(token.start, "the name of a filter is expected here") }
    if let at = token.bytes.firstIndex(of: UInt8(ascii: "@")) {
      throw failure(
        token.offset(at), "instance names ('\(TerminalText.escaped(name))') mean nothing here",
        hint: "leave out '@' and what follows it")
    }
    guard GraphNode.isFilterName(name), let order = optionOrder(name) else {
      throw failure(token.start, "there is no filter '\(TerminalText.escaped(name))'")
    }
    var node = DraftNode(
      filter: name, offset: token.start, inputs: inputs, isChained: isChained)
    if scanner.take("=") {
      let token = try next(&scanner, until: "[],;")
      node.options = try options(of: name, token, order)
    }
    return node
  }

  private mutating func labels() throws(ModelError) -> [DraftNode.Label] {
    var labels: [DraftNode.Label] = []
    scanner.skipSpace()
    while scanner.peek == UInt8(ascii: "[") {
      let offset = scanner.offset
      scanner.position += 1
      let token = try next(&scanner, until: "]")
      guard scanner.take("]") else { throw failure(offset, "']' is missing after a label") }
      guard !token.bytes.isEmpty else { throw failure(offset, "a label is empty") }
      labels.append(.init(name: token.text, offset: offset))
      guard labels.count <= GraphNode.maximumLabels else {
        throw failure(offset, "more than \(GraphNode.maximumLabels) labels at one filter")
      }
      scanner.skipSpace()
    }
    return labels
  }

  // MARK: Options

  private func options(
    of filter: String, _ token: NotationToken, _ order: [String]
  ) throws(ModelError) -> [GraphNode.Option] {
    var scanner = NotationScanner(token)
    var positional = order[...]
    var options: [GraphNode.Option] = []
    while !scanner.isAtEnd {
      let start = scanner.offset
      let given = key(&scanner)
      // After the first name, values without one have no place any more.
      if given != nil { positional = [] }
      let value = try next(&scanner, until: ":")
      _ = scanner.take(":")
      guard let name = given ?? positional.popFirst() else {
        let reason =
          options.isEmpty || order.isEmpty
          ? "the filter '\(filter)' takes no value without a name"
          : "'name=' is expected before this value"
        throw failure(start, reason)
      }
      guard let canonical = canonicalName(filter, name) else {
        throw failure(start, "the filter '\(filter)' has no option '\(TerminalText.escaped(name))'")
      }
      guard !options.contains(where: { $0.name == canonical }) else {
        throw failure(start, "the option '\(canonical)' is set twice")
      }
      options.append(.init(canonical, Self.value(value.text)))
    }
    return options
  }

  /// The name before "=", by the rule of `av_opt_get_key_value`; `nil`, and nothing read, where
  /// there is none.
  private func key(_ scanner: inout NotationScanner) -> String? {
    var probe = scanner
    probe.skipSpace()
    let start = probe.position
    while let byte = probe.peek, byte.isASCIIAlphanumeric || "-_/.".utf8.contains(byte) {
      probe.position += 1
    }
    let name = String(decoding: probe.token.bytes[start..<probe.position], as: UTF8.self)
    probe.skipSpace()
    guard probe.take("=") else { return nil }
    scanner = probe
    return name
  }

  /// A number where the text is one in plain decimal notation that a double holds.
  static func value(_ text: String) -> OptionValue {
    let unsigned = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    let parts = unsigned.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.joined().allSatisfy(\.isASCIIDigit),
      parts.last?.isEmpty == false, unsigned.count <= 18
    else { return .string(text) }
    // "007" is a name or a time code rather than a number.
    if parts[0].count > 1, parts[0].first == UInt8(ascii: "0") { return .string(text) }
    if parts.count == 1 {
      guard let value = Int64(text), value.magnitude <= 1 << 53 else { return .string(text) }
      return .int(value)
    }
    let digits = parts.joined().drop { $0 == UInt8(ascii: "0") }.count
    guard digits <= 15, let value = Double(text) else { return .string(text) }
    return .double(value)
  }

  private func next(
    _ scanner: inout NotationScanner, until stops: StaticString
  ) throws(ModelError) -> NotationToken {
    switch scanner.next(until: stops) {
    case .success(let token): return token
    case .failure(let quote): throw failure(quote.offset, "this quote is not closed")
    }
  }

  private func failure(_ offset: Int, _ reason: String, hint: String? = nil) -> ModelError {
    GraphNotation.failure(text, offset, reason, hint: hint)
  }
}
