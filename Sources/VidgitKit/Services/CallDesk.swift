import FFmpeg
import Synchronization
import VidgitModel

/// Hands pictures to a service: each one once, in batches, so many calls at a time.
///
/// A call is a task of its own. It is not cancelled with the one who waits for it, since what was
/// sent is paid for: it comes to its end, and its results are stored.
final class CallDesk: Sendable {
  private typealias Waiter = CheckedContinuation<CallPicture, any Error>

  private struct State {
    /// Pictures on their way, by key.
    var tasks: [FrameKey: Task<CallPicture, any Error>] = [:]
    /// Pictures that wait for a batch to become full.
    var queue: [(picture: CallPicture, waiter: Waiter)] = []
    /// Counts arrivals, so that a timer knows whether there were more.
    var arrivals = 0
    /// Calls of earlier runs that can be asked for, by their pictures, with the place of each.
    var jobs: [FrameKey: (call: CallJournal.Open, place: Int)] = [:]
    var collections: [Int64: Task<[ServiceCall.Outcome], any Error>] = [:]
    /// Calls of earlier runs that may be sent again under their token.
    var resent: [FrameKey: CallJournal.Open] = [:]
    var isStopped = false
  }

  /// Calls of earlier runs of which nobody knows whether the service did them: they count as paid.
  private let lost: [CallJournal.Open]
  private let call: ServiceCall
  private let looksUp: Bool
  private let slots: Slots
  private let state: Mutex<State>

  private var http: HTTPRecipe { call.service.http }

  /// How long a batch waits for more pictures.
  private static let patience = Duration.milliseconds(250)

  /// - Parameters:
  ///   - parallel: calls at once.
  ///   - looksUp: what a picture becomes may be known already.
  init(_ call: ServiceCall, parallel: Int, looksUp: Bool) throws {
    self.call = call
    self.looksUp = looksUp
    slots = Slots(parallel)
    var state = State()
    var lost: [CallJournal.Open] = []
    for var open in try call.journal.open(call.service.id) {
      open.job = open.job?.filled(with: call.service.secrets)
      if open.isAnswered {
        for (place, key) in open.pictures.enumerated() { state.jobs[key] = (open, place) }
      } else if call.service.http.idempotency != nil, open.pictures.count == 1 {
        state.resent[open.pictures[0]] = open
      } else {
        lost.append(open)
      }
    }
    self.lost = lost
    self.state = Mutex(state)
  }

  /// Takes down what earlier runs have left in doubt.
  func recover() async throws {
    for open in lost { try await call.journal.end(open.id, .lost, cost: open.estimate) }
  }

  /// What the service makes of a picture.
  ///
  /// - Throws: `CallFault`, `CancellationError` after `stop()`, `VidgitError`.
  func result(of picture: CallPicture) async throws -> CallPicture {
    let task = state.withLock { state in
      if let task = state.tasks[picture.key] { return task }
      let task = Task { try await self.make(picture) }
      state.tasks[picture.key] = task
      return task
    }
    defer { state.withLock { $0.tasks[picture.key] = nil } }
    return try await task.value
  }

  /// Begins nothing new: calls that are on their way come to their end.
  func stop() {
    let queue = state.withLock { state in
      state.isStopped = true
      defer { state.queue = [] }
      return state.queue
    }
    call.courier.stop()
    for entry in queue { entry.waiter.resume(throwing: CancellationError()) }
  }

  /// Waits for all that is on its way.
  func drain() async {
    for task in state.withLock({ Array($0.tasks.values) }) { _ = await task.result }
  }

  private func make(_ picture: CallPicture) async throws -> CallPicture {
    if looksUp, let known = try await blocking({ try self.known(picture.key) }) { return known }
    if let job = state.withLock({ $0.jobs[picture.key] }) {
      let outcomes = try await collection(job.call).value
      guard outcomes.indices.contains(job.place) else { throw CancellationError() }
      // What is gone for good is asked for anew.
      if case .failure(let fault) = outcomes[job.place], fault.isGone {
        return try await withCheckedThrowingContinuation { waiter in enqueue(picture, waiter) }
      }
      return try outcomes[job.place].get()
    }
    return try await withCheckedThrowingContinuation { waiter in enqueue(picture, waiter) }
  }

  /// What is known already: of a part of a frame, and of a picture that another one has become on its
  /// way through the recipes before.
  private func known(_ key: FrameKey) throws -> CallPicture? {
    guard let output = try call.journal.result(of: call.service.pictureResults, for: key),
      call.objects.has(output)
    else { return nil }
    return CallPicture(frame: try call.objects.frame(output), key: output)
  }

  private func collection(_ open: CallJournal.Open) -> Task<[ServiceCall.Outcome], any Error> {
    state.withLock { state in
      if let task = state.collections[open.id] { return task }
      let task = Task {
        await slots.acquire()
        defer { slots.release() }
        return try await call.collect(open)
      }
      state.collections[open.id] = task
      return task
    }
  }

  private func enqueue(_ picture: CallPicture, _ waiter: Waiter) {
    let arrival: Int? = state.withLock { state in
      guard !state.isStopped else { return nil }
      state.queue.append((picture, waiter))
      state.arrivals += 1
      return state.arrivals
    }
    guard let arrival else { return waiter.resume(throwing: CancellationError()) }
    dispatch(least: http.batch)
    guard http.batch > 1 else { return }
    Task {
      try await Task.sleep(for: Self.patience)
      // Nothing came meanwhile: what is there goes.
      if state.withLock({ $0.arrivals == arrival }) { dispatch(least: 1) }
    }
  }

  private func dispatch(least: Int) {
    while true {
      let batch = state.withLock { state in
        let count = min(state.queue.count, http.batch)
        guard count >= max(1, least) else { return [] as [(CallPicture, Waiter)] }
        defer { state.queue.removeFirst(count) }
        return state.queue.prefix(count).map { ($0.picture, $0.waiter) }
      }
      if batch.isEmpty { return }
      Task { await send(batch) }
    }
  }

  private func send(_ batch: [(picture: CallPicture, waiter: Waiter)]) async {
    let outcomes: Result<[ServiceCall.Outcome], any Error>
    do {
      await slots.acquire()
      defer { slots.release() }
      guard !call.courier.isStopped else { throw CancellationError() }
      let again = batch.count == 1 ? state.withLock { $0.resent[batch[0].picture.key] } : nil
      outcomes = .success(try await call.send(batch.map(\.picture), again: again))
    } catch {
      outcomes = .failure(error)
    }
    for (place, entry) in batch.enumerated() {
      switch outcomes {
      case .success(let outcomes): entry.waiter.resume(with: outcomes[place].mapError { $0 })
      case .failure(let error): entry.waiter.resume(throwing: error)
      }
    }
  }
}

/// Places for so many tasks at once, taken in the order of asking.
final class Slots: Sendable {
  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  init(_ count: Int) { state = Mutex(State(free: count)) }

  func acquire() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        guard state.free == 0 else {
          state.free -= 1
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  func release() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
