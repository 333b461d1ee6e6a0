import VidgitModel

/// Fetches objects into the local store: whole runs of a pack by one request, several at once.
struct ObjectFetch: Sendable {
  private let objects: ObjectStore
  private let set: StoreSet
  private let looks: Bool

  struct Outcome: Sendable {
    /// Those that no store has, or gives.
    var missing: [FrameKey] = []
    var fetched = 0
    var bytes: Int64 = 0
    /// Why one of the missing was not taken from where it is.
    var failure: VidgitError?
  }

  private static let runsAtOnce = 6
  /// Bytes of runs, and of pixels that are looked at, which are in memory together.
  private let budget = ByteBudget(256 << 20)
  /// Single objects that are asked for before a place that has none of them is left alone.
  private static let mostGuesses = 32

  /// - Parameter looks: whether pixels are compared with their hashes also where a store is the user's
  ///   own, whose index is believed else.
  init(_ objects: ObjectStore, _ set: StoreSet, looks: Bool = false) {
    self.objects = objects
    self.set = set
    self.looks = looks
  }

  /// Which of some objects no store has, as far as their lists tell; nothing is fetched.
  func missing(of keys: [FrameKey]) async throws -> Set<FrameKey> {
    var missing = Set(keys)
    for source in set.sources where !missing.isEmpty {
      do {
        let catalog = try await source.listed()
        missing = missing.filter { catalog.places[$0] == nil }
        guard !missing.isEmpty, source.store.canList else { continue }
        let single = try await source.store.list("objects/")
        missing = missing.filter { key in StoreName.object(key).map { single[$0] == nil } ?? true }
      } catch is VidgitError {
        // One that is down gives nothing.
      }
    }
    return missing
  }

  /// - Parameter keys: none of them in the local store.
  /// - Throws: where the local disk fails, and `CancellationError`; a store that fails is noted, and
  ///   the next one asked.
  func fetch(
    _ keys: [FrameKey], _ phase: String, _ progress: ProgressHandler
  ) async throws -> Outcome {
    var outcome = Outcome(missing: keys)
    for source in set.sources where !outcome.missing.isEmpty {
      do {
        let catalog = try await asked { try await source.listed() }
        try await fetch(from: source, catalog, &outcome) {
          progress(OperationProgress(phase: phase, done: $0, total: keys.count))
        }
        try await fetchSingly(from: source, &outcome)
      } catch let error as StoreProblem {
        outcome.failure = outcome.failure ?? error.reason
        set.note("\(error.reason.message); the next store is asked")
      }
    }
    if outcome.missing.isEmpty { outcome.failure = nil }
    try objects.sync()
    return outcome
  }

  /// A store's failure, which another may make good; what is not one is this machine's.
  private struct StoreProblem: Error { let reason: VidgitError }

  private func asked<T: Sendable>(_ body: () async throws -> T) async throws -> T {
    do {
      return try await body()
    } catch let error as VidgitError {
      throw StoreProblem(reason: error)
    }
  }

  private func fetch(
    from source: StoreSet.Source, _ catalog: StoreCatalog, _ outcome: inout Outcome,
    _ report: (Int) -> Void
  ) async throws {
    var runs = catalog.runs(of: outcome.missing)[...]
    var taken: Set<FrameKey> = []
    var (fetched, bytes) = (outcome.fetched, outcome.bytes)
    var failure: VidgitError?
    defer {
      outcome.fetched = fetched
      outcome.bytes = bytes
      outcome.failure = outcome.failure ?? failure
      outcome.missing.removeAll { taken.contains($0) }
    }
    try await mapInOrder(
      width: Self.runsAtOnce, next: { runs.popFirst() },
      transform: { run in try await take(run, from: source) },
      consume: { result in
        taken.formUnion(result.taken)
        fetched += result.taken.count
        bytes += result.bytes
        if let error = result.failure {
          if failure == nil { set.note(error.message) }
          failure = failure ?? error
        }
        report(fetched)
      })
  }

  private struct RunResult: Sendable {
    var taken: [FrameKey] = []
    var bytes: Int64 = 0
    var failure: VidgitError?
  }

