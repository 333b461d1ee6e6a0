import CGit2
import CZlib
import Crypto

/// An object that waits for its pack.
struct PackObject: Sendable {
  let id: ObjectID
  let kind: git_object_t
  /// The content, without Git's header.
  let bytes: [UInt8]
}

/// Writes objects as one pack through libgit2's indexer, which reads every object back, makes the
/// index, fsyncs both and renames them into place.
///
/// The format is gitformat-pack(5), version 2, with neither deltas nor references between objects,
/// deflated at level 1: lines full of digests hardly get smaller at a higher level (48 MB against
/// 46 MB), and take 2.5 times as long. `git gc` will look for deltas one day. While the indexer
/// works on one core, the others deflate what comes next.
func writePack(_ objects: [PackObject], into database: OpaquePointer) throws(Git2Error) {
  let stream = try PackStream(database, objectCount: objects.count)
  // A few objects at a time, so that little compressed data is held.
  var records: [[UInt8]] = []
  var place = 0
  repeat {
    let group = objects[place..<min(place + 16, objects.count)]
    let (start, before) = (place, records)
    // One of the group's iterations runs the stream, and nobody else touches it meanwhile.
    nonisolated(unsafe) let sink = stream
    records = Array(
      try concurrentMap(group.count + 1) { index throws(Git2Error) in
        if index > 0 { return try record(objects[start + index - 1]) }
        for record in before { try sink.append(record) }
        return []
      }.dropFirst())
    place += group.count
  } while !records.isEmpty
  try stream.finish()
}

/// A pack on its way through libgit2's indexer. Not `Sendable`.
private final class PackStream {
  private let stream: UnsafeMutablePointer<git_odb_writepack>
  private let operation: String
  private var progress = git_indexer_progress()
  private var digest = Insecure.SHA1()

  init(_ database: OpaquePointer, objectCount: Int) throws(Git2Error) {
    let operation = "write a pack of \(objectCount) objects"
    self.operation = operation
    stream = try make(operation) { git_odb_write_pack(&$0, database, nil, nil) }
    try append(Array("PACK".utf8) + bigEndian(2) + bigEndian(UInt32(objectCount)))
  }

  /// Removes the temporary file unless the pack was committed.
  deinit { stream.pointee.free(stream) }

  func append(_ bytes: [UInt8]) throws(Git2Error) {
    digest.update(data: bytes)
    try check(stream.pointee.append(stream, bytes, bytes.count, &progress), operation)
  }

  func finish() throws(Git2Error) {
    let trailer = Array(digest.finalize())
    try check(stream.pointee.append(stream, trailer, trailer.count, &progress), operation)
    try check(stream.pointee.commit(stream, &progress), operation)
  }
}

/// Kind and size, seven bits a byte after the first four, then the deflated content.
private func record(_ object: PackObject) throws(Git2Error) -> [UInt8] {
  var head: [UInt8] = []
  var size = object.bytes.count >> 4
  var byte = UInt8(object.kind.rawValue) << 4 | UInt8(object.bytes.count & 0xf)
  while size > 0 {
    head.append(byte | 0x80)
    byte = UInt8(size & 0x7f)
    size >>= 7
  }
  head.append(byte)
  let bound = Int(compressBound(uLong(object.bytes.count)))
  var failed = false
  let record = [UInt8](unsafeUninitializedCapacity: head.count + bound) { buffer, count in
    buffer.baseAddress!.initialize(from: head, count: head.count)
    var length = uLong(bound)
    failed =
      compress2(
        buffer.baseAddress! + head.count, &length, object.bytes, uLong(object.bytes.count),
        Z_BEST_SPEED) != Z_OK
    count = failed ? head.count : head.count + Int(length)
  }
  if failed {
    throw Git2Error(GIT_ERROR, "write a pack", "zlib cannot compress the object \(object.id)")
  }
  return record
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
  withUnsafeBytes(of: value.bigEndian) { Array($0) }
}
