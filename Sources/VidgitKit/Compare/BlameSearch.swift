import Git2
import VidgitModel

/// Follows frames back through history, until each has met the commit that made it what it is.
///
/// A frame goes on to the first parent that has it with the same picture and duration; one that no
/// parent has so is that commit's. What an undo has brought back is still of whoever made it. Commits are taken in the order of history, so that each is
/// looked at once, with all frames that lead to it.
struct BlameSearch {
  private struct Suspect {
    /// Its place among the frames that are searched for.
    let index: Int
    /// Its number in the suspected commit's timeline.
    let place: Int
  }

  private let repository: VideoRepository
  private var suspects: [ObjectID: [Suspect]] = [:]
  /// Those of commits that are still to come.
  private var timelines: [ObjectID: Timeline] = [:]
  private var culprits: [ObjectID?]

  /// The commit of each of `frames`, in order.
  static func culprits(
    of frames: Range<Int>, in timeline: Timeline, _ repository: VideoRepository
  ) throws -> [ObjectID] {
    var search = BlameSearch(repository, frames, timeline)
    return try search.run(from: timeline.revision.commit)
  }

  private init(_ repository: VideoRepository, _ frames: Range<Int>, _ timeline: Timeline) {
    self.repository = repository
    culprits = [ObjectID?](repeating: nil, count: frames.count)
    let commit = timeline.revision.commit
    suspects[commit] = frames.map { Suspect(index: $0 - frames.lowerBound, place: $0) }
    timelines[commit] = timeline
  }

  private mutating func run(from start: ObjectID) throws -> [ObjectID] {
    var history = try VidgitError.git { try repository.git.history(from: start) }
    while !suspects.isEmpty, let commit = try VidgitError.git({ try history.next() }) {
      guard var left = suspects.removeValue(forKey: commit.id) else { continue }
      let timeline = timelines.removeValue(forKey: commit.id)!
      for parent in try repository.origins(of: commit) where !left.isEmpty {
        guard let before = try known(parent, like: timeline) else { continue }
        left = pass(left, of: timeline, to: before)
      }
      for suspect in left { culprits[suspect.index] = commit.id }
    }
    return culprits.map { $0 ?? start }
  }

  /// Hands on what the parent has too, and returns the rest.
  private mutating func pass(
    _ asked: [Suspect], of timeline: Timeline, to before: Timeline
  ) -> [Suspect] {
    let parent = before.revision.commit
    let places = FramePlaces(from: timeline, to: before)
    var left: [Suspect] = []
    var passed: [Suspect] = []
    for suspect in asked {
      if let place = places.place(of: suspect.place),
        before.lines[place].isSameOnScreen(as: timeline.lines[suspect.place])
      {
        passed.append(Suspect(index: suspect.index, place: place))
      } else {
        left.append(suspect)
      }
    }
    if !passed.isEmpty {
      suspects[parent, default: []] += passed
      timelines[parent] = before
    }
    return left
  }

  private func known(_ parent: ObjectID, like timeline: Timeline) throws -> Timeline? {
    try timelines[parent] ?? repository.timelineIfThere(parent, like: timeline)
  }
}

/// Where the frames of one timeline stand in another one.
struct FramePlaces {
  /// nil where both are the same.
  private let places: [Int32]?

  init(from timeline: Timeline, to other: Timeline) {
    guard !timeline.hasSameShards(as: other) else {
      places = nil
      return
    }
    let alignment = TimelineAlignment(other.lines, timeline.lines)
    var places = [Int32](repeating: -1, count: timeline.lines.count)
    for block in alignment.blocks + alignment.moves {
      for (old, new) in zip(block.old, block.new) { places[new] = Int32(old) }
    }
    self.places = places
  }

  /// nil where the other timeline does not show the frame.
  func place(of frame: Int) -> Int? {
    guard let places else { return frame }
    return places[frame] < 0 ? nil : Int(places[frame])
  }
}

extension Timeline {
  func hasSameShards(as other: Timeline) -> Bool {
    revision.shards.elementsEqual(other.revision.shards) { $0.id == $1.id }
  }
}

extension FrameLine {
  /// Whether two lines of the same source frame show the same, for as long.
  func isSameOnScreen(as other: FrameLine) -> Bool {
    dur == other.dur && isSamePicture(as: other)
  }
}

extension VideoRepository {
  /// The timeline of a commit; nil where it holds no video, as a commit before the split.
  func timelineIfThere(_ commit: ObjectID, like timeline: Timeline?) throws -> Timeline? {
    do {
      return try self.timeline(of: revision(commit), like: timeline)
    } catch let error as VidgitError where error.kind == .notFound {
      return nil
    }
  }
}
