/// How the shards of a timeline become those of another one, touching as few as can be.
///
/// A shard of which every line stays, in order, keeps its bytes; where it also keeps its place
/// among the others it keeps its name, and Git sees no change at all. What is left is gathered into
/// shards of at most `Shard.capacity` lines with names between those of their neighbours.
public struct ShardPlan: Hashable, Sendable {
  public enum Content: Hashable, Sendable {
    /// The bytes of the old shard of this index.
    case whole(Int)
    /// Lines to write: old ones by their number in the old timeline, and new ones.
    case pieces([TimelinePiece])
  }

  public struct Entry: Hashable, Sendable {
    /// "frames/000000.jsonl"
    public let path: String
    public let content: Content
  }

  /// In the order of play.
  public private(set) var entries: [Entry]
  /// Names that are no longer there.
  public private(set) var removed: [String]

  /// - Parameters:
  ///   - pieces: the new timeline.
  ///   - shards: the old one's shards in order, with their lines.
  public init(_ pieces: [TimelinePiece], shards: [(path: String, count: Int)]) {
    let contents = Self.contents(pieces, shards.map(\.count))
    let old = shards.map { ShardName($0.path) }
    let paths = Self.names(contents, old).map(\.path)
    entries = zip(paths, contents).map { Entry(path: $0, content: $1) }
    let kept = Set(paths)
    removed = shards.map(\.path).filter { !kept.contains($0) }
  }

  /// Cuts the pieces into whole old shards and gatherings of what is between them.
  private static func contents(_ pieces: [TimelinePiece], _ counts: [Int]) -> [Content] {
    var starts = [0]
    for count in counts { starts.append(starts.last! + count) }
    var contents: [Content] = []
    var loose: [TimelinePiece] = []
    func flush() {
      contents += chunks(loose.joined).map { .pieces($0) }
      loose = []
    }
    for piece in pieces.joined {
      guard case .old(let range) = piece else {
        loose.append(piece)
        continue
      }
      var place = range.lowerBound
      while place < range.upperBound {
        // The last shard that begins at or before the place: empty ones are passed over.
        let shard = starts.partitioningIndex { $0 > place } - 1
        let end = starts[shard + 1]
        if place == starts[shard], end <= range.upperBound {
          flush()
          contents.append(.whole(shard))
        } else {
          loose.append(.old(place..<min(end, range.upperBound)))
        }
        place = min(end, range.upperBound)
      }
    }
    flush()
    return contents
  }

  /// Cuts pieces into groups of at most `Shard.capacity` lines, all but the last full.
  private static func chunks(_ pieces: [TimelinePiece]) -> [[TimelinePiece]] {
    var chunks: [[TimelinePiece]] = []
    var room = 0
    for piece in pieces {
      var taken = 0
      while taken < piece.count {
        if room == 0 {
          chunks.append([])
          room = Shard.capacity
        }
        let part = taken..<min(piece.count, taken + room)
        switch piece {
        case .old(let range):
          chunks[chunks.count - 1].append(
            .old(range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound))
        case .new(let lines): chunks[chunks.count - 1].append(.new(Array(lines[part])))
        }
        room -= part.count
        taken = part.upperBound
      }
    }
    return chunks
  }

  /// Names in order: those of whole shards stay where the order allows it.
  private static func names(_ contents: [Content], _ old: [ShardName?]) -> [ShardName] {
    var fixed = [ShardName?](repeating: nil, count: contents.count)
    let whole = contents.indices.filter { index in
      if case .whole(let shard) = contents[index] { return old[shard] != nil }
      return false
    }
    func shard(_ index: Int) -> Int {
      if case .whole(let shard) = contents[index] { shard } else { 0 }
    }
    for place in LongestIncreasing.places(in: whole.map(shard)) {
      fixed[whole[place]] = old[shard(whole[place])]
    }
    reuseNames(contents, old, &fixed)
    guard let names = fill(fixed) else {
      // No room between two names: all shards get new ones.
      return contents.indices.map { ShardName(whole: $0) }
    }
    return names
  }

  /// A shard of which some lines stay is written under its own name, so that Git shows what
  /// changed in it.
  private static func reuseNames(
    _ contents: [Content], _ old: [ShardName?], _ fixed: inout [ShardName?]
  ) {
    var index = 0
    while index < contents.count {
      guard fixed[index] == nil else {
        index += 1
        continue
      }
      let end = (index..<contents.count).first { fixed[$0] != nil } ?? contents.count
      let lower = index == 0 ? nil : fixed[index - 1]
      let upper = end == contents.count ? nil : fixed[end]
      let free = old.compactMap(\.self).filter { name in
        (lower.map { $0 < name } ?? true) && (upper.map { name < $0 } ?? true)
      }
      for (place, name) in zip(index..<end, free) { fixed[place] = name }
      index = end
    }
  }

  private static func fill(_ fixed: [ShardName?]) -> [ShardName]? {
    var names: [ShardName] = []
    var index = 0
    while index < fixed.count {
      if let name = fixed[index] {
        names.append(name)
        index += 1
        continue
      }
      let end = (index..<fixed.count).first { fixed[$0] != nil } ?? fixed.count
      let upper = end == fixed.count ? nil : fixed[end]
      guard let between = ShardName.between(names.last, upper, count: end - index) else {
        return nil
      }
      names += between
      index = end
    }
    return names
  }
}

extension [Int] {
  /// The first index whose element fulfils a condition that holds for all behind it too.
  func partitioningIndex(where holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
