import FFmpeg
import Git2
import VidgitModel

/// What a pass has found out so far: results by line, and the shards that change by them.
///
/// Not `Sendable`: it belongs to the task that reads and writes; others only get values.
final class PassState {
  let repository: VideoRepository
  let revision: Revision
  let selection: Selection
  let shelf: RecipeShelf
  let recipes: [PreparedRecipe]
  let ids: [String]
  let cache: ResultCache

  /// Results that the local store lacked when the pass began, by the frames that they are made of: those
  /// of other branches, and the pass's own whose pixels had gone to a store.
  var borrowed: [FrameKey: FrameKey] = [:]
  /// Which branches gave how many of them.
  var origins: [BorrowedFrames] = []
  /// False where there will be no commit: then no shard is written.
  var writesShards = true
  private(set) var changed = 0
  private(set) var made = 0
  private(set) var reused = 0
  /// Frames that had one of the recipes already, and got it once more.
  private(set) var repeated = 0
  /// What the results hold less of than what they were made of.
  private(set) var losses = FormatLosses()
  private(set) var failures = PassFailures()
  /// Path and new blob of every shard that changed.
  private(set) var newShards: [String: ObjectID] = [:]
  private var open: [Int: OpenShard] = [:]
  /// Shards that are done and changed, and not written yet: several are written at once.
  private var closed: [(path: String, lines: [FrameLine])] = []
  private var lastChain: (before: [String], after: [String])?

  /// A class, so that a line is changed in place and not in a copy of its shard.
  private final class OpenShard {
    var lines: [FrameLine]
    var waiting: Int
    var isChanged = false

    init(lines: [FrameLine], waiting: Int) {
      self.lines = lines
      self.waiting = waiting
    }
  }

  /// A line of the timeline by its shard and its place there.
  struct Position: Hashable, Sendable {
    let shard: Int
    let line: Int
  }

  init(
    _ repository: VideoRepository, _ revision: Revision, _ selection: Selection,
    shelf: RecipeShelf, recipes: [PreparedRecipe]
  ) {
    self.repository = repository
    self.revision = revision
    self.selection = selection
    self.shelf = shelf
    self.recipes = recipes
    ids = recipes.map(\.id)
    cache = repository.resultCache()
  }

  var finished: Int { made + reused + failures.count }

  /// Opens a shard of which `waiting` lines will get results.
  func begin(shard: Int, lines: [FrameLine], waiting: Int) {
    open[shard] = OpenShard(lines: lines, waiting: waiting)
  }

  /// Opens a shard with all of its selected lines, unless it is open: several runs can lie in one.
  func begin(shard: Int) throws {
    guard open[shard] == nil else { return }
    begin(
      shard: shard, lines: try repository.lines(of: revision.shards[shard], in: revision),
      waiting: selection.lines(ofShard: shard).count)
  }

  /// Records what the pass makes of a line, and writes its shard when that was the last one.
  func record(
    _ output: FrameKey, at position: Position, isReused: Bool, into pack: inout PackWriter
  ) throws {
    if isReused { reused += 1 } else { made += 1 }
    failures.inRow = 0
    let shard = open[position.shard]!
    let line = shard.lines[position.line]
    if output != revision.key(of: line) {
      shard.lines[position.line] = filtered(line, output)
      shard.isChanged = true
      changed += 1
      losses.add(
        from: line.shape(in: revision.header).pixelFormat, to: output.shape.pixelFormat)
      if !line.filters.isEmpty, ids.contains(where: line.filters.contains) { repeated += 1 }
    }
    try close(shard, at: position, into: &pack)
  }

  /// Records that a line's frame could not be made.
  ///
  /// - Throws: where so many have failed in a row that nothing else is to be expected.
  func fail(
    _ failure: FrameFailure, at position: Position, into pack: inout PackWriter
  ) throws {
    failures.add(failure, frame: selection.number(of: position))
    guard failures.inRow < PassFailures.mostInRow else { throw failures.error(in: self) }
    try close(open[position.shard]!, at: position, into: &pack)
  }

  private func close(
    _ shard: OpenShard, at position: Position, into pack: inout PackWriter
  ) throws {
    shard.waiting -= 1
    guard shard.waiting == 0 else { return }
    open[position.shard] = nil
    guard shard.isChanged, writesShards else { return }
    closed.append((revision.shards[position.shard].path, shard.lines))
    if closed.count == Self.shardsAtOnce { try writeClosed(into: &pack) }
  }

  private static let shardsAtOnce = 16

  /// Puts the last shards into the pack.
  func writeClosed(into pack: inout PackWriter) throws {
    let shards = closed
    closed = []
    let blobs = try VidgitError.git {
      try pack.writeBlobs(count: shards.count) { Shard.encode(shards[$0].lines) }
    }
    for (shard, blob) in zip(shards, blobs) { newShards[shard.path] = blob }
  }

  /// Whether a line's result has to be stored: something in its history is not exact.
  func needsObject(_ line: FrameLine) -> Bool {
    !recipes.allSatisfy(\.isExact) || !line.filters.allSatisfy { shelf.isExact($0) }
  }

  /// How much of the chain of recipes is known to be done for a line, and can be gone on from:
  /// how many recipes, and the frame after them.
  func progress(of line: FrameLine) throws -> (done: Int, key: FrameKey) {
    let start = revision.key(of: line)
    var best = (done: 0, key: start)
    guard recipes.count > 1, recipes.contains(where: \.isCostly) else { return best }
    var key = start
    for (index, id) in ids.enumerated() {
      guard let next = try cache.results(of: id, for: [key])[0] else { break }
      key = next
      if key != start, repository.objects.has(key) { best = (index + 1, key) }
    }
    return best.done == recipes.count ? (0, start) : best
  }

  /// Puts objects and then the results that name them on disk. The commit comes after, where the
  /// pass came to its end.
  func keepResults() throws {
    try repository.objects.sync()
    try cache.flush()
  }

  /// The recipes of a line after this pass; one array for neighbours that share it.
  private func chain(after filters: [String]) -> [String] {
    if let lastChain, lastChain.before == filters { return lastChain.after }
    lastChain = (filters, filters + ids)
    return lastChain!.after
  }

  /// The line of a frame that the recipes have made of another.
  func filtered(_ line: FrameLine, _ output: FrameKey) -> FrameLine {
    var line = line
    line.source = line.source ?? line.hash
    line.hash = output.digest
    line.filters = chain(after: line.filters)
    line.setShape(output.shape, in: revision.header)
    return line
  }
}
