import CCurl

extension Transfer {
  /// What a code of libcurl means.
  func error(_ code: CURLcode) -> HTTPError {
    let detail = String(cString: errorText)
    let message = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    if code == CURLE_OPERATION_TIMEDOUT { return timeout }
    return HTTPError(Self.kind(code), message)
  }

  private var timeout: HTTPError {
    let timeouts = request.timeouts
    if timesSent == 0 {
      return HTTPError(.timeout(.connect), "no connection within \(timeouts.connect)")
    }
    let elapsed = easy.map { ccurl_get_size($0, CURLINFO_TOTAL_TIME_T) } ?? 0
    if .microseconds(Int64(elapsed)) >= timeouts.total - .milliseconds(20) {
      return HTTPError(.timeout(.total), "no whole answer within \(timeouts.total)")
    }
    return HTTPError(.timeout(.stall), "nothing came or went for \(timeouts.stall)")
  }

  private static func kind(_ code: CURLcode) -> HTTPError.Kind {
    switch code {
    case CURLE_URL_MALFORMAT: .invalidRequest
    // A handshake that breaks off is a connection that was not made; a certificate that is not
    // trusted stays so.
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
      CURLE_SSL_CONNECT_ERROR, CURLE_PROXY:
      .connect
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
      CURLE_SSL_ENGINE_INITFAILED:
      .tls
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2,
      CURLE_HTTP2_STREAM, CURLE_SEND_FAIL_REWIND:
      .connectionLost
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
      .protocolViolation
    case CURLE_FILESIZE_EXCEEDED: .tooLarge
    case CURLE_READ_ERROR, CURLE_WRITE_ERROR: .body
    default: .client
    }
  }
}
