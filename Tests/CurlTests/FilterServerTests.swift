import Curl
import Foundation
import TestSupport
import Testing

/// The example server does what its README says, so that others can be tested against it.
@Suite struct FilterServerTests {
  private struct Service {
    let server: FilterServer
    let client: HTTPClient

    init(_ arguments: [String] = []) throws {
      server = try FilterServer(arguments)
      client = try HTTPClient.forTests()
    }

    func call(
      _ method: String, _ path: String, _ body: [UInt8] = [], headers: [HTTPHeader] = []
    ) async throws -> HTTPResponse {
      let url = path.hasPrefix("http") ? path : server.base + path
      return try await client.send(
        HTTPRequest(method, url, headers: headers, body: .bytes(body), access: .here))
    }

    /// A call with JSON in and out.
    func call(_ method: String, _ path: String, json: [String: Any]) async throws -> (
      status: Int, answer: [String: Any]
    ) {
      let response = try await call(
        method, path, Array(JSONSerialization.data(withJSONObject: json)))
      let answer = try JSONSerialization.jsonObject(with: Data(response.body))
      return (response.status, try #require(answer as? [String: Any]))
    }

    func counts() async throws -> FilterServer.Counts { try await server.counts(client) }
  }

  /// The pixels of a PNG, as ffmpeg reads them.
  private func pixels(_ png: [UInt8]) throws -> [UInt8] {
    let result = try Tool.ffmpeg.succeed(
      [
        "-v", "error", "-f", "image2pipe", "-c:v", "png", "-i", "-", "-f", "rawvideo", "-pix_fmt",
        "rgb24", "-",
      ],
      input: Data(png))
    return Array(result.standardOutput)
  }

  private func dataURL(_ png: [UInt8]) -> String {
    "data:image/png;base64," + Data(png).base64EncodedString()
  }

  @Test func filtersArePictureFilters() async throws {
    let service = try Service()
    let before = try pixels(TestPicture.png(3))
    #expect(before.count == 36)
    let inverted = try await service.call("POST", "/raw/invert", TestPicture.png(3))
    #expect(try pixels(inverted.body) == before.map { 255 - $0 })
    let posterised = try await service.call("POST", "/raw/posterise", TestPicture.png(3))
    #expect(try pixels(posterised.body) == before.map { $0 / 64 * 85 })
    #expect(try await service.call("POST", "/raw/nonsense", TestPicture.png(3)).status == 404)
    let cut = Array(TestPicture.png(3).dropLast(20))
    for wrong in [cut, [], Array("no picture".utf8)] {
      #expect(try await service.call("POST", "/raw/invert", wrong).status == 400)
    }
    #expect(try await service.counts().paid == 2)
  }

  @Test func distinctFramesAreCounted() async throws {
    let service = try Service()
    for number: UInt8 in [0, 1, 2, 1, 1] {
      _ = try await service.call("POST", "/raw/invert", TestPicture.png(number))
    }
    let key = [try HTTPHeader("Idempotency-Key", "k1")]
    let first = try await service.call("POST", "/raw/invert", TestPicture.png(9), headers: key)
    let again = try await service.call("POST", "/raw/invert", TestPicture.png(9), headers: key)
    #expect(first.body == again.body)
    let counts = try await service.counts()
    #expect(
      counts == .init(requests: 7, connections: 1, frames: 4, paid: 6, paidTwice: 1, failures: [:]))
    #expect(try await service.call("POST", "/control/reset").status == 200)
    #expect(try await service.counts().requests == 0)
  }

