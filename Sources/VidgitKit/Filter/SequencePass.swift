import FFmpeg
import Git2
import VidgitModel

/// Recipes that look at several frames: each run of neighbouring frames goes through one graph, in
/// order, and every result is stored, since no single frame gives it again.
///
/// A result is remembered by (the run's inputs with their durations, its place, recipe ids).
struct SequencePass {
  private let state: PassState
  private let options: FilterOptions
  private let graphs: [PreparedGraph]

  /// - Throws: `VidgitError` where another engine than "graph" is among the recipes.
  init(_ state: PassState, _ options: FilterOptions) throws {
    self.state = state
    self.options = options
    graphs = try state.recipes.map { recipe in
      guard case .graph(let graph) = recipe else {
        throw VidgitError(
          .usage,
          "'\(recipe.id)' is no graph, and cannot be in one pass with a recipe that looks at "
            + "several frames", hint: "make two passes of it")
      }
      return graph
    }
  }

  func run(into pack: inout PackWriter, _ progress: ProgressHandler) async throws {
    let source = FrameSource(state.repository, state.revision)
    let maker = try FrameMaker(
      state.repository, state.revision, recipes: state.shelf.recipesOfLines(in: state.selection),
      patience: options.patience)
    let chain = state.ids.joined(separator: "+")
    for run in state.selection.runs {
      let (digest, inputs) = try read(run)
      let keys = run.indices.map { Self.key(of: $0 - run.lowerBound, in: digest) }
      let known = try state.cache.results(of: chain, for: keys)
      if let outputs = allAtHand(known, inputs) {
        try record(run, outputs, isReused: true, into: &pack, progress)
        continue
      }
      let outputs = try await filter(run, inputs, source, maker, progress)
      try state.repository.objects.sync()
      for (key, output) in zip(keys, outputs) {
        try state.cache.remember(output, of: chain, for: key)
      }
      try state.cache.flush()
      try record(run, outputs, isReused: false, into: &pack, progress)
    }
  }

  /// Filters one run and stores what comes out.
  private func filter(
    _ run: Range<Int>, _ inputs: [FrameKey], _ source: FrameSource, _ maker: FrameMaker,
    _ progress: ProgressHandler
  ) async throws -> [FrameKey] {
    let timeline = TimelineCursor(state.repository, state.revision)
    var lines = timeline.lines(in: run)
    let objects = state.repository.objects
    var outputs: [FrameKey] = []
    outputs.reserveCapacity(run.count)
    var runner: SequenceRunner?
    func finish(_ frame: Frame) throws {
      let key = frame.key
      // A frame that stays what it was is still made from its medium.
      if key != inputs[outputs.count] { try objects.put(frame, key: key) }
      outputs.append(key)
      progress(
        OperationProgress(
          phase: "filter", done: state.finished + outputs.count, total: state.selection.count))
    }
    try await mapInOrder(
      width: Width.of(frameBytes: state.revision.frameBytes, jobs: options.jobs),
      next: { try lines.next().map { ($0.start, $0.line.dur, try source.find($0.line)) } },
      transform: { (start, duration, found) in (start, duration, try await maker.make(found)) },
      consume: { (start, duration, frame) in
        if runner == nil {
          runner = try SequenceRunner(
            graphs, first: frame, timebase: state.revision.header.ratio)
        }
        for result in try runner!.push(frame, at: start, duration: duration) { try finish(result) }
      })
    for result in try runner?.finish() ?? [] { try finish(result) }
    return outputs
  }

  private func record(
    _ run: Range<Int>, _ outputs: [FrameKey], isReused: Bool, into pack: inout PackWriter,
    _ progress: ProgressHandler
  ) throws {
    var place = 0
    for shard in state.selection.shards(of: run) {
      try state.begin(shard: shard.index)
      for line in shard.lines {
        try state.record(
          outputs[place], at: .init(shard: shard.index, line: line), isReused: isReused,
          into: &pack)
        place += 1
      }
    }
    progress(OperationProgress(phase: "filter", done: state.finished, total: state.selection.count))
  }

  /// A name for a run, made of what goes into it, and its frames.
  private func read(_ run: Range<Int>) throws -> (digest: Digest, inputs: [FrameKey]) {
    var builder = DigestBuilder()
    var inputs: [FrameKey] = []
    let timeline = TimelineCursor(state.repository, state.revision)
    var lines = timeline.lines(in: run)
    while let (_, line) = try lines.next() {
      let key = state.revision.key(of: line)
      inputs.append(key)
      let text = "\(key.digest.hex) \(key.shape.text) \(line.dur)\n"
      Array(text.utf8).withUnsafeBytes { builder.update($0) }
    }
    return (builder.digest(), inputs)
  }

  private static func key(of place: Int, in run: Digest) -> FrameKey {
    FrameKey(
      digest: Digest(of: Array("run \(run.hex) \(place)".utf8)),
      shape: FrameShape(width: 0, height: 0, pixelFormat: "run"))
  }

  private func allAtHand(_ known: [FrameKey?], _ inputs: [FrameKey]) -> [FrameKey]? {
    let keys = known.compactMap(\.self)
    guard keys.count == known.count else { return nil }
    let objects = state.repository.objects
    return zip(keys, inputs).allSatisfy { $0 == $1 || objects.has($0) } ? keys : nil
  }
}
