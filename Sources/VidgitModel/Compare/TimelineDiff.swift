/// What two timelines differ in, as runs of neighbouring frames.
///
/// Frames are compared by what they are, not by their place, so that a cut of ten seconds is one
/// run and what follows it has not changed.
public struct TimelineDiff: Hashable, Sendable {
  public struct Run: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      /// Only in the new timeline.
      case added
      /// Only in the old one.
      case removed
      /// In both, but not in the same order.
      case moved
      /// At its place in both, with other pixels, recipes or duration.
      case changed
    }

    public var kind: Kind
    /// Frames of the old timeline; empty, at the place where they would be, for added ones.
    public var old: Range<Int>
    /// Frames of the new timeline; empty, at the place where they were, for removed ones.
    public var new: Range<Int>
    /// The recipes of each frame; of all of them, since frames with others are another run.
    public var oldFilters: [String] = []
    public var newFilters: [String] = []
    /// The pixels differ.
    public var isRepainted = false
    /// The durations differ.
    public var isRetimed = false
  }

  /// In the order of the new timeline; what was removed stands where it was.
  public private(set) var runs: [Run] = []
  /// Frames that are the same in both, at their place.
  public private(set) var unchanged = 0

  public init(_ old: [FrameLine], _ new: [FrameLine]) {
    self.init(old, new, TimelineAlignment(old, new))
  }

  init(_ old: [FrameLine], _ new: [FrameLine], _ alignment: TimelineAlignment) {
    var walk = Walk(old: old, new: new, moves: alignment.moves)
    for block in alignment.blocks {
      addGap(before: block, &walk)
      for (oldPlace, newPlace) in zip(block.old, block.new) {
        add(.changed, oldPlace, newPlace, walk)
      }
      walk.oldPlace = block.old.upperBound
      walk.newPlace = block.new.upperBound
    }
    addGap(before: .init(old: old.count..<old.count, new: new.count..<new.count), &walk)
  }

  /// How many frames a kind of run has.
  public func count(_ kind: Run.Kind) -> Int {
    runs.reduce(0) { $0 + ($1.kind == kind ? max($1.old.count, $1.new.count) : 0) }
  }

  private struct Walk {
    let old: [FrameLine]
    let new: [FrameLine]
    let moves: [TimelineAlignment.Block]
    let movedOld: [Range<Int>]
    var oldPlace = 0
    var newPlace = 0
    var nextMove = 0
    var nextMovedOld = 0

    init(old: [FrameLine], new: [FrameLine], moves: [TimelineAlignment.Block]) {
      self.old = old
      self.new = new
      self.moves = moves
      movedOld = moves.map(\.old).sorted { $0.lowerBound < $1.lowerBound }
    }
  }

  /// Adds what stands between the last block and the next one.
  private mutating func addGap(before block: TimelineAlignment.Block, _ walk: inout Walk) {
    var place = walk.oldPlace
    while place < block.old.lowerBound {
      if walk.nextMovedOld < walk.movedOld.count,
        walk.movedOld[walk.nextMovedOld].lowerBound == place
      {
        place = walk.movedOld[walk.nextMovedOld].upperBound
        walk.nextMovedOld += 1
        continue
      }
      let run = Run(
        kind: .removed, old: place..<place + 1, new: walk.newPlace..<walk.newPlace,
        oldFilters: walk.old[place].filters)
      append(run)
      place += 1
    }
    place = walk.newPlace
    while place < block.new.lowerBound {
      if walk.nextMove < walk.moves.count, walk.moves[walk.nextMove].new.lowerBound == place {
        let move = walk.moves[walk.nextMove]
        for (oldPlace, newPlace) in zip(move.old, move.new) {
          add(.moved, oldPlace, newPlace, walk)
        }
        place = move.new.upperBound
        walk.nextMove += 1
        continue
      }
      let run = Run(
        kind: .added, old: block.old.lowerBound..<block.old.lowerBound, new: place..<place + 1,
        newFilters: walk.new[place].filters)
      append(run)
      place += 1
    }
  }

  private mutating func add(_ kind: Run.Kind, _ oldPlace: Int, _ newPlace: Int, _ walk: Walk) {
    let (old, new) = (walk.old[oldPlace], walk.new[newPlace])
    let isSame = old.dur == new.dur && old.isSamePicture(as: new)
    if kind == .changed, isSame {
      unchanged += 1
      return
    }
    append(
      Run(
        kind: kind, old: oldPlace..<oldPlace + 1, new: newPlace..<newPlace + 1,
        oldFilters: old.filters, newFilters: new.filters, isRepainted: old.hash != new.hash,
        isRetimed: old.dur != new.dur))
  }

  /// Adds a run of one frame, to the last one where it goes on.
  private mutating func append(_ run: Run) {
    if let last = runs.last, last.kind == run.kind, last.oldFilters == run.oldFilters,
      last.newFilters == run.newFilters, last.isRepainted == run.isRepainted,
      last.isRetimed == run.isRetimed,
      run.kind == .added || last.old.upperBound == run.old.lowerBound,
      run.kind == .removed || last.new.upperBound == run.new.lowerBound
    {
      runs[runs.count - 1].old = last.old.lowerBound..<max(last.old.upperBound, run.old.upperBound)
      runs[runs.count - 1].new = last.new.lowerBound..<max(last.new.upperBound, run.new.upperBound)
    } else {
      runs.append(run)
    }
  }
}
