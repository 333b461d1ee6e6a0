import VidgitModel

/// The frames of a timeline that an operation is about, by number.
struct Selection: Sendable {
  /// In order; they neither touch nor overlap.
  let runs: [Range<Int>]
  /// The number of each shard's first line, and at the end of all lines.
  private let firstLines: [Int]

  /// Resolves what the user asked for against a revision, reading every shard once.
  ///
  /// - Throws: `VidgitError`: usage for a range that does not lie in the timeline.
  init(
    range: RangeExpression?, frames: FrameList?, of repository: VideoRepository,
    _ revision: Revision
  ) throws {
    var firstLines = [0]
    var durations: [Int64] = []
    var end: Int64 = 0
    let needsTimes = range != nil || frames != nil
    var rest = revision.shards[...]
    while !rest.isEmpty {
      let shards = Array(rest.prefix(VideoRepository.shardsAtOnce))
      rest = rest.dropFirst(shards.count)
      for (shard, lines) in zip(shards, try repository.lines(of: shards, in: revision)) {
        firstLines.append(firstLines.last! + lines.count)
        for line in lines { end = try ManifestBounds.end(of: line, from: end, at: shard.path) }
        if needsTimes { durations.append(contentsOf: lines.lazy.map(\.dur)) }
      }
    }
    self.firstLines = firstLines
    guard firstLines.last! > 0 else {
      throw VidgitError(.badInput, "the timeline of \(revision.commit.short) has no frames")
    }
    guard needsTimes else {
      runs = [0..<firstLines.last!]
      return
    }
    runs = try VidgitError.model(.usage) {
      let times = try FrameTimes(durations: durations, timebase: revision.header.timebase)
      if let frames { return try frames.resolve(in: times) }
      return [try range!.resolve(in: times)]
    }
  }

  private init(runs: [Range<Int>], firstLines: [Int]) {
    self.runs = runs
    self.firstLines = firstLines
  }

  /// The middle frame of each of `count` equal parts; all frames where there are no more than that.
  func sample(_ count: Int) -> Selection {
    let total = self.count
    let count = min(count, total)
    var places = (0..<count).map { total * (2 * $0 + 1) / (2 * count) }[...]
    var chosen: [Range<Int>] = []
    var passed = 0
    for run in runs {
      while let place = places.first, place < passed + run.count {
        places.removeFirst()
        let number = run.lowerBound + place - passed
        if chosen.last?.upperBound == number {
          chosen[chosen.count - 1] = chosen.last!.lowerBound..<number + 1
        } else {
          chosen.append(number..<number + 1)
        }
      }
      passed += run.count
    }
    return Selection(runs: chosen, firstLines: firstLines)
  }

  var count: Int { runs.reduce(0) { $0 + $1.count } }
  var frameCount: Int { firstLines.last! }

  /// The number of a line's frame.
  func number(of position: PassState.Position) -> Int {
    firstLines[position.shard] + position.line
  }

  /// The places in a shard of the lines that are chosen.
  func lines(ofShard index: Int) -> [Int] {
    let shard = firstLines[index]..<firstLines[index + 1]
    return runs.flatMap { run in
      run.clamped(to: shard).map { $0 - shard.lowerBound }
    }
  }

  /// The shards that a run reaches into, each with the places of its lines.
  func shards(of run: Range<Int>) -> [(index: Int, lines: Range<Int>)] {
    (0..<firstLines.count - 1).compactMap { index in
      let shard = firstLines[index]..<firstLines[index + 1]
      let part = run.clamped(to: shard)
      guard !part.isEmpty else { return nil }
      return (index, part.lowerBound - shard.lowerBound..<part.upperBound - shard.lowerBound)
    }
  }
}
