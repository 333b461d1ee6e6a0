import Curl
import VidgitModel

/// Media that lie at addresses of their own, which may be links that hold for a time only.
///
/// A signature in such a link is for one method: what HEAD is refused is asked by GET.
struct LinkStore: ReadOnlyStore {
  struct Link: Sendable {
    let address: String
    /// For errors: "the medium 'falls.mp4' (12 bytes, sha256:9f..)".
    let medium: String
  }

  let title: String
  let caller: StoreCaller
  let access: HTTPAccess
  let links: [StoreName: Link]

  func size(of name: StoreName) async throws -> Int64? {
    guard let link = links[name] else { return nil }
    var response = try await caller.send("look for", name.text) {
      HTTPRequest("HEAD", link.address, access: access)
    }
    if response.isSuccess, let size = response.header("Content-Length").flatMap({ Int64($0) }) {
      return size
    }
    if response.status == 404 { return nil }
    response = try await caller.send("look for", name.text) {
      var request = HTTPRequest("GET", link.address, access: access)
      request.headers = [try HTTPHeader("Range", "bytes=0-0")]
      // Of a server that does no ranges nothing is taken but its headers.
      request.sink.onlyStatus = 206
      return request
    }
    switch response.status {
    case 206:
      return response.header("Content-Range")?.split(separator: "/").last.flatMap { Int64($0) }
    case 200: return response.header("Content-Length").flatMap { Int64($0) }
    case 404: return nil
    default: throw refused(response, link)
    }
  }

  func read(
    _ name: StoreName, part: Range<Int64>?, limit: Int64,
    _ take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async throws {
    if part?.isEmpty == true { return }
    guard let link = links[name] else { throw missing(name) }
    let failure = try await caller.download(
      name, part: part, limit: limit, store: self, take
    ) { HTTPRequest("GET", link.address, access: access) }
    guard let failure else { return }
    if failure.status == 404 { throw missing(name) }
    throw refused(failure, link)
  }

  /// What was there once, or is for others: the error says what is lost and where else to get it.
  private func refused(_ response: HTTPResponse, _ link: Link) -> VidgitError {
    let error = try? XMLElement(parsing: response.body, what: "")
    let words = [error?["Code"]?.text, error?["Message"]?.text].compactMap(\.self)
      .joined(separator: ": ")
    let shown = Redaction().text(words)
    let detail = words.isEmpty ? "" : ", \(TerminalText.escaped(String(shown.prefix(200))))"
    let address = TerminalText.escaped(Redaction.url(link.address))
    guard [401, 403, 410].contains(response.status) else {
      return VidgitError(
        .system,
        "cannot read \(link.medium) from '\(address)': HTTP status \(response.status)\(detail)",
        hint: "it may pass: run the same command again, it carries on")
    }
    let isOver = response.status == 410 || words.lowercased().contains("expired")
    return VidgitError(
      .notFound,
      "the link to \(link.medium) \(isOver ? "has expired" : "is refused"): '\(address)' answers "
        + "\(response.status)\(detail)",
      hint:
        "who has the medium can put it into a store with `vidgit rehost NAME` or `vidgit push NAME`; "
        + "add that with `vidgit store add`, or name a file of your own with `vidgit media locate`")
  }
}
