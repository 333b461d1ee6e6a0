import VidgitModel

/// A place that holds things by name, where what a name stands for never changes: names are hashes,
/// and the one that is not (`packs/list`) can be made again.
///
/// What is read is not checked here: whoever asks knows the hash.
protocol Store: Sendable {
  /// For messages: "studio (s3://bucket/films)".
  var title: String { get }
  var canList: Bool { get }
  var canWrite: Bool { get }
  /// Bytes that one request for a part may well ask for.
  var partSize: Int64 { get }

  /// The bytes of a thing; nil where it is not there.
  func size(of name: StoreName) async throws -> Int64?

  /// Hands a thing, or a part of it, on piece by piece in order. A connection that breaks is taken up
  /// where it broke.
  ///
  /// - Parameters:
  ///   - limit: the most bytes that are taken; more are an error.
  ///   - take: must not wait for anything but a disk. Where this throws, what was handed on is not
  ///     the whole.
  /// - Throws: `VidgitError`: not found where it is not there.
  func read(
    _ name: StoreName, part: Range<Int64>?, limit: Int64,
    _ take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async throws

  /// Puts a thing there, whole or not at all.
  ///
  /// - Parameter replaces: false leaves what has the name already as it is, which is no error.
  func put(_ name: StoreName, _ content: StoreContent, replaces: Bool) async throws

  /// The things whose names begin with `prefix`, which ends at a slash, with their bytes; what is
  /// there and has no such name is passed over.
  func list(_ prefix: String) async throws -> [StoreName: Int64]

  /// Removes a thing, which may be gone already.
  func delete(_ name: StoreName) async throws
}

/// What is put into a store.
enum StoreContent: Sendable {
  case bytes([UInt8])
  /// A file, with its length and the SHA-256 of its bytes.
  case file(path: String, size: Int64, digest: Digest)

  var size: Int64 {
    switch self {
    case .bytes(let bytes): Int64(bytes.count)
    case .file(_, let size, _): size
    }
  }

  var digest: Digest {
    switch self {
    case .bytes(let bytes): Digest(of: bytes)
    case .file(_, _, let digest): digest
    }
  }
}

extension Store {
  var partSize: Int64 { 4 << 20 }

  func has(_ name: StoreName) async throws -> Bool { try await size(of: name) != nil }

  /// A thing, or a part of it, in memory.
  func bytes(
    of name: StoreName, part: Range<Int64>? = nil, limit: Int64
  ) async throws -> [UInt8] {
    let gathered = Gathered()
    try await read(name, part: part, limit: limit) { gathered.append($0) }
    return gathered.bytes
  }

  func missing(_ name: StoreName) -> VidgitError {
    VidgitError(.notFound, "the store \(title) does not have '\(name)'")
  }
}

/// Bytes that come in on another thread.
///
/// `@unchecked Sendable`: one read appends, in order; its caller looks at them when it has ended.
private final class Gathered: @unchecked Sendable {
  var bytes: [UInt8] = []

  func append(_ piece: UnsafeRawBufferPointer) { bytes.append(contentsOf: piece) }
}
