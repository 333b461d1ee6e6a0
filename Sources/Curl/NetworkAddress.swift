/// An IP address, by what can be reached there.
///
/// The ranges are those of the IANA's special-purpose registries (RFC 6890 and what came after).
public struct NetworkAddress: Sendable, Hashable {
  /// 4 or 16.
  let bytes: [UInt8]

  /// - Parameter bytes: in network order; 4 of them or 16.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// Why the address is not one of the public internet: "loopback", "private", ...; nil where it is.
  public var restriction: String? {
    bytes.count == 4 ? Self.restriction(version4: bytes) : Self.restriction(version6: bytes)
  }

  /// A range: its first bytes, how many bits of them count, and what it is.
  private typealias Range = (prefix: [UInt8], bits: Int, name: String)

  private static let version4: [Range] = [
    ([0], 8, "unspecified"),
    ([10], 8, "private"),
    ([100, 64], 10, "private"),
    ([127], 8, "loopback"),
    // Metadata services of clouds live at 169.254.169.254 and its neighbours, or here:
    ([169, 254], 16, "link-local"),
    ([168, 63, 129, 16], 32, "a metadata service"),
    ([172, 16], 12, "private"),
    ([192, 0, 0], 24, "reserved"),
    ([192, 0, 2], 24, "reserved"),
    ([192, 88, 99], 24, "reserved"),
    ([192, 168], 16, "private"),
    ([198, 18], 15, "reserved"),
    ([198, 51, 100], 24, "reserved"),
    ([203, 0, 113], 24, "reserved"),
    ([224], 4, "multicast"),
    ([240], 4, "reserved"),
  ]

  private static let version6: [Range] = [
    ([UInt8](repeating: 0, count: 15) + [1], 128, "loopback"),
    ([UInt8](repeating: 0, count: 16), 128, "unspecified"),
    ([UInt8](repeating: 0, count: 10) + [0xff, 0xff], 96, "an IPv4 address in disguise"),
    ([0xfc], 7, "private"),
    ([0xfe, 0x80], 10, "link-local"),
    ([0xfe, 0xc0], 10, "private"),
    ([0xff], 8, "multicast"),
    // Teredo, ORCHID and other tunnels; 6to4; documentation.
    ([0x20, 0x01, 0x00], 23, "reserved"),
    ([0x20, 0x01, 0x0d, 0xb8], 32, "reserved"),
    ([0x20, 0x02], 16, "an IPv4 address in disguise"),
    ([0x3f, 0xff, 0x00], 20, "reserved"),
  ]

  private static func restriction(version4 bytes: [UInt8]) -> String? {
    version4.first { bytes.isIn($0.prefix, bits: $0.bits) }?.name
  }

  private static func restriction(version6 bytes: [UInt8]) -> String? {
    // NAT64: networks without IPv4 name every IPv4 address so, the public ones too.
    if bytes.isIn([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], bits: 96) {
      return restriction(version4: Array(bytes[12...]))
    }
    if let range = version6.first(where: { bytes.isIn($0.prefix, bits: $0.bits) }) {
      return range.name
    }
    // All that is given out is in 2000::/3.
    return bytes.isIn([0x20], bits: 3) ? nil : "reserved"
  }

  /// Whether the first bits are those of another address of the same length.
  func isWithin(_ range: NetworkAddress, bits: Int) -> Bool {
    guard bytes.count == range.bytes.count, (0...bytes.count * 8).contains(bits) else {
      return false
    }
    return bytes.isIn(range.bytes, bits: bits)
  }
}

extension [UInt8] {
  fileprivate func isIn(_ prefix: [UInt8], bits: Int) -> Bool {
    for index in 0..<(bits + 7) / 8 {
      let mask: UInt8 = bits - index * 8 >= 8 ? 0xff : 0xff << UInt8(8 - (bits - index * 8))
      if self[index] & mask != prefix[index] & mask { return false }
    }
    return true
  }
}
