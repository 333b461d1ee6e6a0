import Foundation
import TestSupport
import Testing

@testable import Curl

@Suite struct HeaderTests {
  @Test(arguments: ["a\r\nX: y", "a\nb", "a\rb", "a\0b", "a\u{1b}[31m", "a\tb", "a\u{7f}"])
  func refusesControlBytes(value: String) {
    let error = #expect(throws: HTTPError.self) { try HTTPHeader("X-Key", value) }
    // The value itself is not told: it may be the secret.
    #expect(error?.description.contains("X-Key") == true)
    #expect(error?.description.contains(value) == false)
  }

  @Test(arguments: [
    "", "a b", "a:b", "a\r\nb", "é", "Host", "content-length", "Transfer-Encoding",
    "Proxy-Authorization",
  ])
  func refusesNames(name: String) {
    #expect(throws: HTTPError.self) { try HTTPHeader(name, "x") }
  }

  @Test func showsNoSecret() throws {
    for name in [
      "Authorization", "X-Amz-Security-Token", "x-goog-signature", "Cookie", "X-API-Key", "api-key",
    ] {
      let header = try HTTPHeader(name, "Bearer very-secret-value")
      var dumped = ""
      dump(header, to: &dumped)
      for text in [header.description, "\([header])", String(reflecting: header), dumped] {
        #expect(!text.contains("very-secret-value"), "\(name)")
      }
    }
    #expect(try HTTPHeader("Accept", "image/png").description == "Accept: image/png")
  }
}

@Suite struct RedactionTests {
  static let secrets = ["r8_abcdefghijklmnop", "hunter2hunter2"]

