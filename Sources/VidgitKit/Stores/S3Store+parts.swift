import Crypto
import Curl
import Foundation
import VidgitModel

/// A file that goes in parts: which bytes are which part.
///
/// The same file is always cut the same way, so that a later run can use the parts of an earlier one.
struct PartPlan: Sendable {
  let name: StoreName
  let path: String
  let size: Int64
  /// Of all its bytes.
  let digest: VidgitModel.Digest
  let partSize: Int64

  init(_ name: StoreName, path: String, size: Int64, _ digest: VidgitModel.Digest) {
    self.name = name
    self.digest = digest
    self.path = path
    self.size = size
    partSize = max(S3Store.uploadPart, size / (S3Store.mostParts - 1) + 1)
  }

  var count: Int { Int((size + partSize - 1) / partSize) }

  /// The bytes of a part, whose number is 1 or more; nil where there is no such part.
  func bytes(of number: Int) -> Range<Int64>? {
    guard (1...count).contains(number) else { return nil }
    let start = Int64(number - 1) * partSize
    return start..<min(size, start + partSize)
  }
}

extension S3Store {
  /// An upload in parts that was begun, with what is there of it.
  struct Upload: Sendable {
    struct Part: Sendable {
      let size: Int64
      let tag: String
    }

    let id: String
    /// By their numbers.
    var parts: [Int: Part] = [:]
  }

  /// Sends a long file in parts, several at once. What an earlier run has sent of it is not sent
  /// again, and where this one fails, its parts stay for the next, if that can find them.
  ///
  /// - Parameter replaces: false takes one of this length that stands there meanwhile for the same.
  /// - Throws: `VidgitError`: verification where the file is not what its digest says, and nothing has
  ///   the name then that had it not before.
  func putInParts(_ plan: PartPlan, replaces: Bool) async throws {
    let (name, size) = (plan.name, plan.size)
    let found = try await unfinished(plan)
    if case .known(let known, let isOld) = found {
      do {
        return try await put(plan, known)
      } catch is Unfinishable {
        // Somebody else has finished it, or it was begun in a way that does not fit.
        if !replaces, try await self.size(of: name) == size { return }
        // A young one may be somebody's at work.
        if isOld { await giveUp(name, known.id) }
      } catch let error as VidgitError where error.kind == .verification {
        if isOld { await giveUp(name, known.id) }
        throw error
      }
    }
    let begun = Upload(id: try await begin(name))
    do {
      try await put(plan, begun)
    } catch let end as Unfinishable {
      await giveUp(name, begun.id)
      if !replaces, try await self.size(of: name) == size { return }
      throw end.reason
    } catch let error as VidgitError where error.kind == .verification {
      await giveUp(name, begun.id)
      throw error
    } catch {
      // Nobody would find its parts again, and they are billed.
      if case .cannotList = found { await giveUp(name, begun.id) }
      throw error
    }
  }

  /// What is there of earlier runs.
  enum Unfinished: Sendable {
    case none
    case known(Upload, isOld: Bool)
    /// The keys may not list, or the server cannot.
    case cannotList
  }

  /// What the store says of an upload that will never be finished as it is.
  private struct Unfinishable: Error { let reason: VidgitError }

  private static let unfinishable: Set = [
    "NoSuchUpload", "InvalidPart", "InvalidPartOrder", "InvalidRequest", "EntityTooSmall",
  ]

  private func failure(_ response: HTTPResponse, _ name: StoreName) -> any Error {
    let reason = fault(response, "write", name.text)
    let code = (try? XMLElement(parsing: response.body, what: ""))?["Code"]?.text
    let isEnd = response.status == 404 || code.map(Self.unfinishable.contains) == true
    return isEnd ? Unfinishable(reason: reason) : reason
  }

  private func begin(_ name: StoreName) async throws -> String {
    var call = S3Call("POST", key: name.text)
    call.query = [("uploads", "")]
    let response = try await send("write", name.text, call)
    guard response.isSuccess,
      let upload = try? XMLElement(parsing: response.body, what: "")["UploadId"]?.text
    else { throw fault(response, "write", name.text) }
    return upload
  }

  private func put(_ plan: PartPlan, _ upload: Upload) async throws {
    let tags = try await putParts(plan, upload)
    try await finish(plan.name, upload.id, tags)
  }

