/// What Git's own merge asks of a driver: the three texts of one file, merged by their meaning.
public struct MergedText: Sendable {
  /// The merged text, with Git's marks around what conflicts.
  public let bytes: [UInt8]
  public let hasConflicts: Bool

  /// Merges one shard.
  ///
  /// - Parameter file: its path, for errors.
  /// - Throws: where a side cannot be read.
  public init(
    shard file: String, base: [UInt8], ours: [UInt8], theirs: [UInt8]
  ) throws(ModelError) {
    let merge = TimelineMerge(
      base: try Shard.parse(base, file: file), ours: try Shard.parse(ours, file: file),
      theirs: try Shard.parse(theirs, file: file))
    var bytes: [UInt8] = []
    var place = 0
    for conflict in merge.conflicts {
      bytes += Shard.encode(merge.entries[place..<conflict.frames.lowerBound].map(\.line))
      bytes += "<<<<<<< ours\n".utf8
      bytes += Shard.encode(merge.entries[conflict.frames].map(\.line))
      bytes += "=======\n".utf8
      bytes += Shard.encode(conflict.theirs)
      bytes += ">>>>>>> theirs\n".utf8
      place = conflict.frames.upperBound
    }
    bytes += Shard.encode(merge.entries[place...].map(\.line))
    self.bytes = bytes
    hasConflicts = !merge.conflicts.isEmpty
  }

  /// Merges `video.json`; ours where there is a conflict.
  ///
  /// - Throws: where a side cannot be read.
  public init(header base: [UInt8], ours: [UInt8], theirs: [UInt8]) throws(ModelError) {
    func header(_ bytes: [UInt8]) throws(ModelError) -> Header {
      try Header(json: JSONValue(parsing: bytes, what: FileNames.header))
    }
    let merge = try HeaderMerge(
      base: header(base), ours: header(ours), theirs: header(theirs))
    bytes = merge.header.fileBytes()
    hasConflicts = !merge.conflicts.isEmpty
  }
}
