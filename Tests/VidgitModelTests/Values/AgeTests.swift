import Testing
import VidgitModel

@Suite struct AgeTests {
  @Test(arguments: [
    ("now", 0), ("all", 0), ("2.weeks.ago", 1_209_600), ("90 days", 7_776_000), ("14d", 1_209_600),
    ("1.hour", 3600), ("0s", 0), ("3.Days.Ago", 259_200), ("1 month", 2_592_000), ("5min", 300),
  ])
  func readsGitsNotation(_ text: String, _ seconds: Int64) {
    #expect(Age(text) == .seconds(seconds))
  }

  @Test(arguments: ["never", "false"]) func readsNever(_ text: String) {
    #expect(Age(text) == .never)
  }

  @Test(arguments: ["", "days", "2", "2.fortnights", "-1d", "1.5.days", "2024-01-31", "2x.days"])
  func refusesTheRest(_ text: String) {
    #expect(Age(text) == nil)
  }

  @Test func theLongerCounts() {
    #expect(Age.longer(.seconds(1), .seconds(2)) == .seconds(2))
    #expect(Age.longer(.never, .seconds(2)) == .never)
    #expect(Age.seconds(10).limit(at: 100) == 90)
    #expect(Age.never.limit(at: 100) == nil)
  }
}
