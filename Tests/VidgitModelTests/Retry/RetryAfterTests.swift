import Testing

@testable import VidgitModel

@Suite struct RetryAfterTests {
  /// Sun, 06 Nov 1994 08:49:37 GMT, by `date -u -d ... +%s`.
  static let moment: Int64 = 784_111_777

  @Test(arguments: [
    "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
  ])
  func readsTheThreeFormsOfDates(text: String) {
    #expect(HTTPDate.seconds(text, now: 1_700_000_000) == Self.moment)
  }

  @Test(arguments: [
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
    ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
    ("Fri, 31 Dec 1999 23:59:59 GMT", 946_684_799),
  ])
  func countsDaysAsCalendarsDo(text: String, seconds: Int64) {
    #expect(HTTPDate.seconds(text, now: 0) == seconds)
  }

  @Test(arguments: [
    "", "soon", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
    "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
    "Sun, 06 Now 1994 08:49:37 GMT",
    "Sun, 06 Nov 99999 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
    "Sun, 06 Nov 1994 08:+9:37 GMT", "9223372036854775807 x", "-5", "1.5",
  ])
  func refusesWhatIsNoTime(text: String) {
    #expect(RetryAfter.wait(header: text, now: 0) == nil)
  }

  @Test func readsSecondsAndDates() {
    #expect(RetryAfter.wait(header: "120", now: 0) == .seconds(120))
    #expect(RetryAfter.wait(header: " 7 ", now: 0) == .seconds(7))
    #expect(RetryAfter.wait(header: "0", now: 0) == .zero)
    let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    #expect(RetryAfter.wait(header: date, now: Self.moment - 30) == .seconds(30))
    #expect(RetryAfter.wait(header: date, now: Self.moment + 30) == .zero)
    #expect(RetryAfter.wait(header: nil, now: 0) == nil)
    let absurd = RetryAfter.wait(header: String(repeating: "9", count: 30), now: 0)
    #expect(absurd.map { $0 > .seconds(86_400) } == true)
  }

  @Test(arguments: [
    (#"{"detail":"slow down","status":429,"retry_after":10}"#, 10_000),
    (#"{"retry_after":0.2501}"#, 251), (#"{"error":{"retry_after":3}}"#, 3000),
    (#"{"retry_after":-4}"#, 0),
  ])
  func readsABody(body: String, milliseconds: Int) {
    let wait = RetryAfter.wait(header: nil, body: Array(body.utf8), now: 0)
    #expect(wait == .milliseconds(milliseconds))
  }

  @Test(arguments: ["", "[1]", "<html>{}", #"{"retry_after":"10"}"#, #"{"retry_after":1"#])
  func passesOverABodyThatSaysNothing(body: String) {
    #expect(RetryAfter.wait(header: nil, body: Array(body.utf8), now: 0) == nil)
    #expect(RetryAfter.wait(header: "2", body: Array(body.utf8), now: 0) == .seconds(2))
  }

  @Test func theLongerOfBothCounts() {
    let body = Array(#"{"retry_after":5}"#.utf8)
    #expect(RetryAfter.wait(header: "2", body: body, now: 0) == .seconds(5))
    #expect(RetryAfter.wait(header: "9", body: body, now: 0) == .seconds(9))
  }
}
