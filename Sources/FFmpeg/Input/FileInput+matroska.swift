import Foundation

extension FileInput {
  /// Where the one Segment of a Matroska file ends by its own word (RFC 9559, RFC 8794): nil where
  /// the file is none, or was written without knowing.
  var matroskaEnd: Int64? {
    var position: Int64 = 0
    guard let header = element(at: &position), header.id == 0x1A45_DFA3, let size = header.size
    else { return nil }
    position += size
    guard let segment = element(at: &position), segment.id == 0x1853_8067, let size = segment.size
    else { return nil }
    let (end, overflow) = position.addingReportingOverflow(size)
    return overflow ? nil : end
  }

  /// Reads the id and size of an EBML element, and moves behind them; an unknown size is nil.
  private func element(at position: inout Int64) -> (id: UInt64, size: Int64?)? {
    guard let id = number(at: &position, keepsMarker: true),
      let size = number(at: &position, keepsMarker: false)
    else { return nil }
    let isUnknown = size.value == (1 << (7 * UInt64(size.length))) - 1
    return (id.value, isUnknown ? nil : Int64(clamping: size.value))
  }

  private func number(
    at position: inout Int64, keepsMarker: Bool
  ) -> (value: UInt64, length: Int)? {
    guard let first = bytes(at: position, count: 1)?.first, first != 0 else { return nil }
    let length = first.leadingZeroBitCount + 1
    guard let bytes = bytes(at: position, count: length) else { return nil }
    position += Int64(length)
    var value: UInt64 = 0
    for byte in bytes { value = value << 8 | UInt64(byte) }
    return (keepsMarker ? value : value & ((1 << (7 * UInt64(length))) - 1), length)
  }

  private func bytes(at position: Int64, count: Int) -> [UInt8]? {
    guard fill(position, count) else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    return pread(descriptor, &bytes, count, off_t(base + position)) == count ? bytes : nil
  }
}
