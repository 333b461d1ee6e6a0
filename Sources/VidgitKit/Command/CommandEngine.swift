import Dispatch
import FFmpeg
import Foundation
import Synchronization
import VidgitModel

/// The engine "command": a program of the user's.
///
/// There are as many processes as frames in flight. A process that stays and dies takes the frame
/// in its hands with it: that one is tried once more with a new process.
final class CommandEngine: FrameEngine {
  private let prepared: PreparedCommand
  /// For the files of single pictures.
  private let folder: String
  private let most: Int
  private let state = Mutex(State())

  private struct State {
    var idle: [StreamWorker] = []
    var pictures = 0
  }

  /// How often a frame is tried whose process dies.
  private static let attempts = 2
  /// Seconds that a program has to end by itself after the last frame.
  private static let farewell = 5

  /// - Parameters:
  ///   - folder: for temporary files; it is there.
  ///   - most: frames in flight.
  init(_ prepared: PreparedCommand, folder: String, most: Int) {
    self.prepared = prepared
    self.folder = folder
    self.most = most
  }

  func apply(to frame: Frame, key: FrameKey) async throws -> (frame: Frame, key: FrameKey) {
    let job = Job()
    return try await withTaskCancellationHandler {
      try await Self.onThread { [self] in
        do {
          let result = try make(frame, job)
            .with(colour: frame.colour, sampleAspectRatio: frame.sampleAspectRatio)
          return (result, result.key)
        } catch let fault as PictureFault {
          if job.isStopped { throw CancellationError() }
          throw FrameFailure(reason: "the program of '\(prepared.recipe.name)' \(fault.reason)")
        }
      }
    } onCancel: {
      job.stop()
    }
  }

  private func make(_ frame: Frame, _ job: Job) throws -> Frame {
    guard prepared.command.transfer == .files else { return try stream(frame, job) }
    let number = state.withLock { state in
      state.pictures += 1
      return state.pictures
    }
    return try FileExchange(prepared: prepared, folder: folder, number: number)
      .run(frame) { try job.follow($0) }
  }

  private func stream(_ frame: Frame, _ job: Job) throws -> Frame {
    var attempt = 0
    while true {
      attempt += 1
      let worker = try takeWorker(for: frame)
      do {
        try job.follow(worker.process)
        let result = try worker.exchange(frame)
        put(worker)
        return result
      } catch ChildProcess.Fault.gone {
        worker.process.closeInput()
        let end = worker.process.end(within: .seconds(2))
        if job.isStopped { throw CancellationError() }
        guard attempt < Self.attempts else {
          let words = end?.words ?? "closed its input or output"
          throw PictureFault(
            reason: "\(words), \(attempt) times on the same frame" + worker.process.quotation)
        }
      } catch ChildProcess.Fault.late(let hasRead) {
        worker.process.stop()
        let what = hasRead ? "gave no whole picture" : "did not read its input to the end"
        throw PictureFault(
          reason: "\(what) in \(worker.limit) s" + worker.process.quotation)
      } catch let fault as PictureFault {
        guard !fault.isSurplus else { throw tooMuch(worker) }
        worker.process.stop()
        throw PictureFault(reason: fault.reason + worker.process.quotation)
      } catch {
        worker.process.stop()
        throw error
      }
    }
  }

  /// A process that waits for such a frame, or a new one.
  private func takeWorker(for frame: Frame) throws -> StreamWorker {
    let format = try StreamWorker.format(of: frame, prepared.command)
    while true {
      let (worker, surplus): (StreamWorker?, StreamWorker?) = state.withLock { state in
        if let place = state.idle.lastIndex(where: { $0.format == format }) {
          return (state.idle.remove(at: place), nil)
        }
        // One for pictures of another shape makes room.
        return (nil, state.idle.count >= most ? state.idle.removeFirst() : nil)
      }
      surplus?.process.stop()
      guard let worker else { return try StreamWorker(prepared, first: frame) }
      guard !worker.process.hasUnreadOutput() else { throw tooMuch(worker) }
      return worker
    }
  }

  private func put(_ worker: StreamWorker) {
    state.withLock { $0.idle.append(worker) }
  }

  private func tooMuch(_ worker: StreamWorker) -> UnreliableResults {
    worker.process.stop()
    return UnreliableResults(
      recipe: prepared.id,
      reason: "the program of '\(prepared.recipe.name)' wrote more pictures than it was given"
        + worker.process.quotation)
  }

  func close(isFinished: Bool) async throws {
    let workers = state.withLock { state in
      defer { state.idle = [] }
      return state.idle
    }
    guard isFinished else {
      for worker in workers { worker.process.stop() }
      return
    }
    let unreliable = try await Self.onThread { [self] in
      for worker in workers { worker.process.closeInput() }
      let deadline = ContinuousClock.now + .seconds(Self.farewell)
      var unreliable: UnreliableResults?
      for worker in workers {
        let isSilent = worker.process.isSilentToItsEnd(until: deadline)
        if !isSilent, unreliable == nil { unreliable = tooMuch(worker) }
        worker.process.stop()
      }
      return unreliable
    }
    if let unreliable { throw unreliable }
  }

  /// A thread of its own for what waits for a program: the global queue has few.
  private static func onThread<T: Sendable>(
    _ body: @escaping @Sendable () throws -> T
  ) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread { continuation.resume(with: Result { try body() }) }
      thread.stackSize = 1 << 20
      thread.start()
    }
  }
}

/// The process that works on one frame, so that another thread can stop it.
private final class Job: Sendable {
  private let state = Mutex<(isStopped: Bool, process: ChildProcess?)>((false, nil))

  var isStopped: Bool { state.withLock(\.isStopped) }

  func follow(_ process: ChildProcess) throws {
    let isStopped = state.withLock { state in
      state.process = process
      return state.isStopped
    }
    guard isStopped else { return }
    process.stop()
    throw CancellationError()
  }

  func stop() {
    state.withLock { state in
      state.isStopped = true
      state.process?.stop()
    }
  }
}
