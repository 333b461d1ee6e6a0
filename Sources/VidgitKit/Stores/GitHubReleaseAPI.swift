import Curl
import Foundation
import VidgitModel

/// The part of GitHub's REST interface that is about one release and its assets.
struct GitHubReleaseAPI: Sendable {
  let title: String
  /// "https://api.github.com", or "https://HOST/api/v3"; without a slash at the end.
  let base: String
  let owner: String
  let repository: String
  let tag: String
  let token: String?
  let access: HTTPAccess
  let caller: StoreCaller

  struct Release: Sendable {
    let id: Int64
    let uploads: String
  }

  struct Asset: Sendable {
    let id: Int64
    let name: String
    let size: Int64
    /// Else it is what a failed upload has left.
    let isWhole: Bool

    init?(_ json: JSONValue?) {
      guard let fields = json?.object, case .int(let id)? = fields["id"],
        let name = fields["name"]?.string, case .int(let size)? = fields["size"]
      else { return nil }
      self.id = id
      self.name = name
      self.size = size
      isWhole = fields["state"]?.string == "uploaded"
    }

    init?(_ response: HTTPResponse) {
      self.init(try? JSONValue(parsing: response.body, what: "the asset"))
    }
  }

  private var place: String { "\(base)/repos/\(owner)/\(repository)/releases" }

  private func request(
    _ method: String, _ url: String, accept: String = "application/vnd.github+json"
  ) throws -> HTTPRequest {
    var headers = [
      try HTTPHeader("Accept", accept), try HTTPHeader("X-GitHub-Api-Version", "2022-11-28"),
    ]
    if let token { headers.append(try HTTPHeader("Authorization", "Bearer \(token)")) }
    return HTTPRequest(method, url, headers: headers, access: access)
  }

  /// nil where there is no such release yet.
  func release() async throws -> Release? {
    let response = try await caller.send("look for", tag) {
      try request("GET", "\(place)/tags/\(tag)")
    }
    if response.status == 404 { return nil }
    return try release(of: response, "look for")
  }

  func makeRelease() async throws -> Release {
    let body: JSONValue = [
      "tag_name": .string(tag), "name": .string(tag), "prerelease": .bool(true),
      "body": .string("Pictures and media of this repository, by hash. Made by vidgit."),
    ]
    let response = try await caller.send("make", tag) {
      var made = try request("POST", place)
      made.headers.append(try HTTPHeader("Content-Type", "application/json"))
      made.body = .bytes(body.compact())
      return made
    }
    // Somebody else was faster.
    if response.status == 422, let theirs = try await release() { return theirs }
    return try release(of: response, "make")
  }

  private func release(of response: HTTPResponse, _ verb: String) throws -> Release {
    guard response.isSuccess else { throw fault(response, verb, tag) }
    let json = try? JSONValue(parsing: response.body, what: "the release").object
    guard case .int(let id)? = json?["id"],
      let uploads = json?["upload_url"]?.string?.prefix(while: { $0 != "{" }), !uploads.isEmpty
    else { throw VidgitError(.system, "the store \(title) answers with no release: is it GitHub?") }
    return Release(id: id, uploads: String(uploads))
  }

  func assets(of release: Release) async throws -> [Asset] {
    var all: [Asset] = []
    for page in 1...100 {
      let response = try await caller.send("list", tag) {
        try request("GET", "\(place)/\(release.id)/assets?per_page=100&page=\(page)")
      }
      guard response.isSuccess else { throw fault(response, "list", tag) }
      let items = try VidgitError.model {
        try JSONValue(parsing: response.body, what: "the list of the store \(title)")
      }.array
      all += (items ?? []).compactMap { Asset($0) }
      if (items?.count ?? 0) < 100 { break }
    }
    return all
  }

  func upload(
    _ asset: String, _ content: StoreContent, to release: Release
  ) async throws -> HTTPResponse {
    let file: OpenFile?
    let body: HTTPBody
    switch content {
    case .bytes(let bytes): (file, body) = (nil, .bytes(bytes))
    case .file(let path, let size, _):
      file = try OpenFile(path)
      body = .file(descriptor: file!.descriptor, offset: 0, length: size)
    }
    defer { withExtendedLifetime(file) {} }
    // Not tried again by the caller: a failed one has to be cleared away first.
    var made = try request("POST", "\(release.uploads)?name=\(asset)")
    made.headers.append(try HTTPHeader("Content-Type", "application/octet-stream"))
    made.body = body
    made.timeouts.total = .seconds(max(600, content.size >> 17))
    do {
      return try await caller.client.send(made)
    } catch let error as HTTPError {
      throw StoreFault.noAnswer(error, "write", asset, title)
    }
  }

  func read(
    _ asset: Asset, as name: StoreName, part: Range<Int64>?, limit: Int64, store: some Store,
    _ take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async throws {
    let failure = try await caller.download(
      name, part: part, limit: limit, store: store, take
    ) { try request("GET", "\(place)/assets/\(asset.id)", accept: "application/octet-stream") }
    guard let failure else { return }
    if failure.status == 404 { throw store.missing(name) }
    throw fault(failure, "read", name.text)
  }

  func delete(_ asset: Asset) async throws {
    let response = try await caller.send("delete", asset.name) {
      try request("DELETE", "\(place)/assets/\(asset.id)")
    }
    guard response.isSuccess || response.status == 404 else {
      throw fault(response, "delete", asset.name)
    }
  }

  func fault(_ response: HTTPResponse, _ verb: String, _ name: String) -> VidgitError {
    let json = try? JSONValue(parsing: response.body, what: "the error").object
    return StoreFault.status(
      response.status, detail: TerminalText.escaped(json?["message"]?.string ?? ""), verb, name,
      title)
  }
}
