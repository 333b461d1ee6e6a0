extension HTTPClient {
  /// The most redirects of one request.
  static let redirectLimit = 5

  /// Headers that go along to another origin: none that may hold a credential, by whatever name.
  private static let harmless: Set = [
    "accept", "accept-language", "accept-encoding", "content-type", "user-agent", "range",
  ]

  /// Sends a request and follows where the answers lead.
  func follow(_ request: HTTPRequest) async throws -> HTTPResponse {
    var hop = request
    var target: Target
    do throws(HTTPError) {
      try Self.check(request)
      target = try Target(request.url, .invalidRequest)
    } catch {
      throw error.of(request)
    }
    var redirects = 0
    while true {
      let response: HTTPResponse
      do {
        response = try await perform(hop, target)
      } catch let error as HTTPError {
        throw redirects == 0 ? error : error.afterAnswer
      }
      guard request.followsRedirects, let location = Self.location(response) else {
        return response.after(redirects: redirects)
      }
      do throws(HTTPError) {
        guard redirects < Self.redirectLimit else {
          throw HTTPError(.redirect, "more than \(Self.redirectLimit) redirects")
        }
        let next = try Target(location, relativeTo: target, .redirect)
        hop = Self.next(hop, response.status, sameOrigin: next.origin == target.origin)
        hop.url = next.url
        target = next
        redirects += 1
      } catch {
        throw error.of(hop).afterAnswer
      }
    }
  }

  private static func check(_ request: HTTPRequest) throws(HTTPError) {
    guard (1...20).contains(request.method.utf8.count),
      request.method.utf8.allSatisfy({ (0x41...0x5a).contains($0) }), request.method != "CONNECT"
    else { throw HTTPError(.invalidRequest, "the method is not a word of upper-case letters") }
  }

  private static func location(_ response: HTTPResponse) -> String? {
    guard [301, 302, 303, 307, 308].contains(response.status) else { return nil }
    return response.header("location")
  }

  /// The request for the next hop (RFC 9110, section 15.4): 303 asks for a GET, and so do 301 and 302 after a POST.
  private static func next(
    _ request: HTTPRequest, _ status: Int, sameOrigin: Bool
  ) -> HTTPRequest {
    var next = request
    let turnsToGet =
      status == 303 ? request.method != "HEAD" : status < 303 && request.method == "POST"
    if turnsToGet {
      next.method = "GET"
      next.body = .none
      next.isRepeatable = nil
      next.headers.removeAll { $0.isNamed("content-type") }
    }
    // Gone for good: they do not come back where a later hop leads home.
    if !sameOrigin { next.headers.removeAll { !harmless.contains($0.name.lowercased()) } }
    // What was taken out is still a secret.
    next.secrets += request.headers.filter { Redaction.isSecret(header: $0.name) }.map(\.value)
    return next
  }
}

extension HTTPError {
  /// Of a later hop: the server of the first has seen the request, and may have done its work.
  fileprivate var afterAnswer: HTTPError {
    var error = self
    error.mayHaveBeenSent = true
    return error
  }
}

extension HTTPResponse {
  fileprivate func after(redirects: Int) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: headers, body: body, bodyLength: bodyLength, isBodyCut: isBodyCut,
      url: url, version: version, redirects: redirects, duration: duration,
      isNewConnection: isNewConnection)
  }
}
