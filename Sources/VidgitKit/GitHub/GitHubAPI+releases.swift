import Curl
import VidgitModel

/// Releases and their assets.
extension GitHubAPI {
  /// A release that may not be there yet.
  struct ReleasePlace: Sendable {
    let owner: String
    let repository: String
    let tag: String
    /// For errors: "the store 'web' (github-release:ann/falls)".
    let title: String

    fileprivate var path: String { "/repos/\(owner)/\(repository)/releases" }

    func deed(_ verb: String, _ name: String) -> String { "\(verb) '\(name)' in \(title)" }
  }

  struct Release: Sendable {
    let id: Int64
    /// Where assets are sent to.
    let uploads: String

    fileprivate init?(_ json: JSONValue?) {
      guard case .int(let id)? = json?.object?["id"],
        let uploads = json?.object?["upload_url"]?.string?.prefix(while: { $0 != "{" }),
        !uploads.isEmpty
      else { return nil }
      self.id = id
      self.uploads = String(uploads)
    }
  }

  struct Asset: Sendable {
    let id: Int64
    let name: String
    let size: Int64
    /// Else it is what a failed upload has left.
    let isWhole: Bool

    fileprivate init?(_ json: JSONValue?) {
      guard let fields = json?.object, case .int(let id)? = fields["id"],
        let name = fields["name"]?.string, case .int(let size)? = fields["size"]
      else { return nil }
      self.id = id
      self.name = name
      self.size = size
      isWhole = fields["state"]?.string == "uploaded"
    }
  }

  /// nil where there is no such release yet.
  func release(_ place: ReleasePlace) async throws -> Release? {
    let answer = try await send(
      "GET", "\(place.path)/tags/\(place.tag)", expecting: [200, 404],
      deed: place.deed("look for", place.tag))
    return answer.status == 404 ? nil : try release(answer, place)
  }

  func makeRelease(_ place: ReleasePlace) async throws -> Release {
    let deed = place.deed("make", place.tag)
    let answer = try await send(
      "POST", place.path,
      [
        "tag_name": .string(place.tag), "name": .string(place.tag), "prerelease": .bool(true),
        "body": .string("Pictures and media of this repository, by hash. Made by vidgit."),
      ], expecting: [201, 422], isRepeatable: true, deed: deed)
    if answer.status == 201 { return try release(answer, place) }
    // Somebody else was faster, or an earlier try.
    if let theirs = try await release(place) { return theirs }
    throw VidgitError(.conflict, "cannot \(deed): GitHub answered 422: \(answer.message)")
  }

  private func release(_ answer: Answer, _ place: ReleasePlace) throws -> Release {
    guard let release = Release(answer.json) else {
      throw VidgitError(.system, "\(place.title) answers with no release: is it GitHub?")
    }
    return release
  }

  func assets(of release: Release, _ place: ReleasePlace) async throws -> [Asset] {
    var all: [Asset] = []
    for page in 1...100 {
      let answer = try await send(
        "GET", "\(place.path)/\(release.id)/assets?per_page=100&page=\(page)", expecting: [200],
        deed: place.deed("list", place.tag))
      guard let items = answer.json?.array else {
        throw VidgitError(.system, "the list of \(place.title) is no list: is it GitHub?")
      }
      all += items.compactMap { Asset($0) }
      if items.count < 100 { break }
    }
    return all
  }

  /// Sends an asset once: one that fails has to be cleared away before another try.
  ///
  /// - Returns: the asset, or the answer that says why there is none.
  func upload(
    _ name: String, _ content: StoreContent, to release: Release, _ place: ReleasePlace
  ) async throws -> (asset: Asset?, response: HTTPResponse) {
    let file: OpenFile?
    var request = try request("POST", "\(release.uploads)?name=\(name)")
    switch content {
    case .bytes(let bytes): (file, request.body) = (nil, .bytes(bytes))
    case .file(let path, let size, _):
      file = try OpenFile(path)
      request.body = .file(descriptor: file!.descriptor, offset: 0, length: size)
    }
    defer { withExtendedLifetime(file) {} }
    request.headers.append(try HTTPHeader("Content-Type", "application/octet-stream"))
    request.timeouts.total = .seconds(max(600, content.size >> 17))
    let response = try await send(request, deed: place.deed("write", name))
    return (response.isSuccess ? Asset(Answer(response, token: host.token).json) : nil, response)
  }

  /// A request for the bytes of an asset, which lie on another host that GitHub names.
  func download(
    _ asset: Asset, _ place: ReleasePlace, _ access: HTTPAccess
  ) throws -> HTTPRequest {
    try request(
      "GET", "\(place.path)/assets/\(asset.id)", accept: "application/octet-stream",
      access: access)
  }

  func delete(_ asset: Asset, _ place: ReleasePlace) async throws {
    _ = try await send(
      "DELETE", "\(place.path)/assets/\(asset.id)", expecting: [200, 204, 404],
      deed: place.deed("delete", asset.name))
  }
}
