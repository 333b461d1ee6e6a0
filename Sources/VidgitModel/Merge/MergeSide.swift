/// One side of a merge, seen from the base.
struct MergeSide {
  let lines: [FrameLine]
  /// Where each frame of the base stands, in order; -1 where it is not in order any more.
  private var places: [Int]
  /// Where a frame of the base stands that has changed its order.
  private var moved: [Int: Int] = [:]
  /// The frame of the base that each moved line was.
  private var origins: [Int: Int] = [:]
  /// The end of what follows each line of this side that is in order: the next such line.
  private var nextInOrder: [Int: Int] = [:]
  private let firstInOrder: Int

  init(_ base: [FrameLine], _ lines: [FrameLine]) {
    self.lines = lines
    let alignment = TimelineAlignment(base, lines)
    places = [Int](repeating: -1, count: base.count)
    for block in alignment.blocks {
      for (old, new) in zip(block.old, block.new) { places[old] = new }
    }
    for move in alignment.moves {
      for (old, new) in zip(move.old, move.new) {
        moved[old] = new
        origins[new] = old
      }
    }
    // Only behind the end of a block can there be anything.
    firstInOrder = alignment.blocks.first?.new.lowerBound ?? lines.count
    for (index, block) in alignment.blocks.enumerated() {
      let following = index + 1
      nextInOrder[block.new.upperBound - 1] =
        following < alignment.blocks.count
        ? alignment.blocks[following].new.lowerBound : lines.count
    }
  }

  /// Where a frame of the base stands in order; nil where it was cut or moved.
  func place(of base: Int) -> Int? {
    places[base] < 0 ? nil : places[base]
  }

  /// The frame of the base that a line outside the order was; nil for one that is new.
  func origin(of place: Int) -> Int? { origins[place] }

  /// The lines between a frame of the base (-1: the beginning) that is in order and the next one.
  func gap(after base: Int) -> Range<Int> {
    if base < 0 { return 0..<firstInOrder }
    let place = places[base]
    return nextInOrder[place].map { place + 1..<$0 } ?? 0..<0
  }

  /// Whether the other side has moved a frame too that this side has moved.
  func isMoved(_ place: Int, on other: MergeSide) -> Bool {
    origins[place].map { other.moved[$0] != nil } ?? false
  }

  /// Whether the other side has cut a frame that this side has only moved.
  func isGone(_ place: Int, on other: MergeSide) -> Bool {
    guard let origin = origins[place] else { return false }
    return other.places[origin] < 0 && other.moved[origin] == nil
  }
}

/// A three-way merge of one frame's line.
struct LineMerge {
  /// The merged line; ours in what conflicts.
  let line: FrameLine
  /// The merged line with theirs in what conflicts.
  let theirs: FrameLine
  let conflict: TimelineMerge.Conflict.Kind?
  /// The merged line is ours as it stands.
  let isOurs: Bool

  /// - Parameter base: nil for a frame that both sides have added.
  init(_ base: FrameLine?, _ ours: FrameLine, _ theirs: FrameLine) {
    var line = ours
    var other = ours
    var conflict: TimelineMerge.Conflict.Kind?
    if !ours.isSamePicture(as: theirs) {
      if let base, ours.isSamePicture(as: base) {
        line.setPicture(of: theirs)
        other.setPicture(of: theirs)
      } else if base.map({ !theirs.isSamePicture(as: $0) }) ?? true {
        other.setPicture(of: theirs)
        conflict = .picture
      }
    }
    if ours.dur != theirs.dur {
      if let base, ours.dur == base.dur {
        line.dur = theirs.dur
        other.dur = theirs.dur
      } else if base.map({ theirs.dur != $0.dur }) ?? true {
        other.dur = theirs.dur
        conflict = conflict ?? .duration
      }
    }
    if let base, ours.extra == base.extra, theirs.extra != base.extra {
      line.extra = theirs.extra
      other.extra = theirs.extra
    }
    self.line = line
    self.theirs = other
    self.conflict = conflict
    isOurs = line == ours
  }
}

extension FrameLine {
  fileprivate mutating func setPicture(of other: FrameLine) {
    hash = other.hash
    source = other.source
    filters = other.filters
    format = other.format
    width = other.width
    height = other.height
  }
}
