/// A SHA-256 value: the name of a frame's pixels, of a media file or of a recipe.
///
/// Thirty-two bytes inline, so that a million of them are an array and nothing else.
public struct Digest: Hashable, Sendable {
  /// The digest as four big-endian words, so that comparing words compares bytes.
  let words: (UInt64, UInt64, UInt64, UInt64)

  /// The prefix that says which hash this is, wherever a digest stands in a file.
  public static let prefix = "sha256:"
  public static let byteCount = 32
  static let hexCount = 64

  init(words: (UInt64, UInt64, UInt64, UInt64)) {
    self.words = words
  }

  /// A digest from its 32 bytes; `nil` for any other count.
  public init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.byteCount else { return nil }
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    words = (word(0), word(1), word(2), word(3))
  }

  /// A digest from its 32 bytes; `nil` for any other count.
  public init?(bytes: [UInt8]) {
    guard let value = bytes.withUnsafeBytes({ Self(bytes: $0) }) else { return nil }
    self = value
  }

  /// Calls `body` with the 32 bytes, first byte first.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let ordered = (
      words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
    )
    return try withUnsafeBytes(of: ordered, body)
  }

  public static func == (left: Digest, right: Digest) -> Bool {
    left.words == right.words
  }

  public func hash(into hasher: inout Hasher) {
    // The value is uniformly distributed already: one word of it is enough.
    hasher.combine(words.0)
  }
}

extension Digest: Comparable {
  public static func < (left: Digest, right: Digest) -> Bool {
    left.words < right.words
  }
}
