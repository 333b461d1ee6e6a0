/// What a pack holds: a line for each object in the order in which they lie one after the other.
///
///     vidgit-pack/1
///     <64 digits>-1920x1080-yuv420p 48211 <SHA-256 of those bytes>
///
/// Places are sums of the sizes before, so that objects neither overlap nor leave gaps, whatever a
/// stranger writes.
public struct PackIndex: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public let key: FrameKey
    /// The first byte in the pack.
    public let offset: Int64
    /// Bytes.
    public let size: Int64
    /// Of the object's bytes, not of its pixels.
    public let digest: Digest
  }

  public static let format = "vidgit-pack/1"
  /// Objects of one pack.
  public static let mostEntries = 100_000
  /// Bytes of one object.
  public static let largestObject: Int64 = 1 << 30
  /// Bytes of an index.
  public static let largest = 32 << 20

  /// No file of one picture is much larger than sixteen bytes a pixel: a reader of somebody's index
  /// takes no more memory than that.
  private static func largest(_ shape: FrameShape) -> Int64 {
    let (pixels, overflow) = Int64(shape.width).multipliedReportingOverflow(by: Int64(shape.height))
    guard !overflow, pixels < largestObject else { return largestObject }
    return min(largestObject, pixels * 16 + 1 << 20)
  }

  public private(set) var entries: [Entry] = []
  /// Bytes of the pack.
  public private(set) var packSize: Int64 = 0

  public init() {}

  public mutating func append(_ key: FrameKey, size: Int64, digest: Digest) {
    entries.append(Entry(key: key, offset: packSize, size: size, digest: digest))
    packSize += size
  }

  public func encoded() -> [UInt8] {
    var bytes = Array("\(Self.format)\n".utf8)
    for entry in entries {
      bytes += Array("\(entry.key.text) \(entry.size) \(entry.digest.hex)\n".utf8)
    }
    return bytes
  }

  /// - Parameter what: names the index in errors.
  /// - Throws: where it is not written as above, or beyond the bounds.
  public init(parsing bytes: [UInt8], what: String) throws(ModelError) {
    func fail(_ line: Int, _ reason: String) -> ModelError {
      ModelError(what, line: line, reason: reason, hint: "the store was changed by something else")
    }
    guard bytes.count <= Self.largest else { throw fail(1, "it is over \(Self.largest) bytes") }
    guard bytes.last == UInt8(ascii: "\n") else { throw fail(1, "it is cut short") }
    let lines = bytes.dropLast().split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines[0].elementsEqual(Self.format.utf8) else {
      throw fail(1, "it is not '\(Self.format)'")
    }
    guard lines.count - 1 <= Self.mostEntries else { throw fail(1, "it has too many lines") }
    entries.reserveCapacity(lines.count - 1)
    for (number, line) in lines.enumerated().dropFirst() {
      let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      guard words.count == 3, let key = FrameKey(text: words[0]), let size = Int64(words[1]),
        "\(size)" == words[1], (1...Self.largest(key.shape)).contains(size),
        let digest = Digest(hex: words[2])
      else { throw fail(number + 1, "a key, a size and a digest are expected") }
      append(key, size: size, digest: digest)
    }
  }
}

/// The packs of a store: `packs/list`, a line for each, for readers who cannot list a folder.
///
///     <64 digits> 67108864
public struct PackList: Hashable, Sendable {
  public static let largest = 16 << 20

  /// Bytes of each pack, by its digest.
  public var packs: [Digest: Int64]

  public init(_ packs: [Digest: Int64] = [:]) { self.packs = packs }

  public func encoded() -> [UInt8] {
    let lines = packs.sorted { $0.key < $1.key }.map { "\($0.key.hex) \($0.value)\n" }
    return Array(lines.joined().utf8)
  }

  /// - Throws: where it is not written as above.
  public init(parsing bytes: [UInt8], what: String) throws(ModelError) {
    packs = [:]
    guard bytes.count <= Self.largest, bytes.isEmpty || bytes.last == UInt8(ascii: "\n") else {
      throw ModelError(what, reason: "it is cut short, or too long")
    }
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      let words = line.split(separator: UInt8(ascii: " "))
        .map { String(decoding: $0, as: UTF8.self) }
      guard words.count == 2, let digest = Digest(hex: words[0]), let size = Int64(words[1]),
        size > 0
      else { throw ModelError(what, line: number + 1, reason: "a digest and a size are expected") }
      packs[digest] = size
    }
  }
}
