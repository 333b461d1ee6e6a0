import FFmpeg
import Git2
import VidgitModel

/// Recipes that look at one frame at a time: read in order, filtered on many tasks.
struct FramePass {
  private let state: PassState
  private let options: FilterOptions
  private let steps: FilterSteps
  private let width: Int
  private let temporary: ScratchFolder?
  private let spending: Spending
  private let log: ResultLog

  private struct Work: Sendable {
    enum Content: Sendable {
      case frame(FrameSource.Found, FrameMaker)
      /// A frame of the local store, that the first recipes have been applied to.
      case started(done: Int, FrameKey)
      /// An equal frame is in flight: its result will do.
      case duplicate
    }

    let position: PassState.Position
    let input: FrameKey
    let content: Content
    let storesResult: Bool
  }

  private struct Outcome: Sendable {
    let position: PassState.Position
    let input: FrameKey
    /// What the recipes made; nil for a duplicate.
    let made: FilterSteps.Outcome?
    /// The first recipe that was applied, and what it was applied to.
    var start: (done: Int, key: FrameKey)
  }

  init(_ state: PassState, _ options: FilterOptions, _ spending: Spending) throws {
    self.state = state
    self.spending = spending
    self.options = options
    let isCostly = state.recipes.contains(where: \.isCostly)
    let width = Self.width(state, options)
    self.width = width
    let temporary = isCostly ? try ScratchFolder(in: state.repository.local.temporary) : nil
    self.temporary = temporary
    let log = ResultLog(state.repository)
    self.log = log
    let journal = CallJournal(state.repository)
    let engines: [any FrameEngine] = try state.recipes.enumerated().map { index, recipe in
      switch recipe {
      case .graph(let graph):
        GraphEngine(runner: FrameRecipeRunner(graph), patience: options.patience)
      case .command(let command):
        CommandEngine(command, folder: temporary!.path, most: width)
      case .service(let service):
        try HTTPEngine(
          service, state.repository, journal: journal, spending: spending,
          jobs: options.jobs, isFirst: index == 0)
      case .motion: throw SmoothPass.mustBeLast(recipe)
      }
    }
    steps = FilterSteps(
      state.recipes, engines: engines, objects: state.repository.objects,
      log: log)
  }

  /// Frames in flight. Those that wait for a service cost memory and no processor.
  private static func width(_ state: PassState, _ options: FilterOptions) -> Int {
    let bytes = state.revision.frameBytes
    let calls = state.recipes.compactMap { recipe in
      if case .service(let service) = recipe {
        2 * (options.jobs ?? service.http.parallel) * service.http.batch
      } else {
        nil
      }
    }.max()
    let hasCommand = state.recipes.contains { if case .command = $0 { true } else { false } }
    if hasCommand { return Width.ofProcesses(frameBytes: bytes, jobs: options.jobs) }
    if let calls { return Width.ofCalls(frameBytes: bytes, calls: calls) }
    return Width.of(frameBytes: bytes, jobs: options.jobs)
  }

  func run(into pack: inout PackWriter, _ progress: ProgressHandler) async throws {
    defer { temporary?.remove() }
    do {
      try await steps.begin()
      try await filter(into: &pack, progress)
      try await steps.close(isFinished: true)
    } catch {
      try? await steps.close(isFinished: false)
      guard let unreliable = error as? UnreliableResults else { throw error }
      state.cache.drop(unreliable.recipe)
      try await log.forget(unreliable.recipe)
      throw VidgitError(
        .badInput, unreliable.reason,
        hint: "which picture belongs to which frame cannot be told, so all results of this recipe "
          + "were forgotten; it must write exactly one for each that it reads")
    }
    if state.failures.count > 0 { throw state.failures.error(in: state) }
  }