  private func take(
    _ run: StoreCatalog.Run, from source: StoreSet.Source
  ) async throws -> RunResult {
    var result = RunResult()
    let pixels =
      source.isStranger ? run.objects.map { ObjectSize.pixels($0.key.shape) ?? 0 }.max() : 0
    let memory = Int64(run.bytes.count) + (pixels ?? 0)
    await budget.acquire(memory)
    defer { budget.release(memory) }
    let bytes: [UInt8]
    do {
      bytes = try await source.store.bytes(
        of: .pack(run.pack), part: run.bytes, limit: Int64(run.bytes.count))
    } catch let error as VidgitError {
      result.failure = error
      return result
    }
    result.bytes = Int64(bytes.count)
    let (objects, looks) = (objects, looks || source.isStranger)
    let (taken, failure) = try await blocking { isCancelled -> ([FrameKey], VidgitError?) in
      var taken: [FrameKey] = []
      var failure: VidgitError?
      for (key, place) in run.objects {
        if isCancelled.value { throw CancellationError() }
        let start = Int(place.offset - run.bytes.lowerBound)
        let file = bytes[start..<start + Int(place.size)]
        let isRight = file.withUnsafeBytes { Digest(of: $0) } == place.digest
        // What a stranger's index says of the bytes says nothing of the pixels.
        guard isRight, try objects.put(file: file, key: key, looks: looks) else {
          failure = failure ?? Self.wrong(key, source)
          continue
        }
        taken.append(key)
      }
      return (taken, failure)
    }
    result.taken = taken
    result.failure = failure
    return result
  }

  static func wrong(_ key: FrameKey, _ source: StoreSet.Source) -> VidgitError {
    StoreFault.wrongBytes("the object of frame \(key.digest.text)", source.store.title)
  }

  /// Objects that lie there by themselves, as in another clone's local store.
  private func fetchSingly(
    from source: StoreSet.Source, _ outcome: inout Outcome
  ) async throws {
    guard !outcome.missing.isEmpty else { return }
    var wanted: [(FrameKey, StoreName)] = outcome.missing.compactMap { key in
      StoreName.object(key).map { (key, $0) }
    }
    if source.store.canList {
      let there = try await asked { try await source.store.list("objects/") }
      wanted = wanted.filter { there[$0.1] != nil }
    } else {
      // A web server tells only of what is asked for: whoever has none of the first has none.
      var guesses = wanted.prefix(Self.mostGuesses)[...]
      let store = source.store
      var isAny = false
      try await mapInOrder(
        width: Self.runsAtOnce, next: { guesses.popFirst() },
        transform: { guess in try await asked { try await store.has(guess.1) } },
        consume: { if $0 { isAny = true } })
      if !isAny { return }
    }
    var rest = wanted[...]
    var taken: Set<FrameKey> = []
    var (fetched, bytes) = (0, Int64(0))
    let objects = objects
    try await mapInOrder(
      width: Self.runsAtOnce, next: { rest.popFirst() },
      transform: { (key, name) -> (FrameKey, Int)? in
        let file: [UInt8]
        let limit = ObjectSize.largest(key.shape)
        let memory = limit + (ObjectSize.pixels(key.shape) ?? 0)
        await budget.acquire(memory)
        defer { budget.release(memory) }
        do {
          file = try await source.store.bytes(of: name, limit: limit)
        } catch let error as VidgitError {
          if error.kind == .notFound { return nil }
          throw StoreProblem(reason: error)
        }
        return try await blocking {
          // There is no index that tells its bytes: its pixels must.
          guard try objects.put(file: file[...], key: key, looks: true) else {
            throw StoreProblem(reason: Self.wrong(key, source))
          }
          return (key, file.count)
        }
      },
      consume: { result in
        guard let (key, size) = result else { return }
        taken.insert(key)
        fetched += 1
        bytes += Int64(size)
      })
    outcome.missing.removeAll { taken.contains($0) }
    outcome.fetched += fetched
    outcome.bytes += bytes
  }
}