  @Test func speaksDeepFilter() async throws {
    let service = try Service()
    let path = "/v1/algo/deeplearning/DeepFilter/0.6"
    #expect(try await service.call("PUT", "/files/in/1.png", TestPicture.png(1)).status == 201)
    let places = ["\(service.server.base)/files/out/1.png", "data://out/2.png"]
    let (status, answer) = try await service.call(
      "POST", path,
      json: [
        "images": ["\(service.server.base)/files/in/1.png", dataURL(TestPicture.png(2))],
        "savePaths": places, "filterName": "invert",
      ])
    #expect(status == 200 && (answer["result"] as? [String: [String]])?["savePaths"] == places)
    for number: UInt8 in [1, 2] {
      let result = try await service.call("GET", "/files/out/\(number).png")
      #expect(try pixels(result.body) == pixels(TestPicture.png(number)).map { 255 - $0 })
    }
    // It calls nobody.
    for image in ["https://example.com/a.png", "file:///etc/passwd", "/files/none"] {
      let refused = try await service.call(
        "POST", path, json: ["images": [image], "savePaths": ["data://x"], "filterName": "invert"])
      #expect(refused.status == 400 && refused.answer["error"] is [String: String])
    }
    let told = try await service.call(
      "POST", "\(path)?fail=error",
      json: [
        "images": [dataURL(TestPicture.png(2))], "savePaths": ["data://x"], "filterName": "invert",
      ])
    #expect(told.status == 200 && told.answer["error"] != nil)
  }

  @Test func speaksReplicate() async throws {
    let service = try Service(["--key", "r8_key"])
    let unauthorised = try await service.call("POST", "/v1/predictions", json: [:])
    #expect(unauthorised.status == 401)

    let key = [try HTTPHeader("Authorization", "Bearer r8_key")]
    func call(_ method: String, _ path: String, _ json: [String: Any] = [:]) async throws
      -> [String: Any]
    {
      let body = try JSONSerialization.data(withJSONObject: json)
      let response = try await service.call(method, path, Array(body), headers: key)
      #expect(response.isSuccess)
      let answer = try JSONSerialization.jsonObject(with: Data(response.body))
      return try #require(answer as? [String: Any])
    }
    let input: [String: Any] = [
      "version": "posterise", "input": ["image": dataURL(TestPicture.png(5))],
    ]
    let made = try await call("POST", "/v1/predictions", input)
    #expect(made["status"] as? String == "starting")
    let urls = try #require(made["urls"] as? [String: String])
    let done = try await call("GET", try #require(urls["get"]))
    #expect(done["status"] as? String == "succeeded")
    let output = try #require(done["output"] as? String)
    let result = try await service.call("GET", output, headers: key)
    #expect(try pixels(result.body) == pixels(TestPicture.png(5)).map { $0 / 64 * 85 })

    let second = try await call("POST", "/v1/predictions", input)
    let cancel = try #require((second["urls"] as? [String: String])?["cancel"])
    #expect(try await call("POST", cancel)["status"] as? String == "canceled")
    let failed = try await call("POST", "/v1/predictions?fail=error", input)
    let get = try #require((failed["urls"] as? [String: String])?["get"])
    #expect(try await call("GET", get)["status"] as? String == "failed")
    #expect(try await service.counts().paid == 3)
  }

  @Test func failsInTurn() async throws {
    let service = try Service()
    try await service.server.fail(service.client, "fail=503&count=2&after=1")
    try await service.server.fail(service.client, "fail=429&retry_after=3&in=date")
    try await service.server.fail(service.client, "fail=429&retry_after=1.5&in=body")
    var answers: [HTTPResponse] = []
    for number: UInt8 in 0..<6 {
      answers.append(try await service.call("POST", "/raw/invert", TestPicture.png(number)))
    }
    #expect(answers.map(\.status) == [200, 503, 503, 429, 429, 200])
    #expect(answers[1].header("retry-after") == nil)
    #expect(answers[3].header("retry-after")?.hasSuffix(" GMT") == true)
    #expect(answers[4].header("retry-after") == nil)
    #expect(String(decoding: answers[4].body, as: UTF8.self).contains(#""retry_after": 1.5"#))
    let counts = try await service.counts()
    #expect(counts.frames == 2 && counts.failures == ["503": 2, "429": 2])
  }

  @Test func answersWithOtherPictures() async throws {
    let service = try Service()
    let small = try await service.call("POST", "/raw/invert?fail=wrong-size", TestPicture.png(1))
    #expect(try pixels(small.body).count == 12)
    let page = try await service.call("POST", "/raw/invert?fail=not-image", TestPicture.png(1))
    #expect(page.status == 200 && page.header("content-type") == "image/png")
    #expect(String(decoding: page.body, as: UTF8.self).hasPrefix("<html>"))
    #expect(try await service.counts().paid == 2)
  }
}
