import FFmpeg
import Git2
import VidgitModel

/// Recipes that look at one frame at a time: read in order, filtered on many tasks.
struct FramePass {
  private let state: PassState
  private let options: FilterOptions
  private let steps: FilterSteps

  private struct Work: Sendable {
    enum Content: Sendable {
      case frame(FrameSource.Found, FrameMaker, storesResult: Bool)
      /// An equal frame is in flight: its result will do.
      case duplicate
    }

    let position: PassState.Position
    let input: FrameKey
    let content: Content
  }

  private struct Outcome: Sendable {
    let position: PassState.Position
    let input: FrameKey
    /// What each recipe made; nil for a duplicate.
    let outputs: [FrameKey]?
  }

  init(_ state: PassState, _ options: FilterOptions) throws {
    self.state = state
    self.options = options
    steps = FilterSteps(
      state.recipes, objects: state.repository.objects, patience: options.patience)
  }

  func run(into pack: inout PackWriter, _ progress: ProgressHandler) async throws {
    let reader = LineReader(state)
    let source = FrameSource(state.repository, state.revision)
    var inFlight: [FrameKey: Int] = [:]
    var recent: [FrameKey: FrameKey] = [:]
    // Made when something is not known: it needs a look at every line.
    var lazyMaker: FrameMaker?
    let steps = steps
    try await mapInOrder(
      width: Width.of(frameBytes: state.revision.frameBytes, jobs: options.jobs),
      next: {
        while let (position, line, known) = try reader.next() {
          let input = state.revision.key(of: line)
          // What was not known when the shard was opened may be by now.
          if let known = try known ?? reader.result(of: line) {
            try state.record(known, at: position, isReused: true, into: &pack)
            report(progress)
            continue
          }
          inFlight[input, default: 0] += 1
          let maker = try lazyMaker ?? makeMaker()
          lazyMaker = maker
          let content: Work.Content =
            inFlight[input]! > 1
            ? .duplicate
            : .frame(try source.find(line), maker, storesResult: state.needsObject(line))
          return Work(position: position, input: input, content: content)
        }
        return nil
      },
      transform: { work in
        guard case .frame(let found, let maker, let storesResult) = work.content else {
          return Outcome(position: work.position, input: work.input, outputs: nil)
        }
        let frame = try await maker.make(found)
        let outputs = try await steps.apply(to: frame, storesResult: storesResult)
        return Outcome(position: work.position, input: work.input, outputs: outputs)
      },
      consume: { outcome in
        var input = outcome.input
        for (id, output) in zip(state.ids, outcome.outputs ?? []) {
          try state.cache.remember(output, of: id, for: input)
          input = output
        }
        if let last = outcome.outputs?.last { recent[outcome.input] = last }
        try state.record(
          recent[outcome.input]!, at: outcome.position, isReused: outcome.outputs == nil,
          into: &pack)
        inFlight[outcome.input]! -= 1
        if inFlight[outcome.input] == 0 {
          inFlight[outcome.input] = nil
          recent[outcome.input] = nil
        }
        report(progress)
      })
  }

  private func makeMaker() throws -> FrameMaker {
    try FrameMaker(
      state.repository, state.revision, recipes: state.shelf.recipesOfLines(in: state.selection),
      check: .some, patience: options.patience)
  }

  private func report(_ progress: ProgressHandler) {
    progress(OperationProgress(phase: "filter", done: state.finished, total: state.selection.count))
  }
}
