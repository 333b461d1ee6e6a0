import Curl
import Foundation
import Synchronization
import VidgitModel

/// A bucket of S3, or of what speaks like it.
struct S3Store: Store {
  let title: String
  let site: S3Site
  let caller: StoreCaller

  var canList: Bool { true }
  var canWrite: Bool { true }

  /// Longer files are sent in parts, of this many bytes or more.
  static let longestPut: Int64 = 64 << 20
  static let uploadPart: Int64 = 16 << 20
  static let mostParts: Int64 = 10_000
  static let partsAtOnce = 4
  /// Pages of a list, and those one after the other that tell nothing new.
  private static let (mostPages, mostIdlePages) = (10_000, 100)

  func size(of name: StoreName) async throws -> Int64? {
    let response = try await send("look for", name.text, S3Call("HEAD", key: name.text))
    if response.status == 404 { return nil }
    guard response.isSuccess, let size = response.header("Content-Length").flatMap({ Int64($0) })
    else { throw fault(response, "look for", name.text) }
    return size
  }

  func read(
    _ name: StoreName, part: Range<Int64>?, limit: Int64,
    _ take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async throws {
    if part?.isEmpty == true { return }
    for isFirst in [true, false] {
      let failure = try await caller.download(
        name, part: part, limit: limit, store: self, take
      ) { try site.request(S3Call("GET", key: name.text)) }
      guard let failure else { return }
      if isFirst, site.learn(from: failure) { continue }
      if failure.status == 404 { throw missing(name) }
      throw fault(failure, "read", name.text)
    }
  }

  func put(_ name: StoreName, _ content: StoreContent, replaces: Bool) async throws {
    if case .file(let path, let size, let digest) = content, size > Self.longestPut {
      if !replaces, try await self.size(of: name) == size { return }
      try await putInParts(PartPlan(name, path: path, size: size, digest), replaces: replaces)
      return
    }
    var call = S3Call("PUT", key: name.text)
    call.bodyDigest = content.digest.hex
    let file: OpenFile?
    switch content {
    case .bytes(let bytes): (file, call.body) = (nil, .bytes(bytes))
    case .file(let path, let size, let digest):
      // Servers look whether the bytes are those that were signed, but not all of them.
      try await check(path, digest, name)
      file = try OpenFile(path)
      call.body = .file(descriptor: file!.descriptor, offset: 0, length: size)
    }
    defer { withExtendedLifetime(file) {} }
    try await put(name, call, size: content.size, replaces: replaces)
  }

  private func check(_ path: String, _ digest: Digest, _ name: StoreName) async throws {
    let known: Digest
    do {
      known = try await blocking { try MediaLibrary.digest(of: path) }
    } catch let error as VidgitError {
      throw VidgitError(
        error.kind, "cannot write '\(name)' in the store \(title): \(error.message)",
        hint: error.hint, underlying: error)
    }
    guard known == digest else { throw StoreFault.changed(path) }
  }

  private func put(
    _ name: StoreName, _ call: S3Call, size: Int64, replaces: Bool
  ) async throws {
    var call = call
    if !replaces { call.headers.append(("if-none-match", "*")) }
    let response = try await send("write", name.text, call)
    // 412: it is there already. 409: somebody else is writing the same; theirs is as good. But one of
    // another length is a leftover of something else.
    if !replaces, response.status == 412 || response.status == 409 {
      if try await self.size(of: name) == size { return }
      return try await put(name, call.without("if-none-match"), size: size, replaces: true)
    }
    if !replaces, response.status == 501 {
      // A server that knows no conditions.
      return try await put(name, call.without("if-none-match"), size: size, replaces: true)
    }
    guard response.isSuccess else { throw fault(response, "write", name.text) }
  }

  func list(_ prefix: String) async throws -> [StoreName: Int64] {
    var found: [StoreName: Int64] = [:]
    var next: String?
    var (pages, idlePages) = (0, 0)
    var last = ""
    repeat {
      var call = S3Call("GET", key: nil)
      call.query = [("list-type", "2"), ("prefix", site.key(prefix)), ("max-keys", "1000")]
      if let next { call.query.append(("continuation-token", next)) }
      let response = try await send("list", prefix, call)
      guard response.isSuccess else { throw fault(response, "list", prefix) }
      guard let page = try? XMLElement(parsing: response.body, what: "the list"),
        page.name == "ListBucketResult"
      else {
        throw VidgitError(
          .system, "the store \(title) answers with no list",
          hint: "is it S3? Look at its address and endpoint with `vidgit store list`")
      }
      pages += 1
      let known = (found.count, last)
      for item in page.children where item.name == "Contents" {
        last = max(last, item["Key"]?.text ?? "")
        guard let key = item["Key"]?.text, key.hasPrefix(site.key("")),
          let name = StoreName(String(key.dropFirst(site.key("").count))), name.kind != nil,
          let size = item["Size"].flatMap({ Int64($0.text) })
        else { continue }
        found[name] = size
      }
      let token = page["NextContinuationToken"]?.text
      let isWhole = page["IsTruncated"]?.text != "true"
      idlePages = known == (found.count, last) ? idlePages + 1 : 0
      let mayGoOn = pages < Self.mostPages && idlePages < Self.mostIdlePages
      guard isWhole || (token != nil && token != next && mayGoOn) else {
        throw VidgitError(
          .system, "the list of the store \(title) does not come to an end",
          hint: "is it S3? Or use a prefix of its own for each group of videos")
      }
      next = isWhole ? nil : token
    } while next != nil
    return found
  }

  func delete(_ name: StoreName) async throws {
    let response = try await send("delete", name.text, S3Call("DELETE", key: name.text))
    guard response.isSuccess || response.status == 404 else {
      throw fault(response, "delete", name.text)
    }
  }

  /// Sends a call; a second time where the answer says that the bucket is in another region.
  func send(_ verb: String, _ name: String, _ call: S3Call) async throws -> HTTPResponse {
    let response = try await caller.send(verb, name) { try site.request(call) }
    guard site.learn(from: response) else { return response }
    return try await caller.send(verb, name) { try site.request(call) }
  }

  func fault(_ response: HTTPResponse, _ verb: String, _ name: String) -> VidgitError {
    let error = try? XMLElement(parsing: response.body, what: "the error")
    let words = [error?["Code"]?.text, error?["Message"]?.text].compactMap(\.self)
    // Some quote what they were sent.
    let detail = site.redaction.text(words.joined(separator: ": "))
    return StoreFault.status(
      response.status, detail: TerminalText.escaped(detail), verb, name, title)
  }
}

/// One call, before it is signed.
struct S3Call: Sendable {
  var method: String
  /// Below the store's prefix; nil for the bucket itself.
  var key: String?
  var query: [(name: String, value: String)] = []
  var headers: [(name: String, value: String)] = []
  var body = HTTPBody.none
  var bodyDigest = Digest(of: []).hex

  init(_ method: String, key: String?) {
    self.method = method
    self.key = key
  }

  func without(_ header: String) -> S3Call {
    var call = self
    call.headers.removeAll { $0.name == header }
    return call
  }
}

/// A file that is open for reading.
final class OpenFile: Sendable {
  let descriptor: Int32

  init(_ path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw VidgitError.system("read", path) }
  }

  deinit { close(descriptor) }
}
