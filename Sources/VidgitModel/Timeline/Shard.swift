/// A file of timeline lines. Shards are read in the order of their names.
public enum Shard {
  /// How many lines vidgit writes to one shard.
  public static let capacity = 1000
  /// How many lines it reads from one: stock Git merges can put lines of two sides into a shard.
  public static let maximumLines = 4 * capacity
  /// How many bytes it reads from one.
  public static let maximumBytes = 32 << 20
  /// How many shards a timeline may have.
  public static let maximumCount = 1_000_000

  /// "frames/000000.jsonl".
  ///
  /// - Precondition: `index` is from 0 to 999,999.
  public static func name(_ index: Int) -> String {
    precondition((0..<maximumCount).contains(index), "a shard's number has six digits")
    let digits = String(index)
    return FileNames.framesFolder + String(repeating: "0", count: 6 - digits.utf8.count) + digits
      + ".jsonl"
  }

  /// The bytes of a shard of these lines.
  public static func encode(_ lines: some Collection<FrameLine>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(lines.count * 300)
    for line in lines { line.encode(into: &bytes) }
    return bytes
  }

  /// The lines of one shard by itself; see `ShardParser`.
  public static func parse(
    _ bytes: UnsafeRawBufferPointer, file: String
  ) throws(ModelError) -> [FrameLine] {
    var parser = ShardParser()
    return try parser.parse(bytes, file: file)
  }

  /// The lines of one shard by itself; see `ShardParser`.
  public static func parse(_ bytes: [UInt8], file: String) throws(ModelError) -> [FrameLine] {
    var parser = ShardParser()
    return try parser.parse(bytes, file: file)
  }
}
