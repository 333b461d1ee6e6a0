import Curl
import VidgitModel

/// Files behind a web server, for reading: what a store of another kind looks like from outside.
struct HTTPSStore: ReadOnlyStore {
  let title: String
  let caller: StoreCaller
  let access: HTTPAccess
  /// Where a thing is; nil for what is never there.
  let address: @Sendable (StoreName) -> String?

  init(title: String, base: String, caller: StoreCaller, access: HTTPAccess) {
    self.init(title: title, caller: caller, access: access) { "\(base)/\($0.text)" }
  }

  init(
    title: String, caller: StoreCaller, access: HTTPAccess,
    address: @escaping @Sendable (StoreName) -> String?
  ) {
    self.title = title
    self.caller = caller
    self.access = access
    self.address = address
  }

  func size(of name: StoreName) async throws -> Int64? {
    guard let address = address(name) else { return nil }
    let response = try await caller.send("look for", name.text) {
      HTTPRequest("HEAD", address, access: access)
    }
    if Self.isAbsent(response.status) { return nil }
    guard response.isSuccess, let size = response.header("Content-Length").flatMap({ Int64($0) })
    else {
      throw StoreFault.status(response.status, detail: "", "look for", name.text, title)
    }
    return size
  }

  func read(
    _ name: StoreName, part: Range<Int64>?, limit: Int64,
    _ take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async throws {
    if part?.isEmpty == true { return }
    guard let address = address(name) else { throw missing(name) }
    let failure = try await caller.download(
      name, part: part, limit: limit, store: self, take
    ) { HTTPRequest("GET", address, access: access) }
    guard let failure else { return }
    if Self.isAbsent(failure.status) { throw missing(name) }
    throw StoreFault.status(failure.status, detail: "", "read", name.text, title)
  }

  /// Buckets that do not let strangers list them say 403 for what is not there.
  private static func isAbsent(_ status: Int) -> Bool { [403, 404, 410].contains(status) }
}
