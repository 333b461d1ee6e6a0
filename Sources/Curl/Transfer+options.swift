import CCurl

extension Transfer {
  /// Makes the handle: everything that is not said here is libcurl's default, which never asks for
  /// a cookie, a netrc file or a redirect.
  ///
  /// - Throws: `client` where libcurl refuses an option: it is older than it says, or out of memory.
  func open(_ configuration: HTTPClient.Configuration) throws(HTTPError) {
    guard Library.isReady, let easy = curl_easy_init() else {
      throw HTTPError(.client, "libcurl cannot be set up")
    }
    self.easy = easy
    let context = Unmanaged.passUnretained(self).toOpaque()
    try check(ccurl_set_error_buffer(easy, errorText))
    // Signals of a library are nobody's; the thread blocks SIGPIPE instead.
    try set(CURLOPT_NOSIGNAL, 1)
    // A cancelled look-up of a name is left behind; waiting for it would hold up all transfers.
    try set(CURLOPT_QUICK_EXIT, 1)

    try set(CURLOPT_URL, target.url)
    try set(CURLOPT_PROTOCOLS_STR, permission.allowsPlainHTTP ? "https,http" : "https")
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
    try set(CURLOPT_HTTP09_ALLOWED, 0)
    try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    // A request may go beside others on a connection that is being made.
    try set(CURLOPT_PIPEWAIT, target.origin.scheme == "https" ? 1 : 0)
    try set(CURLOPT_MAXAGE_CONN, max(1, Int(configuration.idleLimit.components.seconds)))
    try set(CURLOPT_USERAGENT, configuration.userAgent)

    try set(CURLOPT_SSL_VERIFYPEER, 1)
    try set(CURLOPT_SSL_VERIFYHOST, 2)
    try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let bundle = configuration.certificates {
      try set(CURLOPT_CAINFO, bundle)
      try set(CURLOPT_CAPATH, nil)
    }
    // Empty texts: without them libcurl reads the environment.
    try set(CURLOPT_PROXY, proxy ?? "")
    try set(CURLOPT_NOPROXY, "")
    if proxy != nil { try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1) }

    let timeouts = request.timeouts
    try set(CURLOPT_CONNECTTIMEOUT_MS, timeouts.connect.milliseconds)
    try set(CURLOPT_TIMEOUT_MS, timeouts.total.milliseconds)
    try set(CURLOPT_LOW_SPEED_LIMIT, 1)
    try set(CURLOPT_LOW_SPEED_TIME, max(1, Int(timeouts.stall.components.seconds)))

    try check(ccurl_set_open_socket(easy, Self.onOpenSocket, context))
    try check(ccurl_set_before_request(easy, Self.onBeforeRequest, context))
    try check(ccurl_set_header(easy, Self.onHeader, context))
    try check(ccurl_set_write(easy, Self.onBody, context))
    try setBody(context)
    try setHeaders()
  }

  private func setBody(_ context: UnsafeMutableRawPointer) throws(HTTPError) {
    switch (request.method, request.body) {
    case ("GET", .none): try set(CURLOPT_HTTPGET, 1)
    case ("HEAD", .none): try set(CURLOPT_NOBODY, 1)
    case ("DELETE", .none), ("OPTIONS", .none): try set(CURLOPT_CUSTOMREQUEST, request.method)
    default:
      try set(CURLOPT_UPLOAD, 1)
      try set(CURLOPT_CUSTOMREQUEST, request.method)
      try check(ccurl_set_size(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(request.body.length)))
      try check(ccurl_set_read(easy, Self.onRead, context))
      try check(ccurl_set_seek(easy, Self.onSeek, context))
      try set(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10)
    }
  }

  private func setHeaders() throws(HTTPError) {
    // No round trip before a long body.
    var lines = ["Expect:"]
    // "Name:" takes a header of libcurl's away, "Name;" sends it empty.
    lines += request.headers.map {
      $0.value.allSatisfy({ $0 == " " }) ? "\($0.name);" : "\($0.name): \($0.value)"
    }
    for line in lines {
      guard let list = curl_slist_append(headerList, line) else {
        throw HTTPError(.client, "out of memory")
      }
      headerList = list
    }
    try check(ccurl_set_list(easy, CURLOPT_HTTPHEADER, headerList))
  }

  private func set(_ option: CURLoption, _ value: Int) throws(HTTPError) {
    try check(ccurl_set_long(easy, option, value))
  }

  private func set(_ option: CURLoption, _ value: String?) throws(HTTPError) {
    try check(ccurl_set_text(easy, option, value))
  }

  private func check(_ code: CURLcode) throws(HTTPError) {
    guard code == CURLE_OK else {
      throw HTTPError(
        .client, "libcurl refuses an option: \(String(cString: curl_easy_strerror(code)))")
    }
  }
}

extension Duration {
  /// At least one: libcurl takes 0 for "never".
  fileprivate var milliseconds: Int {
    max(1, Int(components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000))
  }
}
