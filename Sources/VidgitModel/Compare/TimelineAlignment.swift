/// Which frames of two timelines are the same source frames.
///
/// Frames are matched by what they are (the source's pixels, its medium and its timestamp there),
/// not by their place: after a cut of ten seconds all frames behind it are still matched. Where a
/// frame stands several times in a timeline, its first appearances are matched with each other,
/// then the second ones, and so on. Takes n log n, whatever the difference.
public struct TimelineAlignment: Hashable, Sendable {
  /// Neighbouring frames of the old timeline that are neighbours in the new one too.
  public struct Block: Hashable, Sendable {
    public var old: Range<Int>
    public var new: Range<Int>
  }

  /// In order in both timelines: as many frames as can be.
  public private(set) var blocks: [Block] = []
  /// Frames that stand in both timelines and have changed their order, by their new place.
  public private(set) var moves: [Block] = []

  public init(_ old: [FrameLine], _ new: [FrameLine]) {
    let shorter = min(old.count, new.count)
    var start = 0
    while start < shorter, old[start].isSameSource(as: new[start]) { start += 1 }
    var end = 0
    while end < shorter - start,
      old[old.count - 1 - end].isSameSource(as: new[new.count - 1 - end])
    {
      end += 1
    }
    append(Block(old: 0..<start, new: 0..<start), to: &blocks)
    alignMiddle(old, start..<old.count - end, new, start..<new.count - end)
    append(
      Block(
        old: old.count - end..<old.count, new: new.count - end..<new.count), to: &blocks)
  }

  private mutating func alignMiddle(
    _ old: [FrameLine], _ oldRange: Range<Int>, _ new: [FrameLine], _ newRange: Range<Int>
  ) {
    guard !oldRange.isEmpty, !newRange.isEmpty else { return }
    // The places of each source frame in the old timeline, as chains through `following`.
    var heads: [SourceFrame: Int] = [:]
    heads.reserveCapacity(oldRange.count)
    var following = [Int](repeating: -1, count: oldRange.count)
    for place in oldRange.reversed() {
      let frame = SourceFrame(old[place])
      if let next = heads[frame] { following[place - oldRange.lowerBound] = next }
      heads[frame] = place
    }
    var pairs: [(new: Int, old: Int)] = []
    for place in newRange {
      let frame = SourceFrame(new[place])
      guard let match = heads[frame] else { continue }
      pairs.append((place, match))
      let next = following[match - oldRange.lowerBound]
      heads[frame] = next < 0 ? nil : next
    }
    let inOrder = LongestIncreasing.places(in: pairs.map(\.old))
    var kept = inOrder.makeIterator()
    var nextKept = kept.next()
    for (index, pair) in pairs.enumerated() {
      let block = Block(old: pair.old..<pair.old + 1, new: pair.new..<pair.new + 1)
      if index == nextKept {
        append(block, to: &blocks)
        nextKept = kept.next()
      } else {
        append(block, to: &moves)
      }
    }
  }

  private func append(_ block: Block, to blocks: inout [Block]) {
    guard !block.old.isEmpty else { return }
    if let last = blocks.last, last.old.upperBound == block.old.lowerBound,
      last.new.upperBound == block.new.lowerBound
    {
      blocks[blocks.count - 1].old = last.old.lowerBound..<block.old.upperBound
      blocks[blocks.count - 1].new = last.new.lowerBound..<block.new.upperBound
    } else {
      blocks.append(block)
    }
  }
}

/// What a frame is before any filter, wherever it stands.
struct SourceFrame: Hashable {
  let digest: Digest
  let pts: Int64
  let uri: String

  init(_ line: FrameLine) {
    digest = line.sourceHash
    pts = line.pts
    uri = line.uri
  }

  func hash(into hasher: inout Hasher) {
    // Enough to tell frames apart; hashing the address too would cost more than it tells.
    hasher.combine(digest)
    hasher.combine(pts)
  }
}

extension FrameLine {
  /// Whether two lines show the same frame of the same medium, whatever was done to it.
  public func isSameSource(as other: FrameLine) -> Bool {
    pts == other.pts && sourceHash == other.sourceHash && uri == other.uri
  }

  /// Whether two lines of the same source frame also have the same pixels by the same recipes.
  public func isSamePicture(as other: FrameLine) -> Bool {
    hash == other.hash && filters == other.filters && format == other.format
      && width == other.width && height == other.height
  }
}
