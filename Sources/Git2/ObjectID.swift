import CGit2

/// The SHA-1 name of a Git object: 20 bytes inline, ordered as Git orders them.
public struct ObjectID: Hashable, Sendable, Comparable, CustomStringConvertible {
  // Big endian, so that comparing the words compares the bytes.
  private let high: UInt64
  private let middle: UInt64
  private let low: UInt32

  init(_ raw: git_oid) {
    (high, middle, low) = withUnsafeBytes(of: raw.id) { bytes in
      (
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
      )
    }
  }

  /// From exactly 40 hexadecimal digits, of either case; nil otherwise.
  public init?(hex: some StringProtocol) {
    guard hex.utf8.count == 40 else { return nil }
    var raw = git_oid()
    let valid = withUnsafeMutableBytes(of: &raw.id) { bytes in
      var place = 0
      for digit in hex.utf8 {
        guard let value = Character(Unicode.Scalar(digit)).hexDigitValue, digit < 128 else {
          return false
        }
        bytes[place / 2] = bytes[place / 2] << 4 | UInt8(value)
        place += 1
      }
      return true
    }
    guard valid else { return nil }
    self.init(raw)
  }

  /// 40 lower-case hexadecimal digits.
  public var hex: String {
    func digits(_ value: some FixedWidthInteger, _ count: Int) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: count - text.utf8.count) + text
    }
    return digits(high, 16) + digits(middle, 16) + digits(low, 8)
  }

  public var description: String { hex }

  public static func < (left: ObjectID, right: ObjectID) -> Bool {
    (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
  }

  /// The same name in libgit2's form.
  var raw: git_oid {
    var raw = git_oid()
    withUnsafeMutableBytes(of: &raw.id) { bytes in
      bytes.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
      bytes.storeBytes(of: middle.bigEndian, toByteOffset: 8, as: UInt64.self)
      bytes.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt32.self)
    }
    return raw
  }

  /// All zero: libgit2's way to say "no object".
  static let none = ObjectID(git_oid())
}
