import Crypto

/// SHA-256 over bytes that come in pieces, by swift-crypto (which uses the processor's SHA
/// instructions).
public struct DigestBuilder: Sendable {
  private var state = SHA256()

  public init() {}

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    state.update(bufferPointer: bytes)
  }

  /// The digest of all bytes so far.
  public func digest() -> Digest {
    state.finalize().withUnsafeBytes { Digest(bytes: $0)! }
  }
}

extension Digest {
  /// The SHA-256 of `bytes`.
  public init(of bytes: [UInt8]) {
    self = bytes.withUnsafeBytes { Digest(of: $0) }
  }

  /// The SHA-256 of `bytes`.
  public init(of bytes: UnsafeRawBufferPointer) {
    var builder = DigestBuilder()
    builder.update(bytes)
    self = builder.digest()
  }
}
