extension JSONValue {
  /// Reads one JSON document, strictly.
  ///
  /// Duplicate keys, invalid UTF-8, halves of surrogate pairs, whole numbers beyond 64 bits, other
  /// numbers beyond a double, text after the value and anything beyond `limits` are refused; what of
  /// that `limits.isLenient` takes is said there.
  ///
  /// - Parameters:
  ///   - what: the file or text, for errors.
  ///   - firstLine: the line of that file at which `bytes` begin.
  /// - Throws: with line, column and reason.
  public init(
    parsing bytes: UnsafeRawBufferPointer, what: String, limits: JSONLimits = JSONLimits(),
    firstLine: Int = 1
  ) throws(ModelError) {
    var parser = JSONParser(bytes, what: what, limits: limits, firstLine: firstLine)
    self = try parser.document()
  }

  /// Reads one JSON document, strictly; see `init(parsing:what:limits:firstLine:)`.
  public init(
    parsing bytes: [UInt8], what: String, limits: JSONLimits = JSONLimits()
  ) throws(ModelError) {
    self = try bytes.withUnsafeBufferPointer { (buffer) throws(ModelError) in
      try JSONValue(parsing: UnsafeRawBufferPointer(buffer), what: what, limits: limits)
    }
  }

  /// Reads one JSON document, strictly; see `init(parsing:what:limits:firstLine:)`.
  public init(
    parsing text: String, what: String, limits: JSONLimits = JSONLimits()
  ) throws(ModelError) {
    try self.init(parsing: Array(text.utf8), what: what, limits: limits)
  }
}
