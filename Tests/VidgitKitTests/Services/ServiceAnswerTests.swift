import Curl
import Testing
import VidgitModel

@testable import VidgitKit

/// Answers of services are read as they are meant.
@Suite struct ServiceAnswerTests {
  @Test(arguments: ["18446744073709551615", "9223372036854775808", "1.5e400"])
  func aLargeSeedCostsNothing(_ seed: String) throws {
    let body = Array(#"{"seed": \#(seed), "output": "https://a.example/b.png"}"#.utf8)
    let path = try #require(JSONPath("/output"))
    let json = try #require(ServiceAnswer.parse(body))
    #expect(path.text(in: json) == "https://a.example/b.png")
  }
}
