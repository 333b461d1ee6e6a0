import Testing
import VidgitModel

@testable import Curl
@testable import VidgitKit

@Suite struct CallOutcomeTests {
  private func response(
    _ status: Int, _ headers: [(String, String)] = [], _ body: String = ""
  ) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: headers.map { HTTPHeader(received: $0.0, $0.1) },
      body: Array(body.utf8), bodyLength: Int64(body.utf8.count), isBodyCut: false,
      url: "https://example.com/", version: "2", redirects: 0, duration: .zero,
      isNewConnection: true)
  }

  @Test func anAnswerSaysHowLongToWait() {
    let body = #"{"retry_after":9}"#
    #expect(
      CallOutcome(response(429, [("retry-AFTER", "5")]), now: 0)
        == .status(429, wait: .seconds(5)))
    #expect(CallOutcome(response(429, [], body), now: 0) == .status(429, wait: .seconds(9)))
    #expect(CallOutcome(response(200, [], body), now: 0) == .status(200, wait: nil))
    #expect(CallOutcome(response(500), now: 0) == .status(500, wait: nil))
  }

  @Test func onlyWhatWasSurelyNotSentIsTriedAgain() {
    for kind in [HTTPError.Kind.connect, .timeout(.connect), .connectionLost] {
      #expect(CallOutcome(HTTPError(kind, "")) == .notConnected)
      #expect(CallOutcome(HTTPError(kind, "", mayHaveBeenSent: true)) == .unknown)
    }
    for kind in [HTTPError.Kind.refused, .tls, .invalidRequest, .body] {
      #expect(CallOutcome(HTTPError(kind, "")) == .notSent)
    }
    for kind in [HTTPError.Kind.timeout(.total), .timeout(.stall), .tooLarge, .protocolViolation] {
      #expect(CallOutcome(HTTPError(kind, "", mayHaveBeenSent: true)) == .unknown)
    }
  }

  @Test func whatIsGoneIsWhatTheServerSaysSoOf() {
    func isGone(_ status: Int, _ words: String = "", hasKey: Bool = false) -> Bool {
      CallOutcome.status(status, wait: nil).isGone(saying: words, hasKey: hasKey)
    }
    #expect([403, 404, 410, 422].allSatisfy { isGone($0) })
    #expect(isGone(404, hasKey: true) && !isGone(403, hasKey: true))
    #expect([400, 401, 405, 429, 503].allSatisfy { !isGone($0) })
    #expect(isGone(400, "<Error><Code>ExpiredToken</Code><Message>Invalid argument.</Message>"))
    for outcome in [CallOutcome.notConnected, .notSent, .unknown] {
      #expect(!outcome.isGone(saying: "", hasKey: false))
    }
  }
}
