/// How large a JSON document may be before it is refused. A manifest is a stranger's input.
public struct JSONLimits: Sendable {
  /// Bytes of the whole document.
  public var bytes: Int
  /// Arrays and objects inside each other.
  public var depth: Int
  /// Bytes of one string or key, escapes resolved.
  public var stringBytes: Int
  /// Values in the whole document, containers included.
  public var elements: Int
  /// For what other programs say: numbers beyond 64 bits or a double become the nearest double, which
  /// may be infinite; of a key that stands twice the last value counts; half of a surrogate pair is
  /// read as U+FFFD.
  public var isLenient: Bool

  public init(
    bytes: Int = 4 << 20, depth: Int = 32, stringBytes: Int = 64 << 10, elements: Int = 100_000,
    isLenient: Bool = false
  ) {
    self.isLenient = isLenient
    self.bytes = bytes
    self.depth = depth
    self.stringBytes = stringBytes
    self.elements = elements
  }
}
