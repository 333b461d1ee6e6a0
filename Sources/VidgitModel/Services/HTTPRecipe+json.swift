extension HTTPRecipe {
  /// Reads the keys of a recipe that belong to this engine; others are left alone.
  init(json: JSONValue, file: String) throws(ModelError) {
    var reader = try ObjectReader(json, what: file)
    parameters = try Self.parameters(&reader)
    request = try Request(reader.section("request"))
    input = try reader.optionalSection("input").map(Input.init) ?? Input()
    exchange = try reader.optionalSection("exchange").map(Exchange.init)
    job = try reader.optionalSection("job").map(Job.init)
    reply = try reader.optionalSection("reply").map(Reply.init) ?? Reply(form: .raw, path: nil)
    error = try reader.path("error")
    idempotency = try reader.optional("idempotency", "the name of a header") {
      $0.string.flatMap { Self.isHeaderName($0) ? $0 : nil }
    }
    batch = try reader.number("batch", 1...Self.mostBatch) ?? 1
    parallel = try reader.number("parallel", 1...Self.mostParallel) ?? 8
    size = try reader.optionalSection("size").map(Size.init)
    takesAnySize =
      try reader.optional("output", #""same" or "any""#) {
        ["same": false, "any": true][$0.string ?? ""]
      } ?? false
    timeout = try reader.number("timeout", 1...3600) ?? 120
    hosts = try reader.list("hosts", limit: 16) { (value, place) throws(ModelError) in
      guard let host = value.string, Self.isHost(host) else {
        throw ModelError(
          file, reason: "'\(place)' must be a host in lower case, or \"*.\" and one")
      }
      return host
    }
    price = try reader.optionalSection("cost").map(Price.init)
    try check(file: file)
  }

  private static func parameters(_ reader: inout ObjectReader) throws(ModelError) -> JSONObject {
    let object = try reader.optional("params", "an object", \.object) ?? JSONObject()
    guard object.count <= 64 else { throw reader.failure("params", "has more than 64 members") }
    for member in object.members {
      guard isParameter(member.key), member.value.isScalar, member.value != .null else {
        throw reader.failure(
          "params.\(TerminalText.escaped(member.key))",
          "must have a name of letters, digits and '_', and be a text, a number, true or false")
      }
    }
    return object
  }

  /// `^[A-Za-z][A-Za-z0-9_]{0,39}$`
  public static func isParameter(_ name: String) -> Bool {
    (1...40).contains(name.utf8.count) && !name.utf8.first!.isASCIIDigit
      && name.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "_") }
  }

  /// A token of RFC 9110, section 5.6.2.
  static func isHeaderName(_ name: String) -> Bool {
    (1...100).contains(name.utf8.count)
      && name.utf8.allSatisfy { $0.isASCIIAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains($0) }
  }

  private static func isHost(_ text: String) -> Bool {
    let host = text.hasPrefix("*.") ? text.dropFirst(2) : text[...]
    return (1...253).contains(host.utf8.count) && host.utf8.first != UInt8(ascii: ".")
      && host.utf8.allSatisfy {
        ($0.isASCIIAlphanumeric && !(0x41...0x5a).contains($0)) || "-.:[]".utf8.contains($0)
      }
  }
}

extension HTTPRecipe.Request {
  init(_ section: ObjectReader) throws(ModelError) {
    var reader = section
    method =
      try reader.optional("method", #""POST", "PUT", "PATCH" or "GET""#) {
        $0.string.flatMap { ["POST", "PUT", "PATCH", "GET"].contains($0) ? $0 : nil }
      } ?? "POST"
    url = CallTemplate(try reader.required("url", "an address", Field.text))
    headers = try reader.headers("headers")
    let bodies = try (
      raw: reader.optional("raw", #""$SINGLE_INPUT""#) {
        $0.string == "$SINGLE_INPUT" ? true : nil
      },
      json: reader.optional("json", "an object or array") { $0.isScalar ? nil : $0 },
      form: reader.optional("form", "an array", \.array)
    )
    switch bodies {
    case (nil, nil, nil): body = .none
    case (.some, nil, nil): body = .raw
    case (nil, let json?, nil): body = .json(json)
    case (nil, nil, .some): body = .form(try Self.fields(&reader))
    default: throw reader.failure("url", "must stand beside one of 'raw', 'json' and 'form'")
    }
  }

  private static func fields(
    _ reader: inout ObjectReader
  ) throws(ModelError) -> [HTTPRecipe.Field] {
    let what = reader.what
    return try reader.list("form", limit: 64) { (value, place) throws(ModelError) in
      var field = try ObjectReader(value, what: what, path: place + ".")
      return HTTPRecipe.Field(
        name: try field.required("name", "a field's name", Field.name),
        value: CallTemplate(try field.required("value", "a text", Field.text)))
    }
  }
}

extension HTTPRecipe.Input {
  init() { (form, format, quality) = (.bytes, .png, 90) }

  init(_ section: ObjectReader) throws(ModelError) {
    var reader = section
    form = try reader.choice("as") ?? .bytes
    format = try reader.choice("format") ?? .png
    quality = try reader.number("quality", 1...100) ?? 90
  }
}

extension HTTPRecipe.Exchange {
  init(_ section: ObjectReader) throws(ModelError) {
    var reader = section
    let url = try reader.required("url", "an address", Field.text)
    self.url = CallTemplate(url)
    uri = CallTemplate(try reader.optional("uri", "an address", Field.text) ?? url)
    headers = try reader.headers("headers")
    for (key, template) in [("url", self.url), ("uri", uri)] where !template.words.contains(.file) {
      throw reader.failure(key, "must hold $FILE, or every picture would have one address")
    }
  }
}