  @Test(arguments: [
    "Authorization: Bearer r8_0123456789abcdef", "authorization: Simple simABCDEFGHIJKLMNOP",
    "{\"Authorization\": \"Key 0123456789abcdef0123\"}", "x-amz-security-token: FwoGZXIvYXdzE",
    "x-amz-signature=deadbeefdeadbeef", "Set-Cookie: sid=0123456789abcdef", "api_key=sk-0123456789",
    "cannot get https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIA&X-Amz-Signature=deadbeef now",
    "the key r8_abcdefghijklmnop is wrong", "https://me:hunter2hunter2@example.com/",
  ])
  func takesSecretsOut(text: String) {
    let shown = Redaction(secrets: Self.secrets).text(text)
    #expect(shown.contains(Redaction.mark))
    for secret in [
      "0123456789", "ABCDEF", "FwoG", "deadbeef", "AKIA", "r8_abc", "hunter2",
    ] { #expect(!shown.contains(secret)) }
  }

  @Test func leavesOtherWords() {
    for text in [
      "the token expired yesterday", "429, 512 bytes", "https://example.com/a/b",
      "no basic authentication",
      "Couldn't connect to server",
    ] { #expect(Redaction(secrets: Self.secrets).text(text) == text) }
  }

  @Test func keepsTheNamesOfAQuery() {
    #expect(
      Redaction.url("https://h/p?X-Amz-Date=1&sig=2&flag#frag")
        == "https://h/p?X-Amz-Date=[redacted]&sig=[redacted]&[redacted]")
    #expect(Redaction.url("https://h/p") == "https://h/p")
    #expect(Redaction.url("https://u:p@h/p@q") == "https://[redacted]@h/p@q")
  }

  @Test func requestsAndErrorsShowNoSecret() async throws {
    var request = HTTPRequest(
      "POST", "https://127.0.0.1/v1/keyinpath12345/x?token=abcdefgh",
      headers: [try HTTPHeader("Authorization", "Bearer topsecret0")], access: .publicHosts)
    request.secrets = ["keyinpath12345"]
    let client = try HTTPClient.forTests()
    let error = try await failure { try await client.send(request) }
    #expect(error.kind == .refused)
    var dumped = ""
    dump(request, to: &dumped)
    dump(error, to: &dumped)
    for text in ["\(request)", "\(error)", String(reflecting: request), dumped] {
      for secret in ["keyinpath12345", "abcdefgh", "topsecret0"] { #expect(!text.contains(secret)) }
    }
    #expect("\(error)".contains("POST https://127.0.0.1/v1/[redacted]/x?token=[redacted]"))
  }
}

@Suite struct SecretFindingTests {
  /// The key alone, amid other bytes, and in either alphabet of base64.
  @Test(arguments: [
    "a sk-12345/x b", "sk%2D12345%2Fx", "sk-12345%2fx", "s%6b-12345/x", "%zz sk%2d12345%2fx",
    "sk%252d12345%252fx", "c2stMTIzNDUveA==", "dXNlcjpzay0xMjM0NS94Og", "dTpzay0xMjM0NS94",
    "736b2d31323334352f78", "736B2D31323334352F78",
  ])
  func isFound(_ text: String) {
    #expect(Redaction(secrets: ["sk-12345/x"]).finds(in: text))
  }

  @Test(arguments: ["", "sk-12346/x", "c2st", "%", "https://files.example/a.png?sig=9f"])
  func isNotFound(_ text: String) {
    #expect(!Redaction(secrets: ["sk-12345/x", "abc"]).finds(in: text))
  }

  @Test func bothAlphabetsOfBase64() {
    let secret = "k>>>???k~~~"
    let redaction = Redaction(secrets: [secret])
    for prefix in ["", "u", "us", "use"] {
      let text = Data("\(prefix)\(secret)/end".utf8).base64EncodedString()
      #expect(text.contains { "+/".contains($0) })
      #expect(redaction.finds(in: text))
      #expect(redaction.finds(in: text.replacing("+", with: "-").replacing("/", with: "_")))
    }
  }
}

@Suite struct MultipartTests {
  @Test func pythonReadsWhatIsWritten() throws {
    guard let python = Tool.find("python3") else { try skip("no 'python3' on PATH") }
    // Every byte, line ends and what looks like a boundary.
    let content =
      Array(0...255) + Array("\r\n--------------------------form0--\r\n".utf8) + [13, 10]
    let form = try Multipart([
      .init("prompt", text: "a \"quoted\" é text"),
      .init("image", content, fileName: "frame \"1\".png", type: "image/png"),
      .init("empty", []),
    ])
    let script = """
      import sys, email, email.policy
      head, body = sys.argv[1], sys.stdin.buffer.read()
      m = email.message_from_bytes(b"Content-Type: " + head.encode() + b"\\r\\n\\r\\n" + body, policy=email.policy.HTTP)
      for p in m.iter_parts():
          print(p.get_param("name", header="content-disposition"), p.get_filename(), p["content-type"], p.get_payload(decode=True).hex())
      """
    let result = try python.succeed(["-c", script, form.contentType], input: Data(form.bytes))
    let hex = { (bytes: [UInt8]) in
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    #expect(
      result.lines == [
        "prompt None None \(hex(Array("a \"quoted\" é text".utf8)))",
        "image frame %221%22.png image/png \(hex(content))", "empty None None ",
      ])
  }

  @Test func theSamePartsMakeTheSameBytes() throws {
    let parts = [Multipart.Part("a", text: "b")]
    #expect(try Multipart(parts).bytes == Multipart(parts).bytes)
  }

  @Test(arguments: 0..<60) func theBoundaryStandsInNoPart(offset: Int) throws {
    let taken = Array("------------------------form0".utf8)
    let content =
      [UInt8](repeating: 45, count: offset % 7) + [UInt8](repeating: 7, count: offset) + taken
    let form = try Multipart([.init("a", content)])
    #expect(form.contentType == "multipart/form-data; boundary=------------------------form1")
  }

  @Test func refusesLineBreaksInNames() {
    #expect(throws: HTTPError.self) { try Multipart([.init("a\r\nb", [])]) }
    #expect(throws: HTTPError.self) { try Multipart([.init("a", [], type: "x\r\ny")]) }
  }
}
