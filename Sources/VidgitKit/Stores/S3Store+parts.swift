import Curl
import Foundation
import VidgitModel

extension S3Store {
  /// Sends a long file in parts, several at once; what was sent of one that fails is taken away.
  func putInParts(_ name: StoreName, path: String, size: Int64) async throws {
    var begin = S3Call("POST", key: name.text)
    begin.query = [("uploads", "")]
    let begun = try await send("write", name.text, begin)
    guard begun.isSuccess,
      let upload = try? XMLElement(parsing: begun.body, what: "")["UploadId"]?.text
    else { throw fault(begun, "write", name.text) }
    do {
      let tags = try await putParts(name, upload, path: path, size: size)
      try await finish(name, upload, tags, size: size)
    } catch {
      // In a task of its own: also where this one is cancelled.
      await Task {
        var abort = S3Call("DELETE", key: name.text)
        abort.query = [("uploadId", upload)]
        _ = try? await send("delete", name.text, abort)
      }.value
      throw error
    }
  }

  private func putParts(
    _ name: StoreName, _ upload: String, path: String, size: Int64
  ) async throws -> [String] {
    let file = try OpenFile(path)
    let partSize = max(Self.uploadPart, size / (Self.mostParts - 1) + 1)
    var offset: Int64 = 0
    var number = 0
    var tags: [String] = []
    try await mapInOrder(
      width: Self.partsAtOnce,
      next: { () -> (number: Int, offset: Int64, length: Int64)? in
        guard offset < size else { return nil }
        let length = min(partSize, size - offset)
        defer { offset += length }
        number += 1
        return (number, offset, length)
      },
      transform: { part in
        let digest = try await blocking {
          try Self.digest(of: file, path, part.offset, part.length)
        }
        var call = S3Call("PUT", key: name.text)
        call.query = [("partNumber", "\(part.number)"), ("uploadId", upload)]
        call.bodyDigest = digest.hex
        call.body = .file(descriptor: file.descriptor, offset: part.offset, length: part.length)
        let response = try await send("write", name.text, call)
        guard response.isSuccess, let tag = response.header("ETag") else {
          throw fault(response, "write", name.text)
        }
        return tag
      },
      consume: { tags.append($0) })
    return tags
  }

  private static func digest(
    of file: OpenFile, _ path: String, _ offset: Int64, _ length: Int64
  ) throws -> Digest {
    var builder = DigestBuilder()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    var place = offset
    while place < offset + length {
      let wanted = min(buffer.count, Int(offset + length - place))
      let count = pread(file.descriptor, buffer.baseAddress!, wanted, off_t(place))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw VidgitError.system("read", path, count < 0 ? errno : EIO) }
      builder.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      place += Int64(count)
    }
    return builder.digest()
  }

  private func finish(
    _ name: StoreName, _ upload: String, _ tags: [String], size: Int64
  ) async throws {
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
    // A second try finds an upload that the first has finished.
    if response.status == 404, try await self.size(of: name) == size { return }
    throw fault(response, "write", name.text)
  }
}
