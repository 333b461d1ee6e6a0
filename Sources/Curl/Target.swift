import CCurl

/// A URL as libcurl itself reads it, so that what is checked is what is called.
struct Target: Sendable {
  /// The whole, in libcurl's own form.
  let url: String
  let origin: HTTPOrigin

  /// - Parameters:
  ///   - base: what a relative URL is relative to; nil where it must be absolute.
  ///   - kind: of the error where it cannot be called.
  init(_ url: String, relativeTo base: Target? = nil, _ kind: HTTPError.Kind) throws(HTTPError) {
    guard url.utf8.count <= 16 << 10 else { throw HTTPError(kind, "the URL is over 16 KiB") }
    guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      throw HTTPError(kind, "the URL holds a character that must be percent-encoded")
    }
    guard Library.isReady, let handle = curl_url() else {
      throw HTTPError(.client, "libcurl cannot be set up")
    }
    defer { curl_url_cleanup(handle) }
    if let base { curl_url_set(handle, CURLUPART_URL, base.url, 0) }
    let code = curl_url_set(handle, CURLUPART_URL, url, 0)
    guard code == CURLUE_OK else {
      throw HTTPError(
        kind, "'\(Redaction.url(url))' is no URL: \(String(cString: curl_url_strerror(code)))")
    }
    guard Self.part(CURLUPART_USER, of: handle) == nil,
      Self.part(CURLUPART_PASSWORD, of: handle) == nil
    else { throw HTTPError(kind, "the URL holds a user name or password") }
    guard let scheme = Self.part(CURLUPART_SCHEME, of: handle),
      scheme == "https" || scheme == "http"
    else { throw HTTPError(kind, "'\(Redaction.url(url))' is neither https nor http") }
    curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0)
    guard let host = Self.part(CURLUPART_HOST, of: handle), !host.isEmpty,
      let port = Self.part(CURLUPART_PORT, of: handle, UInt32(CURLU_DEFAULT_PORT)).flatMap({
        Int($0)
      }),
      let whole = Self.part(CURLUPART_URL, of: handle)
    else { throw HTTPError(kind, "'\(Redaction.url(url))' names no host") }
    self.url = whole
    origin = HTTPOrigin(scheme: scheme, host: host, port: port)
  }

  private static func part(_ part: CURLUPart, of handle: OpaquePointer, _ flags: UInt32 = 0)
    -> String?
  {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }

  /// What may be done at this place.
  ///
  /// - Throws: `refused` where nothing may, or an address in the URL itself is not allowed.
  func permission(_ access: HTTPAccess) throws(HTTPError) -> HTTPAccess.Permission {
    let permission = access.permission(origin)
    guard permission != .refused else {
      throw HTTPError(.refused, "the host '\(origin.host)' is not allowed")
    }
    guard origin.scheme == "https" || permission.allowsPlainHTTP else {
      throw HTTPError(.refused, "'\(origin)' is not encrypted, and only HTTPS is allowed there")
    }
    if !permission.allowsPrivateAddresses, let address = NetworkAddress(origin.host),
      let restriction = address.restriction
    {
      throw HTTPError(.refused, "the address \(address) (\(restriction)) is not allowed")
    }
    return permission
  }
}
