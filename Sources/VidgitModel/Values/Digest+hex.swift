extension Digest {
  /// 64 lower-case hexadecimal digits.
  public var hex: String {
    String(unsafeUninitializedCapacity: Self.hexCount) { buffer in
      writeHex(to: UnsafeMutableRawPointer(buffer.baseAddress!))
      return Self.hexCount
    }
  }

  /// "sha256:" and 64 lower-case hexadecimal digits: how a digest stands in every file.
  public var text: String { Self.prefix + hex }

  /// A digest from 64 lower-case hexadecimal digits; `nil` for anything else.
  public init?(hex: String) {
    var hex = hex
    guard let value = hex.withUTF8({ Self(hexBytes: UnsafeRawBufferPointer($0)) }) else {
      return nil
    }
    self = value
  }

  /// A digest from "sha256:" and 64 lower-case hexadecimal digits; `nil` for anything else.
  public init?(text: String) {
    let bytes = text.utf8
    guard bytes.starts(with: Self.prefix.utf8) else { return nil }
    self.init(hex: String(text[bytes.index(bytes.startIndex, offsetBy: Self.prefix.utf8.count)...]))
  }

  init?(hexBytes bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.hexCount, let base = bytes.baseAddress else { return nil }
    self.init(hexAt: base)
  }

  /// Reads 64 digits at `pointer`; the caller has checked that they are there.
  @inline(__always)
  init?(hexAt pointer: UnsafeRawPointer) {
    guard
      let a = Hex.word(pointer), let b = Hex.word(pointer + 16),
      let c = Hex.word(pointer + 32), let d = Hex.word(pointer + 48)
    else { return nil }
    self.init(words: (a, b, c, d))
  }

  /// Writes 64 digits at `pointer`.
  @inline(__always)
  func writeHex(to pointer: UnsafeMutableRawPointer) {
    Hex.write(words.0, to: pointer)
    Hex.write(words.1, to: pointer + 16)
    Hex.write(words.2, to: pointer + 32)
    Hex.write(words.3, to: pointer + 48)
  }
}

extension Digest: CustomStringConvertible {
  public var description: String { text }
}

/// Hexadecimal eight digits at a time in one register: a manifest of a million frames holds a
/// hundred million digits.
enum Hex {
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// Sixteen lower-case digits as a number, or `nil`.
  @inline(__always)
  static func word(_ pointer: UnsafeRawPointer) -> UInt64? {
    guard let high = half(pointer), let low = half(pointer + 8) else { return nil }
    return high << 32 | low
  }

  @inline(__always)
  static func write(_ word: UInt64, to pointer: UnsafeMutableRawPointer) {
    pointer.storeBytes(of: digits(word >> 32), as: UInt64.self)
    (pointer + 8).storeBytes(of: digits(word & 0xffff_ffff), as: UInt64.self)
  }

  /// Eight digits as a number of 32 bits.
  @inline(__always)
  private static func half(_ pointer: UnsafeRawPointer) -> UInt64? {
    let text = UInt64(bigEndian: pointer.loadUnaligned(as: UInt64.self))
    // 'a'...'f' have bit 6 set, '0'...'9' do not.
    let letters = (text >> 6) & ones
    let nibbles = (text & (ones &* 0x0f)) &+ letters &* 9
    let rightRow = (text & (ones &* 0xf0)) == (ones &* 0x30) &+ letters &* 0x30
    let inRange = nibbles & (ones &* 0xf0) == 0
    // A letter must be ten or more, a digit less.
    let kinds = ((nibbles &+ ones &* 6) >> 4) & ones == letters
    guard rightRow, inRange, kinds else { return nil }
    var value = (nibbles | nibbles >> 4) & 0x00ff_00ff_00ff_00ff
    value = (value | value >> 8) & 0x0000_ffff_0000_ffff
    return (value | value >> 16) & 0xffff_ffff
  }

  /// The eight digits of a number of 32 bits, in memory order.
  @inline(__always)
  private static func digits(_ value: UInt64) -> UInt64 {
    var nibbles = (value | value << 16) & 0x0000_ffff_0000_ffff
    nibbles = (nibbles | nibbles << 8) & 0x00ff_00ff_00ff_00ff
    nibbles = (nibbles | nibbles << 4) & (ones &* 0x0f)
    let letters = ((nibbles &+ ones &* 6) >> 4) & ones
    return (nibbles &+ ones &* 0x30 &+ letters &* 39).bigEndian
  }
}
