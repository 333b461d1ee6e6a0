import VidgitModel

/// Reads the selected lines of a pass in order, with the results that are known already.
///
/// One shard is in memory at a time, apart from those that wait for results.
final class LineReader {
  private let state: PassState
  private var shard = 0
  private var lines: [FrameLine] = []
  private var chosen: [Int] = []
  private var known: [FrameKey?] = []
  private var cursor = 0

  init(_ state: PassState) {
    self.state = state
  }

  /// The next selected line, its place, and its result where that needs no work.
  func next() throws -> (PassState.Position, FrameLine, known: FrameKey?)? {
    while cursor == chosen.count {
      guard shard < state.revision.shards.count else { return nil }
      try open(shard)
      shard += 1
    }
    defer { cursor += 1 }
    let line = chosen[cursor]
    return (PassState.Position(shard: shard - 1, line: line), lines[line], known[cursor])
  }

  /// The result of one line, where it is known now.
  func result(of line: FrameLine) throws -> FrameKey? {
    try results(of: [line])[0]
  }

  private func open(_ index: Int) throws {
    cursor = 0
    chosen = state.selection.lines(ofShard: index)
    guard !chosen.isEmpty else { return }
    lines = try state.repository.lines(of: state.revision.shards[index], in: state.revision)
    known = try results(of: chosen.map { lines[$0] })
    state.begin(shard: index, lines: lines, waiting: chosen.count)
  }

  /// What the whole chain of recipes is known to make of each line; nil where something is not
  /// known, or known and not stored though it cannot be made again.
  private func results(of lines: [FrameLine]) throws -> [FrameKey?] {
    var keys: [FrameKey?] = lines.map { state.revision.key(of: $0) }
    for id in state.ids {
      let open = keys.indices.filter { keys[$0] != nil }
      let found = try state.cache.results(of: id, for: open.map { keys[$0]! })
      for (place, result) in zip(open, found) { keys[place] = result }
    }
    for (place, line) in lines.enumerated() {
      if let key = keys[place], key != state.revision.key(of: line), state.needsObject(line),
        !state.repository.objects.has(key)
      {
        keys[place] = nil
      }
    }
    return keys
  }
}
