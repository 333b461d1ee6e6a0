import Testing

@testable import VidgitModel

@Suite struct DigestTests {
  /// FIPS 180-4's example.
  let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  @Test func hashes() {
    #expect(Digest(of: Array("abc".utf8)).hex == abc)
    var builder = DigestBuilder()
    Array("ab".utf8).withUnsafeBytes { builder.update($0) }
    Array("c".utf8).withUnsafeBytes { builder.update($0) }
    #expect(builder.digest().text == "sha256:" + abc)
  }

  @Test func everyByteHasItsDigits() throws {
    for byte in UInt8.min...UInt8.max {
      let digest = try #require(Digest(bytes: [UInt8](repeating: byte, count: 32)))
      let digits = (byte < 16 ? "0" : "") + String(byte, radix: 16)
      #expect(digest.hex == String(repeating: digits, count: 32))
      #expect(Digest(hex: digest.hex) == digest)
      #expect(digest.withBytes { Array($0) } == [UInt8](repeating: byte, count: 32))
    }
  }

  /// Every wrong byte in every place of the eight that are read at once.
  @Test func refusesWhatIsNoDigit() {
    let digits = Set("0123456789abcdef".utf8)
    for place in 0..<64 {
      for byte in UInt8.min...UInt8.max where !digits.contains(byte) {
        var bytes = Array(abc.utf8)
        bytes[place] = byte
        #expect(bytes.withUnsafeBytes { Digest(hexBytes: $0) } == nil)
      }
    }
  }

  @Test(arguments: [
    "", "sha256:", "sha256:00", "SHA256:", "md5:d41d8cd98f00b204e9800998ecf8427e",
  ])
  func refusesText(text: String) {
    #expect(Digest(text: text) == nil)
  }

  @Test func comparesAsBytes() throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<1000 {
      let (a, b) = (random.digest(), random.digest())
      #expect((a < b) == (a.hex < b.hex))
      #expect(Digest(text: a.text) == a)
    }
    #expect(Digest(bytes: [1, 2, 3]) == nil)
  }
}
