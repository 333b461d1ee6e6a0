import Synchronization

/// The bytes that tasks may hold in memory together. Who asks first gets first; one that wants more than
/// there is at all gets all of it, and so is alone.
final class ByteBudget: Sendable {
  private struct State {
    var free: Int64
    var waiting: [(bytes: Int64, task: CheckedContinuation<Void, Never>)] = []
  }

  private let all: Int64
  private let state: Mutex<State>

  init(_ bytes: Int64) {
    all = bytes
    state = Mutex(State(free: bytes))
  }

  /// Waits for so many bytes; to be given back by `release` with the same number.
  func acquire(_ bytes: Int64) async {
    let bytes = min(bytes, all)
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        guard state.waiting.isEmpty, bytes <= state.free else {
          state.waiting.append((bytes, continuation))
          return false
        }
        state.free -= bytes
        return true
      }
      if isFree { continuation.resume() }
    }
  }

  func release(_ bytes: Int64) {
    let next = state.withLock { state in
      state.free += min(bytes, all)
      var next: [CheckedContinuation<Void, Never>] = []
      while let first = state.waiting.first, first.bytes <= state.free {
        state.free -= first.bytes
        next.append(state.waiting.removeFirst().task)
      }
      return next
    }
    for task in next { task.resume() }
  }
}
