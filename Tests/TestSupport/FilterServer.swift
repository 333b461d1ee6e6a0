import Curl
import Foundation
import TestSupport
import Testing

/// `examples/filter-server` as a process of its own, which ends with this value.
final class FilterServer: @unchecked Sendable {
  // Set up by `init`, then only read.
  private let process = Process()
  private let input = Pipe()
  let base: String

  /// Starts it on a free port; skips the test where there is no Python.
  init(_ arguments: [String] = []) throws {
    let python = try Self.python()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: python.path)
    process.arguments =
      [
        "\(SharedVideos.packageRoot)/examples/filter-server/server.py", "--port", "0",
        "--until-eof",
      ]
      + arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8) {
      guard !byte.isEmpty else { throw TestSupportError("the filter server did not start") }
      line += byte
    }
    base = String(decoding: line, as: UTF8.self)
  }

  private static func python() throws -> Tool {
    guard let python = Tool.find("python3") else {
      try skip("no 'python3' on PATH, which the filter server is written in")
    }
    return python
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  struct Counts: Decodable, Equatable {
    var requests: Int
    var connections: Int
    var frames: Int
    var paid: Int
    var paidTwice: Int
    var failures: [String: Int]
  }

  func counts(_ client: HTTPClient) async throws -> Counts {
    let response = try await client.send(
      HTTPRequest("GET", "\(base)/control/counts", access: .here))
    return try JSONDecoder().decode(Counts.self, from: Data(response.body))
  }

  /// The next `count` calls, after `after` more, fail like this.
  func fail(_ client: HTTPClient, _ query: String) async throws {
    let response = try await client.send(
      HTTPRequest("POST", "\(base)/control/fail?\(query)", access: .here))
    #expect(response.status == 200)
  }

  struct Echo: Decodable {
    var method: String
    var path: String
    var headers: [[String]]
    var length: Int
    var sha256: String

    func header(_ name: String) -> String? {
      headers.first { $0[0].lowercased() == name.lowercased() }?[1]
    }
  }

  /// What arrives at the server.
  func echo(_ client: HTTPClient, _ request: HTTPRequest) async throws -> Echo {
    let response = try await client.send(request)
    try #require(response.status == 200)
    return try JSONDecoder().decode(Echo.self, from: Data(response.body))
  }
}

extension HTTPAccess {
  /// Loopback, and nothing else.
  static let here = HTTPAccess.hosts([], anyAddress: ["127.0.0.1", "localhost"])
}

extension HTTPClient {
  static func forTests(_ change: (inout Configuration) -> Void = { _ in }) throws -> HTTPClient {
    var configuration = Configuration(userAgent: "curl-tests/1")
    // However slow the machine, a connection is not too old to be used again.
    configuration.idleLimit = .seconds(600)
    change(&configuration)
    return try HTTPClient(configuration)
  }
}

/// The error of a request that must fail.
func failure(
  _ body: () async throws -> HTTPResponse, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> HTTPError {
  do {
    let response = try await body()
    throw TestSupportError("no error, but \(response)")
  } catch let error as HTTPError {
    return error
  }
}

/// A PNG of 4x3 in RGB, another one for each number.
enum TestPicture {
  static func png(_ number: UInt8) -> [UInt8] {
    var rows: [UInt8] = []
    for y in 0..<3 {
      rows.append(0)
      for x in 0..<12 { rows.append(number &+ UInt8(x * 9 + y * 31)) }
    }
    // One stored block of deflate: no compressor is needed.
    let length = UInt16(rows.count)
    var packed: [UInt8] = [0x78, 0x01, 0x01]
    for value in [length, ~length] { packed += [UInt8(value & 255), UInt8(value >> 8)] }
    packed += rows
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in rows {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    packed += bytes(b << 16 | a)
    return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
      + chunk("IHDR", bytes(4) + bytes(3) + [8, 2, 0, 0, 0]) + chunk("IDAT", packed)
      + chunk("IEND", [])
  }

  private static func bytes(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }

  private static func chunk(_ kind: String, _ content: [UInt8]) -> [UInt8] {
    let checked = Array(kind.utf8) + content
    var crc: UInt32 = ~0
    for byte in checked {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? 0xedb8_8320 ^ (crc >> 1) : crc >> 1 }
    }
    return bytes(UInt32(content.count)) + checked + bytes(~crc)
  }
}
