import Curl
import TestSupport
import Testing

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
