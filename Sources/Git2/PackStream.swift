import CGit2
import CZlib
import Crypto
import Dispatch

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
/// deflated at level 1 on all cores: lines full of digests hardly get smaller at a higher level
/// (48 MB against 46 MB), and take 2.5 times as long. `git gc` will look for deltas one day.
func writePack(_ objects: [PackObject], into database: OpaquePointer) throws(Git2Error) {
  let operation = "write a pack of \(objects.count) objects"
  let stream: UnsafeMutablePointer<git_odb_writepack> = try make(operation) {
    git_odb_write_pack(&$0, database, nil, nil)
  }
  // Removes the temporary file unless the pack was committed.
  defer { stream.pointee.free(stream) }
  var progress = git_indexer_progress()
  var digest = Insecure.SHA1()

  func append(_ bytes: [UInt8]) throws(Git2Error) {
    digest.update(data: bytes)
    try check(stream.pointee.append(stream, bytes, bytes.count, &progress), operation)
  }

  try append(Array("PACK".utf8) + bigEndian(2) + bigEndian(UInt32(objects.count)))
  // A few objects at a time, so that little compressed data is held.
  var place = 0
  while place < objects.count {
    let end = min(place + 16, objects.count)
    guard let records = compress(objects[place..<end]) else {
      throw Git2Error(GIT_ERROR, operation, "zlib cannot compress an object")
    }
    for record in records { try append(record) }
    place = end
  }
  let trailer = Array(digest.finalize())
  try check(stream.pointee.append(stream, trailer, trailer.count, &progress), operation)
  try check(stream.pointee.commit(stream, &progress), operation)
}

/// Makes the pack records of some objects, in order; nil if zlib fails.
private func compress(_ objects: ArraySlice<PackObject>) -> [[UInt8]]? {
  var records = [[UInt8]?](repeating: nil, count: objects.count)
  records.withUnsafeMutableBufferPointer { buffer in
    // Each iteration writes its own element, and the call returns after all of them.
    nonisolated(unsafe) let slots = buffer
    DispatchQueue.concurrentPerform(iterations: objects.count) { index in
      slots[index] = record(objects[objects.startIndex + index])
    }
  }
  let made = records.compactMap { $0 }
  return made.count == objects.count ? made : nil
}

/// Kind and size, seven bits a byte after the first four, then the deflated content.
private func record(_ object: PackObject) -> [UInt8]? {
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
  return failed ? nil : record
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
  withUnsafeBytes(of: value.bigEndian) { Array($0) }
}
