import Curl
import Testing

@testable import VidgitKit

@Suite struct KeptResultsTests {
  @Test func keepsNoSecrets() {
    let secrets = Redaction(secrets: ["sk-12345/x", "abc"])
    for address in [
      "https://files.example/a.png", "http://127.0.0.1:8700/files/a.png?sig=9f&se=2026",
      "https://files.example/a@b.png",
    ] {
      #expect(KeptResults.mayKeep(address, secrets), "\(address)")
    }
    for address in [
      "", "a.png", "data:image/png;base64,AAAA", "https://files.example/a.png?key=sk-12345/x",
      "https://files.example/a.png?key=sk%2D12345%2Fx", "https://ann:pw@files.example/a.png",
      "https://files.example/" + String(repeating: "a", count: 4_096),
    ] {
      #expect(!KeptResults.mayKeep(address, secrets), "\(address)")
    }
  }
}
