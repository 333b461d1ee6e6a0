import VidgitModel

/// Reads the selected lines of a pass in order, with the results that are known already.
///
/// A batch of shards is in memory at a time, apart from those that wait for results: look-ups go
/// by large batches, since those that are neighbours in the database are cheap.
final class LineReader {
  private let state: PassState
  /// The shards that were not opened yet.
  private var rest: Range<Int>
  private var places: [PassState.Position] = []
  private var lines: [FrameLine] = []
  private var known: [FrameKey?] = []
  private var cursor = 0

  init(_ state: PassState) {
    self.state = state
    rest = state.revision.shards.indices
  }

  /// The next selected line, its place, and its result where that needs no work.
  func next() throws -> (PassState.Position, FrameLine, known: FrameKey?)? {
    while cursor == lines.count {
      guard !rest.isEmpty else { return nil }
      try openBatch()
    }
    defer { cursor += 1 }
    return (places[cursor], lines[cursor], known[cursor])
  }

  /// The result of one line, where it is known now.
  func result(of line: FrameLine) throws -> FrameKey? {
    try results(of: [line])[0]
  }

  /// The lines whose results are not known, without beginning the pass: for a reader of its own.
  func unknown() throws -> [FrameLine] {
    var unknown: [FrameLine] = []
    while !rest.isEmpty {
      let lines = try readBatch().flatMap { chosen in chosen.lines.map { chosen.shard[$0] } }
      for (line, result) in zip(lines, try results(of: lines)) where result == nil {
        unknown.append(line)
      }
    }
    return unknown
  }

  private func openBatch() throws {
    (cursor, places, lines) = (0, [], [])
    for chosen in try readBatch() {
      for line in chosen.lines {
        places.append(PassState.Position(shard: chosen.index, line: line))
        lines.append(chosen.shard[line])
      }
      state.begin(shard: chosen.index, lines: chosen.shard, waiting: chosen.lines.count)
    }
    known = try results(of: lines)
  }

  /// The next shards, each with the places of the lines that are selected.
  private func readBatch() throws -> [(index: Int, lines: [Int], shard: [FrameLine])] {
    // A batch whose results are all known is passed without another chance to stop.
    try Task.checkCancellation()
    let batch = rest.prefix(VideoRepository.shardsAtOnce)
    rest = rest.dropFirst(batch.count)
    let chosen = batch.map { (index: $0, lines: state.selection.lines(ofShard: $0)) }
      .filter { !$0.lines.isEmpty }
    let shards = try state.repository.lines(
      of: chosen.map { state.revision.shards[$0.index] }, in: state.revision)
    return zip(chosen, shards).map { ($0.index, $0.lines, $1) }
  }

  /// What the whole chain of recipes is known to make of each line, here or by what was borrowed; nil
  /// where something is not known, or known and not stored though it cannot be made again.
  func results(of lines: [FrameLine]) throws -> [FrameKey?] {
    zip(lines, try knownResults(of: lines)).map { line, known in
      let input = state.revision.key(of: line)
      if let known, !isGone(known, line) { return known }
      return state.borrowed[input]
    }
  }

  /// The same, whether the pixels are here or not.
  func knownResults(of lines: [FrameLine]) throws -> [FrameKey?] {
    var keys: [FrameKey?] = lines.map { state.revision.key(of: $0) }
    for id in state.ids {
      let open = keys.indices.filter { keys[$0] != nil }
      let found = try state.cache.results(of: id, for: open.map { keys[$0]! })
      for (place, result) in zip(open, found) { keys[place] = result }
    }
    return keys
  }

  private func isGone(_ result: FrameKey, _ line: FrameLine) -> Bool {
    result != state.revision.key(of: line) && state.needsObject(line)
      && !state.repository.objects.has(result)
  }
}
