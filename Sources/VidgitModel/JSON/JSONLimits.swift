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

  public init(
    bytes: Int = 4 << 20, depth: Int = 32, stringBytes: Int = 64 << 10, elements: Int = 100_000
  ) {
    self.bytes = bytes
    self.depth = depth
    self.stringBytes = stringBytes
    self.elements = elements
  }
}