extension HTTPRecipe.Job {
  init(_ section: ObjectReader) throws(ModelError) {
    var reader = section
    poll = try reader.requiredPath("poll")
    status = try reader.requiredPath("status")
    done = try reader.words("done")
    failed = try reader.words("failed")
    result = try reader.path("result")
    cancel = try reader.path("cancel")
    cancelMethod =
      try reader.optional("cancelMethod", #""POST", "PUT" or "DELETE""#) {
        $0.string.flatMap { ["POST", "PUT", "DELETE"].contains($0) ? $0 : nil }
      } ?? "POST"
    interval = try reader.number("interval", 10...600_000) ?? 1000
    timeout = try reader.number("timeout", 1...86_400) ?? 600
    guard !done.isEmpty else { throw reader.failure("done", "must name a status") }
  }
}

extension HTTPRecipe.Reply {
  init(_ section: ObjectReader) throws(ModelError) {
    var reader = section
    form = try reader.choice("as") ?? .raw
    path = try reader.path("path")
    let needsPath = form == .base64 || form == .url
    guard needsPath == (path != nil) else {
      throw reader.failure("path", needsPath ? "is missing" : "goes with \"base64\" and \"url\"")
    }
  }
}

extension HTTPRecipe.Size {
  init(_ section: ObjectReader) throws(ModelError) {
    var reader = section
    guard let rule: Rule = try reader.choice("rule") else {
      throw reader.failure("rule", "is missing")
    }
    self.rule = rule
    let sides = try (reader.number("width", 16...8192), reader.number("height", 16...8192))
    guard let width = sides.0, let height = sides.1 else {
      throw reader.failure("rule", "must stand beside 'width' and 'height'")
    }
    self.width = width
    self.height = height
    overlap = try reader.number("overlap", 0...1024) ?? (rule == .tile ? 32 : 0)
    guard overlap == 0 || rule == .tile, overlap * 2 < min(width, height) else {
      throw reader.failure("overlap", "goes with \"tile\", and is less than half a tile")
    }
  }
}

extension HTTPRecipe.Price {
  init(_ section: ObjectReader) throws(ModelError) {
    var reader = section
    unit = try reader.choice("per") ?? .image
    let nanos = try reader.required("amount", #"a decimal number as text, such as "0.0023""#) {
      $0.string.flatMap { Money.nanos(of: $0) }
    }
    let currency = try reader.required("currency", #"letters, such as "USD""#) {
      $0.string.flatMap { Money.isCurrency($0) ? $0 : nil }
    }
    amount = Money(nanos: nanos, currency: currency)
    usage = try reader.path("usage")
    let typical = try reader.optional("typical", #"a decimal number above 0 as text"#) {
      $0.string.flatMap { Money.nanos(of: $0) }.flatMap { $0 > 0 ? Double($0) / 1e9 : nil }
    }
    guard unit == .image || typical != nil, unit != .image || (typical == nil && usage == nil)
    else {
      throw reader.failure(
        "typical", "says how many seconds or tokens a picture takes, and goes with those alone")
    }
    guard unit != .token || usage != nil else {
      throw reader.failure("usage", "must say where the answer tells how many tokens it took")
    }
    self.typical = typical ?? 1
  }
}

extension ObjectReader {
  fileprivate mutating func section(_ key: String) throws(ModelError) -> ObjectReader {
    guard let section = try optionalSection(key) else {
      throw ModelError(what, line: line, reason: "the key '\(path)\(key)' is missing")
    }
    return section
  }

  fileprivate mutating func optionalSection(_ key: String) throws(ModelError) -> ObjectReader? {
    guard let value = value(key) else { return nil }
    return try ObjectReader(value, what: what, path: "\(path)\(key).")
  }

  fileprivate mutating func number(
    _ key: String, _ range: ClosedRange<Int>
  ) throws(ModelError) -> Int? {
    try optional(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") {
      $0.int.flatMap { Int(exactly: $0) }.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  fileprivate mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String
  ) throws(ModelError) -> Choice? {
    let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    return try optional(key, "one of \(names)") { $0.string.flatMap(Choice.init(rawValue:)) }
  }

  fileprivate mutating func path(_ key: String) throws(ModelError) -> JSONPath? {
    try optional(key, #"a JSON pointer such as "/output/0""#) { $0.string.flatMap { JSONPath($0) } }
  }

  fileprivate mutating func requiredPath(_ key: String) throws(ModelError) -> JSONPath {
    try required(key, #"a JSON pointer such as "/urls/get""#) {
      $0.string.flatMap { JSONPath($0) }
    }
  }

  fileprivate mutating func words(_ key: String) throws(ModelError) -> [String] {
    let what = what
    return try list(key, limit: 16) { (value, place) throws(ModelError) in
      guard let word = Field.name(value) else {
        throw ModelError(what, reason: "'\(place)' must be one line of 1 to 255 bytes")
      }
      return word
    }
  }

  fileprivate mutating func headers(_ key: String) throws(ModelError) -> [HTTPRecipe.Header] {
    let object = try optional(key, "an object", \.object) ?? JSONObject()
    guard object.count <= 64 else { throw failure(key, "has more than 64 members") }
    var headers: [HTTPRecipe.Header] = []
    for member in object.members {
      guard HTTPRecipe.isHeaderName(member.key), let value = Field.text(member.value),
        value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
      else {
        throw failure(
          "\(key).\(TerminalText.escaped(member.key))", "must be a header's name and one line")
      }
      headers.append(.init(name: member.key, value: CallTemplate(value)))
    }
    return headers
  }
}
