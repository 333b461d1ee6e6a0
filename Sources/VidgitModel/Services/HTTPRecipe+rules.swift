extension HTTPRecipe {
  /// What the parts of a recipe must agree on.
  func check(file: String) throws(ModelError) {
    func refuse(_ reason: String, hint: String? = nil) -> ModelError {
      ModelError(file, reason: reason, hint: hint)
    }
    let words = bodyWords + request.url.words
    for case .parameter(let name) in allWords where parameters[name] == nil {
      throw refuse("$PARAM:\(name) is used, and 'params' does not have it")
    }
    if (words + (exchange.map { $0.url.words + $0.uri.words } ?? [])).contains(where: \.isSecret) {
      throw refuse(
        "$ENV:NAME may stand in headers only",
        hint: "addresses and bodies end up in other people's logs")
    }
    for header in request.headers + (exchange?.headers ?? []) {
      guard header.value.words.allSatisfy({ $0.isSecret || $0.isParameter }) else {
        throw refuse("the header '\(header.name)' takes $ENV:NAME and $PARAM:name only")
      }
    }
    try checkInput(words, refuse)
    if (words.contains(.output) || words.contains(.batchOutput)) != (reply.form == .exchange) {
      throw refuse(
        "$SINGLE_OUTPUT or $BATCH_OUTPUT and the reply \"exchange\" go together: the service writes "
          + "there, and vidgit reads there")
    }
    if (input.form == .uri || reply.form == .exchange) && exchange == nil {
      throw refuse("'exchange' is missing: it says where pictures are left")
    }
    if words.contains(.file) { throw refuse("$FILE stands in 'exchange' only") }
    if batch > 1 {
      guard size?.rule != .tile else { throw refuse("'batch' does not go with tiles") }
      guard reply.form != .raw, reply.form == .exchange || reply.path!.isIndexed else {
        throw refuse("the path of the reply must hold \"*\" for the place in the batch")
      }
    } else if reply.path?.isIndexed == true {
      throw refuse("\"*\" in the path of the reply goes with 'batch'")
    }
    for template in [request.url, exchange?.url].compactMap(\.self) {
      try checkAddress(template, file: file)
    }
    if job != nil, reply.form == .raw, job!.result == nil {
      throw refuse("a job's answer is JSON: 'reply' must say where the result stands")
    }
  }

  private func checkInput(
    _ words: [CallTemplate.Word], _ refuse: (String, String?) -> ModelError
  ) throws(ModelError) {
    let isSent = request.body == .raw || words.contains(.input)
    guard isSent != words.contains(.batchInput), isSent == (batch == 1) else {
      throw refuse(
        "the request must hold $SINGLE_INPUT, or $BATCH_INPUT where 'batch' is more than 1", nil)
    }
    switch request.body {
    case .json where input.form == .bytes:
      throw refuse(
        "bytes do not go into JSON", "'input' as \"base64\", \"data-url\" or \"uri\" do")
    case .raw where input.form != .bytes:
      throw refuse("'raw' sends bytes, and nothing else", nil)
    case .form where batch > 1:
      throw refuse("a form takes one picture", nil)
    case .raw where request.method == "GET", .json where request.method == "GET",
      .form where request.method == "GET":
      throw refuse("a GET has no body", nil)
    default: break
    }
    if request.url.words.contains(where: { $0 == .input || $0 == .output }), input.form != .uri {
      throw refuse("an address holds a picture only by its 'uri'", nil)
    }
  }

  private func checkAddress(_ template: CallTemplate, file: String) throws(ModelError) {
    let text = template.filledURL { word in
      if case .parameter(let name) = word { parameter(name) } else { "x" }
    }
    let isWeb = text.hasPrefix("https://") || text.hasPrefix("http://")
    let problem = isWeb ? PublicURI.problem(with: text) : "it must be an https: or http: address"
    if let problem {
      throw ModelError(
        file, reason: "the address '\(TerminalText.escaped(template.text))': \(problem)")
    }
    // The host must be known before a picture is: it stands before the first word but parameters.
    let fixed = template.parts.prefix { part in
      if case .word(let word) = part { word.isParameter } else { true }
    }
    let start = CallTemplate(parts: Array(fixed)).filledURL { word in
      if case .parameter(let name) = word { parameter(name) } else { "" }
    }
    guard start.split(separator: "/", omittingEmptySubsequences: false).count > 3 else {
      throw ModelError(file, reason: "the host of an address holds a word that is filled in")
    }
  }

  private var bodyWords: [CallTemplate.Word] {
    switch request.body {
    case .none, .raw: []
    case .json(let document): document.templateWords
    case .form(let fields): fields.flatMap(\.value.words)
    }
  }

  private var allWords: [CallTemplate.Word] {
    bodyWords + request.url.words + request.headers.flatMap(\.value.words)
      + (exchange.map { $0.url.words + $0.uri.words + $0.headers.flatMap(\.value.words) } ?? [])
  }
}

extension CallTemplate.Word {
  var isSecret: Bool { if case .secret = self { true } else { false } }
  var isParameter: Bool { if case .parameter = self { true } else { false } }
}

extension CallTemplate {
  init(parts: [Part]) {
    self.parts = parts
    text = ""
  }
}

extension JSONValue {
  /// The words of all texts in a document. Keys are not looked at.
  var templateWords: [CallTemplate.Word] {
    switch self {
    case .string(let text): CallTemplate(text).words
    case .array(let values): values.flatMap(\.templateWords)
    case .object(let object): object.members.flatMap(\.value.templateWords)
    default: []
    }
  }

  /// The document with every word filled in. A text that is nothing but a word becomes the word's
  /// value, of whatever kind.
  public func filled(_ value: (CallTemplate.Word) throws -> JSONValue) rethrows -> JSONValue {
    switch self {
    case .string(let text):
      let template = CallTemplate(text)
      if let word = template.onlyWord { return try value(word) }
      return .string(
        try template.filled { word in
          switch try value(word) {
          case .string(let text): text
          case let other: String(decoding: other.compact(), as: UTF8.self)
          }
        })
    case .array(let values): return .array(try values.map { try $0.filled(value) })
    case .object(let object):
      return .object(
        JSONObject(try object.members.map { .init(key: $0.key, value: try $0.value.filled(value)) })
      )
    default: return self
    }
  }
}