  private func putParts(_ plan: PartPlan, _ upload: Upload) async throws -> [String] {
    let file = try OpenFile(plan.path)
    var number = 0
    var tags: [String] = []
    var whole = DigestBuilder()
    try await mapInOrder(
      width: Self.partsAtOnce,
      next: { () -> (number: Int, bytes: Range<Int64>)? in
        number += 1
        return plan.bytes(of: number).map { (number, $0) }
      },
      transform: { number, bytes -> Sent in
        let known = upload.parts[number]
        if let known, known.size == Int64(bytes.count) {
          // No MD5 where the bucket encrypts with a key of its own: such a part is sent again.
          let sum = try await blocking { try Self.sum(Insecure.MD5(), file, plan.path, bytes) }
          if Self.isTag(known.tag, of: sum) {
            return Sent(tag: known.tag, bytes: bytes, sum: sum, isKnown: true)
          }
        }
        return try await putPart(number, bytes, of: file, plan, upload.id)
      },
      consume: { sent in
        // The parts are read once more in their order, and must be what was sent.
        whole = try await blocking { [whole] in
          var whole = whole
          let sum =
            sent.isKnown
            ? try Self.sum(Insecure.MD5(), file, plan.path, sent.bytes) { whole.update($0) }
            : try Self.sum(SHA256(), file, plan.path, sent.bytes) { whole.update($0) }
          guard sum == sent.sum else { throw StoreFault.changed(plan.path) }
          return whole
        }
        tags.append(sent.tag)
      })
    guard whole.digest() == plan.digest else { throw StoreFault.changed(plan.path) }
    return tags
  }

  /// A part that is there.
  private struct Sent: Sendable {
    let tag: String
    let bytes: Range<Int64>
    /// SHA-256; of a part that an earlier run has sent, MD5.
    let sum: String
    var isKnown = false
  }

  private func putPart(
    _ number: Int, _ bytes: Range<Int64>, of file: OpenFile, _ plan: PartPlan, _ upload: String
  ) async throws -> Sent {
    let digest = try await blocking { try Self.sum(SHA256(), file, plan.path, bytes) }
    var call = S3Call("PUT", key: plan.name.text)
    call.query = [("partNumber", "\(number)"), ("uploadId", upload)]
    call.bodyDigest = digest
    call.body = .file(
      descriptor: file.descriptor, offset: bytes.lowerBound, length: Int64(bytes.count))
    let response = try await send("write", plan.name.text, call)
    guard response.isSuccess, let tag = response.header("ETag") else {
      throw failure(response, plan.name)
    }
    return Sent(tag: tag, bytes: bytes, sum: digest)
  }

  /// Whether an ETag says that a part has this MD5, in hexadecimal digits.
  static func isTag(_ tag: String, of sum: String) -> Bool {
    tag.drop { $0 == "\"" }.prefix { $0 != "\"" }.lowercased() == sum
  }

  /// The hash of a part of a file, in hexadecimal digits.
  ///
  /// - Parameter see: gets the bytes too, in order.
  private static func sum<Hash: HashFunction>(
    _ hash: Hash, _ file: OpenFile, _ path: String, _ bytes: Range<Int64>,
    _ see: (UnsafeRawBufferPointer) -> Void = { _ in }
  ) throws -> String {
    var hash = hash
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    var place = bytes.lowerBound
    while place < bytes.upperBound {
      let wanted = min(buffer.count, Int(bytes.upperBound - place))
      let count = pread(file.descriptor, buffer.baseAddress!, wanted, off_t(place))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw VidgitError.system("read", path, count < 0 ? errno : EIO) }
      let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      hash.update(bufferPointer: piece)
      see(piece)
      place += Int64(count)
    }
    return hash.finalize().map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  private func finish(_ name: StoreName, _ upload: String, _ tags: [String]) async throws {
    let parts = tags.enumerated().map { number, tag in
      let text = tag.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      return "<Part><PartNumber>\(number + 1)</PartNumber><ETag>\(text)</ETag></Part>"
    }
    let body = Array(
      ("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        + parts.joined() + "</CompleteMultipartUpload>").utf8)
    var call = S3Call("POST", key: name.text)
    call.query = [("uploadId", upload)]
    call.body = .bytes(body)
    call.bodyDigest = Digest(of: body).hex
    let response = try await send("write", name.text, call)
    // The status comes before the work is done: the body says how it ended.
    let answer = try? XMLElement(parsing: response.body, what: "")
    if response.isSuccess, let answer, answer.name != "Error", answer["ETag"] != nil { return }
    throw failure(response, name)
  }
}
