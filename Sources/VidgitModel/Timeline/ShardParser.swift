/// Reads shards, one after the other in the order of their names.
///
/// Lines in the form that vidgit writes are scanned; others (reordered, spaced, escaped) go through
/// a strict JSON parser, with the same result. Strings that lines share are shared in memory across
/// all shards of one parser.
public struct ShardParser {
  /// Ticks that all lines so far show.
  public private(set) var total: Int64 = 0
  /// Lines so far.
  public private(set) var count = 0
  private var tables = LineTables()

  public init() {}

  /// The lines of one shard.
  ///
  /// A missing LF at the end is tolerated; an empty line is not.
  ///
  /// - Parameter file: the shard's path, for errors.
  /// - Throws: with the file, the line and the reason.
  public mutating func parse(
    _ bytes: UnsafeRawBufferPointer, file: String
  ) throws(ModelError) -> [FrameLine] {
    var lines: [FrameLine] = []
    lines.reserveCapacity(min(Shard.capacity, bytes.count / 100 + 1))
    try parse(bytes, file: file, into: &lines)
    return lines
  }

  /// The lines of one shard; see `parse(_:file:)`.
  public mutating func parse(_ bytes: [UInt8], file: String) throws(ModelError) -> [FrameLine] {
    var lines: [FrameLine] = []
    try bytes.withUnsafeBufferPointer { (buffer) throws(ModelError) in
      try parse(UnsafeRawBufferPointer(buffer), file: file, into: &lines)
    }
    return lines
  }

  /// Appends the lines of one shard to `lines`, which after an error holds those before it.
  public mutating func parse(
    _ bytes: UnsafeRawBufferPointer, file: String, into lines: inout [FrameLine]
  ) throws(ModelError) {
    guard bytes.count <= Shard.maximumBytes else {
      throw ModelError(
        file, reason: "\(bytes.count) bytes are more than the \(Shard.maximumBytes) of a shard")
    }
    guard var cursor = bytes.baseAddress else { return }
    let end = cursor + bytes.count
    var number = 0
    while cursor < end {
      number += 1
      guard number <= Shard.maximumLines else {
        throw ModelError(
          file, line: number, reason: "more than \(Shard.maximumLines) lines in one shard")
      }
      var scanner = LineScanner(cursor: cursor, end: end)
      let line: FrameLine
      if let (scanned, next) = scanner.line(&tables) {
        line = scanned
        cursor = next
      } else {
        line = try Self.strictLine(at: &cursor, end: end, file: file, number: number)
      }
      let (sum, overflow) = total.addingReportingOverflow(line.dur)
      guard !overflow else {
        throw ModelError(
          file, line: number, reason: "the sum of all 'dur' up to here does not fit 64 bits")
      }
      total = sum
      count += 1
      lines.append(line)
    }
  }

  private static func strictLine(
    at cursor: inout UnsafeRawPointer, end: UnsafeRawPointer, file: String, number: Int
  ) throws(ModelError) -> FrameLine {
    let rest = UnsafeRawBufferPointer(start: cursor, count: end - cursor)
    let length = rest.firstIndex(of: 0x0a) ?? rest.count
    let bytes = UnsafeRawBufferPointer(rebasing: rest[..<length])
    guard !bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) else {
      throw ModelError(file, line: number, reason: "the line is empty")
    }
    if let marker = conflictMarker(bytes) {
      throw ModelError(
        file, line: number, reason: "'\(marker)' is the mark of a merge conflict",
        hint: "keep the lines of one side, remove the marks, and commit")
    }
    let json = try JSONValue(
      parsing: bytes, what: file, limits: FrameLine.limits, firstLine: number)
    let line = try FrameLine(json: json, file: file, line: number)
    cursor += min(length + 1, rest.count)
    return line
  }

  private static func conflictMarker(_ bytes: UnsafeRawBufferPointer) -> String? {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].first { bytes.starts(with: $0.utf8) }
  }
}
