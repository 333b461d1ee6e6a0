import Curl
import Foundation
import Synchronization
import VidgitModel

/// The assets of a release on GitHub. A fork reads those of what it was forked from.
///
/// Assets have no folders: the slashes of a name are dots there.
final class GitHubReleaseStore: Store {
  let title: String
  private let api: GitHubAPI
  private let place: GitHubAPI.ReleasePlace
  /// For the bytes of assets.
  private let access: HTTPAccess
  private let state = Mutex(State())

  private struct State {
    var release: GitHubAPI.Release?
    /// By the asset's name; nil before they were listed.
    var assets: [String: GitHubAPI.Asset]?
  }

  var canList: Bool { true }
  var canWrite: Bool { true }
  var partSize: Int64 { 16 << 20 }

  /// GitHub takes no longer asset.
  static let longest: Int64 = (2 << 30) - 1
  private static let tries = 3

  /// - Parameter access: where the bytes of assets may be read.
  init(
    title: String, api: GitHubAPI, owner: String, repository: String, tag: String,
    access: HTTPAccess
  ) {
    self.title = title
    self.api = api
    self.access = access
    place = GitHubAPI.ReleasePlace(
      owner: owner, repository: repository, tag: tag, title: "the store \(title)")
  }

  static func asset(_ name: StoreName) -> String { name.text.replacing("/", with: ".") }

  static func name(_ asset: String) -> StoreName? {
    guard let dot = asset.firstIndex(of: ".") else { return nil }
    var text = asset[..<dot] + "/" + asset[asset.index(after: dot)...]
    if text.hasPrefix("objects/"), let second = text.firstIndex(of: ".") {
      text.replaceSubrange(second...second, with: "/")
    }
    return StoreName(String(text)).flatMap { $0.kind == nil ? nil : $0 }
  }

  /// The assets that are whole, and the others too.
  private func assets() async throws -> [String: GitHubAPI.Asset] {
    if let known = state.withLock({ $0.assets }) { return known }
    let known = state.withLock { $0.release }
    guard let release = try await known == nil ? api.release(place) : known else { return [:] }
    let listed = try await api.assets(of: release, place)
    let assets = Dictionary(listed.map { ($0.name, $0) }) { first, _ in first }
    state.withLock {
      $0.release = release
      $0.assets = assets
    }
    return assets
  }

  func size(of name: StoreName) async throws -> Int64? {
    try await assets()[Self.asset(name)].flatMap { $0.isWhole ? $0.size : nil }
  }

  func read(
    _ name: StoreName, part: Range<Int64>?, limit: Int64,
    _ take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async throws {
    if part?.isEmpty == true { return }
    guard let asset = try await assets()[Self.asset(name)], asset.isWhole else {
      throw missing(name)
    }
    let failure = try await StoreCaller(api.caller, title: title).download(
      name, part: part, limit: limit, store: self, take
    ) { try api.download(asset, place, access) }
    guard let failure else { return }
    if failure.status == 404 { throw missing(name) }
    throw api.fault(failure, place.deed("read", name.text))
  }

  func put(_ name: StoreName, _ content: StoreContent, replaces: Bool) async throws {
    guard content.size <= Self.longest else {
      throw VidgitError(
        .refused,
        "'\(name)' has \(content.size) bytes, and a release on GitHub takes files below 2 GiB",
        hint: "use another store for it, such as s3://")
    }
    var release = state.withLock { $0.release }
    if release == nil { release = try await api.release(place) }
    if release == nil { release = try await api.makeRelease(place) }
    guard let release else { throw missing(name) }
    state.withLock { $0.release = release }
    let asset = Self.asset(name)
    if let old = try await assets()[asset] {
      if old.isWhole, !replaces, old.size == content.size { return }
      try await api.delete(old, place)
      forget(asset)
    }
    for tried in 1... {
      let (made, response) = try await api.upload(asset, content, to: release, place)
      if let made {
        state.withLock { $0.assets?[asset] = made }
        return
      }
      // An upload that failed may have left an asset that is none, and stands in the way (422).
      state.withLock { $0.assets = nil }
      let left = try await assets()[asset]
      if let left, left.isWhole, left.size == content.size, !replaces { return }
      if let left, !left.isWhole || replaces {
        try await api.delete(left, place)
        forget(asset)
      }
      let mayPass = response.status >= 500 || (response.status == 422 && left != nil)
      guard mayPass, tried < Self.tries else {
        throw api.fault(response, place.deed("write", name.text))
      }
      try await Task.sleep(for: .seconds(tried))
    }
  }

  private func forget(_ asset: String) { state.withLock { $0.assets?[asset] = nil } }

  func list(_ prefix: String) async throws -> [StoreName: Int64] {
    // Somebody else may have put something there.
    state.withLock { $0.assets = nil }
    var found: [StoreName: Int64] = [:]
    for asset in try await assets().values where asset.isWhole {
      guard let name = Self.name(asset.name), name.text.hasPrefix(prefix) else { continue }
      found[name] = asset.size
    }
    return found
  }

  func delete(_ name: StoreName) async throws {
    guard let asset = try await assets()[Self.asset(name)] else { return }
    try await api.delete(asset, place)
    forget(Self.asset(name))
  }
}