  private func filter(into pack: inout PackWriter, _ progress: ProgressHandler) async throws {
    try await provide(progress)
    let reader = LineReader(state)
    let source = FrameSource(state.repository, state.revision)
    var inFlight: [FrameKey: Int] = [:]
    var recent: [FrameKey: Result<FrameKey, FrameFailure>] = [:]
    var failed: [FrameKey: FrameFailure] = [:]
    // Made when something is not known: it needs a look at every line.
    var lazyMaker: FrameMaker?
    let steps = steps
    let objects = state.repository.objects
    let (colour, aspect) = (state.revision.header.colour, state.revision.header.aspect)
    try await mapInOrder(
      width: width,
      next: {
        while let (position, line, known) = try reader.next() {
          let input = state.revision.key(of: line)
          if let failure = failed[input] {
            try state.fail(failure, at: position, into: &pack)
            continue
          }
          // What was not known when the shard was opened may be by now.
          if let known = try known ?? reader.result(of: line) {
            try state.record(known, at: position, isReused: true, into: &pack)
            report(progress)
            continue
          }
          inFlight[input, default: 0] += 1
          let start = try state.progress(of: line)
          let content: Work.Content
          if inFlight[input]! > 1 {
            content = .duplicate
          } else if start.done > 0 {
            content = .started(done: start.done, start.key)
          } else {
            let maker = try lazyMaker ?? makeMaker()
            lazyMaker = maker
            content = .frame(try source.find(line), maker)
          }
          return Work(
            position: position, input: input, content: content,
            storesResult: state.needsObject(line))
        }
        return nil
      },
      transform: { work in
        var start = (done: 0, key: work.input)
        let frame: Frame
        switch work.content {
        case .duplicate:
          return Outcome(position: work.position, input: work.input, made: nil, start: start)
        case .frame(let found, let maker): frame = try await maker.make(found)
        case .started(let done, let key):
          start = (done, key)
          frame = try await blocking {
            try objects.frame(key).with(colour: colour, sampleAspectRatio: aspect)
          }
        }
        let made = try await steps.apply(
          to: frame, key: start.key, from: start.done, storesResult: work.storesResult)
        return Outcome(position: work.position, input: work.input, made: made, start: start)
      },
      consume: { outcome in
        if let made = outcome.made {
          var input = outcome.start.key
          for (id, output) in zip(state.ids.dropFirst(outcome.start.done), made.keys) {
            try state.cache.remember(output, of: id, for: input)
            input = output
          }
          recent[outcome.input] = made.failure.map { .failure($0) } ?? .success(input)
        }
        switch recent[outcome.input]! {
        case .success(let result):
          try state.record(
            result, at: outcome.position, isReused: outcome.made == nil, into: &pack)
        case .failure(let failure):
          failed[outcome.input] = failure
          try state.fail(failure, at: outcome.position, into: &pack)
        }
        inFlight[outcome.input]! -= 1
        if inFlight[outcome.input] == 0 {
          inFlight[outcome.input] = nil
          recent[outcome.input] = nil
        }
        report(progress)
      })
  }

  /// Fetches results that are there already, and what the frames need that have none.
  private func provide(_ progress: ProgressHandler) async throws {
    state.origins = try await BorrowedResults(state).fetch(progress)
    guard try StoreSet.plan(state.repository, for: [state.revision]) != nil else { return }
    try await state.repository.provide(
      state.revision, lines: LineReader(state).unknown(),
      recipes: state.shelf.recipesOfLines(in: state.selection), progress)
  }

  private func makeMaker() throws -> FrameMaker {
    try FrameMaker(
      state.repository, state.revision, recipes: state.shelf.recipesOfLines(in: state.selection),
      check: .some, patience: options.patience)
  }

  private func report(_ progress: ProgressHandler) {
    var now = OperationProgress(
      phase: "filter", done: state.finished, total: state.selection.count)
    now.reused = state.reused
    now.failed = state.failures.count
    now.inFlight = spending.inFlight
    now.spent = spending.spent
    progress(now)
  }
}
