/// A three-way merge of timelines that knows frames.
///
/// What each side did to the base is taken apart into what it did to a frame's picture (recipes and
/// pixels), to its duration, and to the order (cuts, insertions, moves). Changes of different
/// frames, or of different aspects of one frame, combine; the same change on both sides is one. A
/// cut wins over whatever the other side did to the frames that are gone. What does not combine is
/// a conflict, for which `settled` takes a decision frame by frame.
public struct TimelineMerge: Sendable {
  public enum Side: String, Hashable, Sendable { case ours, theirs }

  /// A line of the merged timeline.
  public struct Entry: Hashable, Sendable {
    public var line: FrameLine
    /// The line's number in our timeline where it stands there as it is, else -1.
    public var origin: Int
  }

  /// Neighbouring frames on which the sides do not agree.
  public struct Conflict: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
      /// Both changed the picture of these frames, and not in the same way.
      case picture
      /// Both changed how long these frames show.
      case duration
      /// Both put other frames at this place, or moved the same frames to different places.
      case order
    }

    public var kind: Kind
    /// Frames of the merged timeline, in which ours stand where they conflict.
    public var frames: Range<Int>
    /// What stands there if theirs are taken.
    public var theirs: [FrameLine]
    /// The recipes of the first frame on each side.
    public var ourFilters: [String]
    public var theirFilters: [String]
  }

  /// Ours where there is a conflict.
  public private(set) var entries: [Entry] = []
  /// In order.
  public private(set) var conflicts: [Conflict] = []

  public init(base: [FrameLine], ours: [FrameLine], theirs: [FrameLine]) {
    let our = MergeSide(base, ours)
    let their = MergeSide(base, theirs)
    entries.reserveCapacity(max(ours.count, theirs.count))
    merge(our.gap(after: -1), their.gap(after: -1), base, our, their)
    for place in base.indices {
      let (ourPlace, theirPlace) = (our.place(of: place), their.place(of: place))
      if let ourPlace, let theirPlace {
        append(LineMerge(base[place], ours[ourPlace], theirs[theirPlace]), ourPlace)
      }
      // What one side took away or moved is not here any more.
      merge(
        ourPlace == nil ? 0..<0 : our.gap(after: place),
        theirPlace == nil ? 0..<0 : their.gap(after: place), base, our, their)
    }
  }

  /// The merged timeline when each conflict is settled as `choose` says; one that it has no answer
  /// for is given back.
  ///
  /// - Parameter choose: gets the number of a frame in the merged timeline. An `order` conflict is
  ///   settled as a whole, by its first frame.
  public func settled(
    _ choose: (Int) -> Side?
  ) -> (entries: [Entry], open: [Conflict]) {
    var result: [Entry] = []
    result.reserveCapacity(entries.count)
    var open: [Conflict] = []
    var place = 0
    for conflict in conflicts {
      result += entries[place..<conflict.frames.lowerBound]
      place = conflict.frames.upperBound
      if conflict.kind == .order {
        switch choose(conflict.frames.lowerBound) {
        case .theirs: result += conflict.theirs.map { Entry(line: $0, origin: -1) }
        case .ours: result += entries[conflict.frames]
        case nil:
          open.append(conflict)
          result += entries[conflict.frames]
        }
        continue
      }
      for (offset, frame) in conflict.frames.enumerated() {
        switch choose(frame) {
        case .theirs: result.append(Entry(line: conflict.theirs[offset], origin: -1))
        case .ours: result.append(entries[frame])
        case nil:
          result.append(entries[frame])
          Self.add(conflict.part(offset), to: &open)
        }
      }
    }
    result += entries[place...]
    return (result, open)
  }

  /// Merges what the two sides have put between the same two frames of the base.
  private mutating func merge(
    _ ourGap: Range<Int>, _ theirGap: Range<Int>, _ base: [FrameLine], _ our: MergeSide,
    _ their: MergeSide
  ) {
    let ours = ourGap.filter { !our.isGone($0, on: their) }
    let theirs = theirGap.filter { !their.isGone($0, on: our) }
    let isMovedTwice =
      ours.contains { our.isMoved($0, on: their) } || theirs.contains { their.isMoved($0, on: our) }
    if theirs.isEmpty, !isMovedTwice {
      for place in ours { append(our, place, their, base) }
    } else if ours.isEmpty, !isMovedTwice {
      for place in theirs { appendTheirs(their, place, our, base) }
    } else if ours.count == theirs.count,
      zip(ours, theirs).allSatisfy({ our.lines[$0].isSameSource(as: their.lines[$1]) })
    {
      for (ourPlace, theirPlace) in zip(ours, theirs) {
        append(
          LineMerge(
            our.origin(of: ourPlace).map { base[$0] }, our.lines[ourPlace],
            their.lines[theirPlace]), ourPlace)
      }
    } else {
      let start = entries.count
      entries += ours.map { Entry(line: our.lines[$0], origin: $0) }
      conflicts.append(
        Conflict(
          kind: .order, frames: start..<entries.count, theirs: theirs.map { their.lines[$0] },
          ourFilters: ours.first.map { our.lines[$0].filters } ?? [],
          theirFilters: theirs.first.map { their.lines[$0].filters } ?? []))
    }
  }

  /// A frame that we have put here; the other side may have changed it where it was before.
  private mutating func append(
    _ our: MergeSide, _ place: Int, _ their: MergeSide, _ base: [FrameLine]
  ) {
    guard let origin = our.origin(of: place), let theirPlace = their.place(of: origin) else {
      entries.append(Entry(line: our.lines[place], origin: place))
      return
    }
    append(LineMerge(base[origin], our.lines[place], their.lines[theirPlace]), place)
  }

  private mutating func appendTheirs(
    _ their: MergeSide, _ place: Int, _ our: MergeSide, _ base: [FrameLine]
  ) {
    guard let origin = their.origin(of: place), let ourPlace = our.place(of: origin) else {
      entries.append(Entry(line: their.lines[place], origin: -1))
      return
    }
    append(LineMerge(base[origin], our.lines[ourPlace], their.lines[place]), ourPlace)
  }

  private mutating func append(_ merge: LineMerge, _ ourPlace: Int) {
    entries.append(
      Entry(line: merge.line, origin: merge.isOurs ? ourPlace : -1))
    guard let kind = merge.conflict else { return }
    let frame = entries.count - 1
    Self.add(
      Conflict(
        kind: kind, frames: frame..<frame + 1, theirs: [merge.theirs],
        ourFilters: merge.line.filters, theirFilters: merge.theirs.filters), to: &conflicts)
  }

  /// Adds a conflict of one frame, to the last one where it goes on.
  private static func add(_ conflict: Conflict, to list: inout [Conflict]) {
    if let last = list.last, last.kind == conflict.kind, last.kind != .order,
      last.frames.upperBound == conflict.frames.lowerBound,
      last.ourFilters == conflict.ourFilters, last.theirFilters == conflict.theirFilters
    {
      list[list.count - 1].frames = last.frames.lowerBound..<conflict.frames.upperBound
      list[list.count - 1].theirs += conflict.theirs
    } else {
      list.append(conflict)
    }
  }
}

extension TimelineMerge.Conflict {
  fileprivate func part(_ offset: Int) -> TimelineMerge.Conflict {
    let frame = frames.lowerBound + offset
    var part = self
    part.frames = frame..<frame + 1
    part.theirs = [theirs[offset]]
    return part
  }
}

extension [TimelineMerge.Entry] {
  /// The merged timeline as pieces of ours.
  public var pieces: [TimelinePiece] {
    var pieces: [TimelinePiece] = []
    var fresh: [FrameLine] = []
    var kept: Range<Int>?
    func flush() {
      if let range = kept { pieces.append(.old(range)) }
      if !fresh.isEmpty { pieces.append(.new(fresh)) }
      (kept, fresh) = (nil, [])
    }
    for entry in self {
      if entry.origin < 0 {
        if kept != nil { flush() }
        fresh.append(entry.line)
      } else if let range = kept, range.upperBound == entry.origin {
        kept = range.lowerBound..<entry.origin + 1
      } else {
        flush()
        kept = entry.origin..<entry.origin + 1
      }
    }
    flush()
    return pieces
  }
}
