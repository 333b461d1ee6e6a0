import CCurl
import Foundation

/// One hop of a request, with what has come of its answer.
///
/// `@unchecked Sendable`: made by a task, handed to the client's thread, touched by nobody else.
final class Transfer: @unchecked Sendable {
  let request: HTTPRequest
  let target: Target
  let permission: HTTPAccess.Permission
  /// What libcurl's CURLOPT_PROXY takes.
  let proxy: String?
  let ticket: Ticket
  /// Told of the bytes of a file as they go.
  let uploadWatch = UploadWatch.current

  /// The handle while the transfer runs.
  var easy: UnsafeMutableRawPointer?
  var headerList: UnsafeMutablePointer<curl_slist>?
  let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  // The request.
  var bodyOffset: Int64 = 0
  /// How often the request was about to be written to a connection.
  var timesSent = 0

  // The answer.
  var status = 0
  var version = ""
  var headers: [HTTPHeader] = []
  var headerBytes = 0
  var body: [UInt8] = []
  var bodyLength: Int64 = 0
  var isBodyCut = false

  /// Why a callback ended the transfer.
  var failure: HTTPError?

  init(
    request: HTTPRequest, target: Target, permission: HTTPAccess.Permission, proxy: String?,
    ticket: Ticket
  ) {
    self.request = request
    self.target = target
    self.permission = permission
    self.proxy = proxy
    self.ticket = ticket
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    close()
    errorText.deallocate()
  }

  /// Frees the handle, which must not be in a multi handle any more.
  func close() {
    if let easy { curl_easy_cleanup(easy) }
    easy = nil
    if let headerList { curl_slist_free_all(headerList) }
    headerList = nil
  }

  /// Ends the transfer from a callback; the first reason counts.
  func fail(_ kind: HTTPError.Kind, _ message: String, underlying: (any Error)? = nil) {
    if failure == nil { failure = HTTPError(kind, message, underlying: underlying) }
  }

  /// What has come of it, after libcurl has ended it.
  func result(_ code: CURLcode) -> Result<HTTPResponse, HTTPError> {
    // The text of an error that is too long is cut, and that is all.
    if code == CURLE_OK || (isBodyCut && failure == nil) { return .success(response) }
    var error = failure ?? error(code)
    error.operation = request.operation
    error.message = request.redaction.text(error.message)
    error.mayHaveBeenSent = timesSent > 0
    return .failure(error)
  }

  private var response: HTTPResponse {
    let microseconds = easy.map { ccurl_get_size($0, CURLINFO_TOTAL_TIME_T) } ?? 0
    return HTTPResponse(
      status: status, headers: headers, body: body, bodyLength: bodyLength, isBodyCut: isBodyCut,
      url: target.url, version: version, redirects: 0,
      duration: .microseconds(Int64(microseconds)),
      isNewConnection: easy.map { ccurl_get_long($0, CURLINFO_NUM_CONNECTS) > 0 } ?? false)
  }
}
