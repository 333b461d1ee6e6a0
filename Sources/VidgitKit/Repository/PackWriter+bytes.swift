import Git2

extension PackWriter {
  /// Writes a blob of these bytes.
  mutating func writeBlob(_ bytes: [UInt8]) throws(Git2Error) -> ObjectID {
    try bytes.withUnsafeBufferPointer { (buffer) throws(Git2Error) in
      try writeBlob(bytes: UnsafeRawBufferPointer(buffer))
    }
  }
}
