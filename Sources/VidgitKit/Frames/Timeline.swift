import Git2
import VidgitModel

/// All lines of a revision in memory: 120 bytes a frame.
///
/// For what needs the whole order at once (cuts, comparisons, merges); what only walks over a
/// timeline uses `TimelineCursor`.
struct Timeline: Sendable {
  let revision: Revision
  let lines: [FrameLine]
  /// The first line of each of the revision's shards, and at the end the number of lines.
  let firstLines: [Int]

  /// Path and lines of each shard, in order.
  var shards: [(path: String, count: Int)] {
    revision.shards.indices.map {
      (revision.shards[$0].path, firstLines[$0 + 1] - firstLines[$0])
    }
  }

  /// When each frame begins.
  ///
  /// - Throws: `VidgitError` where the sum of all durations does not fit.
  func times() throws -> FrameTimes {
    try VidgitError.model {
      try FrameTimes(durations: lines.lazy.map(\.dur), timebase: revision.header.timebase)
    }
  }
}

extension VideoRepository {
  /// Reads all lines of a revision.
  ///
  /// - Parameter like: a timeline that was read before: shards that are the same are not read
  ///   again, and their lines share memory.
  func timeline(of revision: Revision, like known: Timeline? = nil) throws -> Timeline {
    var lines: [FrameLine] = []
    var firstLines = [0]
    lines.reserveCapacity(known?.lines.count ?? revision.shards.count * Shard.capacity)
    var knownPlaces: [ObjectID: Int] = [:]
    for (place, shard) in (known?.revision.shards ?? []).enumerated() {
      knownPlaces[shard.id] = place
    }
    let fresh = revision.shards.filter { knownPlaces[$0.id] == nil }
    var read: ArraySlice<[FrameLine]> = []
    var readCount = 0
    for shard in revision.shards {
      if let known, let place = knownPlaces[shard.id] {
        lines += known.lines[known.firstLines[place]..<known.firstLines[place + 1]]
      } else {
        if read.isEmpty {
          let next = fresh[readCount...].prefix(Self.shardsAtOnce)
          read = try self.lines(of: Array(next), in: revision)[...]
          readCount += next.count
        }
        lines += read.removeFirst()
      }
      firstLines.append(lines.count)
    }
    return Timeline(revision: revision, lines: lines, firstLines: firstLines)
  }
}
