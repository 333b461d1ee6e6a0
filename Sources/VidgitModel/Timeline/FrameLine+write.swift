extension FrameLine {
  /// Appends the line in the one form that shards hold, with its LF.
  public func encode(into bytes: inout [UInt8]) {
    bytes.appendLiteral(#"{"pts":"#)
    bytes.appendDecimal(pts)
    bytes.appendLiteral(#","dur":"#)
    bytes.appendDecimal(dur)
    bytes.appendLiteral(#","hash":"sha256:"#)
    bytes.appendHex(hash)
    bytes.appendLiteral(#"","uri":"#)
    bytes.appendJSONString(uri)
    if let source {
      bytes.appendLiteral(#","source":"sha256:"#)
      bytes.appendHex(source)
      bytes.appendLiteral("\"")
    }
    bytes.appendLiteral(#","filters":["#)
    for (index, filter) in filters.enumerated() {
      if index > 0 { bytes.appendLiteral(",") }
      bytes.appendJSONString(filter)
    }
    bytes.appendLiteral("]")
    appendRare(to: &bytes)
    bytes.appendLiteral("}\n")
  }

  private func appendRare(to bytes: inout [UInt8]) {
    if let format {
      bytes.appendLiteral(#","format":"#)
      bytes.appendJSONString(format)
    }
    if let width {
      bytes.appendLiteral(#","width":"#)
      bytes.appendDecimal(Int64(width))
    }
    if let height {
      bytes.appendLiteral(#","height":"#)
      bytes.appendDecimal(Int64(height))
    }
    for member in extra.members {
      bytes.appendLiteral(",")
      bytes.appendJSONString(member.key)
      bytes.appendLiteral(":")
      bytes += member.value.compact()
    }
  }
}

extension [UInt8] {
  @inline(__always)
  mutating func appendLiteral(_ text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func appendDecimal(_ value: Int64) {
    var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
    Swift.withUnsafeMutableBytes(of: &digits) { buffer in
      var start = buffer.count
      var rest = value.magnitude
      repeat {
        start -= 1
        buffer[start] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      if value < 0 {
        start -= 1
        buffer[start] = UInt8(ascii: "-")
      }
      append(contentsOf: UnsafeRawBufferPointer(buffer)[start...])
    }
  }

  mutating func appendHex(_ digest: Digest) {
    withUnsafeTemporaryAllocation(byteCount: Digest.hexCount, alignment: 8) { buffer in
      digest.writeHex(to: buffer.baseAddress!)
      append(contentsOf: UnsafeRawBufferPointer(buffer))
    }
  }
}
