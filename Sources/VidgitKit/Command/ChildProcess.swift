import CSpawn
import Foundation
import Synchronization

/// A running program with its pipes, in a process group of its own that ends with it.
///
/// `@unchecked Sendable`: one thread at a time writes, reads and waits; `stop()` may come from any,
/// and touches only what the lock guards. All calls block, and none longer than its deadline.
final class ChildProcess: @unchecked Sendable {
  typealias Instant = ContinuousClock.Instant

  /// How a program ended.
  enum End: Hashable, Sendable {
    case status(Int32)
    case signal(Int32)

    var words: String {
      switch self {
      case .status(let code): "ended with status \(code)"
      case .signal(let number):
        "was ended by signal \(number) (\(String(cString: strsignal(number))))"
      }
    }
  }

  /// Why an exchange did not come to its end.
  enum Fault: Error {
    case late(hasRead: Bool)
    /// It closed a pipe, or ended.
    case gone
  }

  private struct Life {
    var isStopped = false
    /// Set once it is reaped: from then on its number may be somebody else's.
    var end: End?
  }

  private let pid: pid_t
  private let life = Mutex(Life())
  private var input: Int32
  private var output: Int32
  private var errors: Int32
  private var said: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  private static let mostSaid = 4096
  /// How long a poll may keep a thread from seeing that it is to stop.
  private static let slice = Duration.milliseconds(50)

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: its absolute path.
  ///   - talks: whether frames go through its standard input and output; else its input is empty,
  ///     and what it prints counts as said.
  init(
    program: String, arguments: [String], environment: [String: String], folder: String,
    talks: Bool
  ) throws {
    var pipes: [PipeEnds] = []
    defer { for pipe in pipes { close(pipe.theirs) } }
    let pid: pid_t
    do {
      pipes.append(try PipeEnds(writes: false, program))
      if talks {
        pipes.append(try PipeEnds(writes: false, program))
        pipes.append(try PipeEnds(writes: true, program))
      }
      pid = try Self.start(
        program, arguments, environment, folder, input: talks ? pipes[2].theirs : -1,
        output: pipes[talks ? 1 : 0].theirs, errors: pipes[0].theirs)
    } catch {
      for pipe in pipes { close(pipe.ours) }
      throw error
    }
    self.pid = pid
    errors = pipes[0].ours
    output = talks ? pipes[1].ours : -1
    input = talks ? pipes[2].ours : -1
    for end in [self.input, output, errors] where end >= 0 {
      _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
    }
  }

  private static func start(
    _ program: String, _ arguments: [String], _ environment: [String: String], _ folder: String,
    input: Int32, output: Int32, errors: Int32
  ) throws -> pid_t {
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var pid: pid_t = 0
    let code = cspawn_start(&pid, program, &argv, &envp, folder, input, output, errors)
    guard code == 0 else { throw VidgitError.system("run", program, code) }
    return pid
  }

  deinit {
    stop()
    _ = end(within: .seconds(1))
    closeAll()
  }

  /// Kills the program and all that it started. Any thread may call this.
  func stop() {
    life.withLock { life in
      life.isStopped = true
      if life.end == nil { kill(-pid, SIGKILL) }
    }
  }

  /// Sends `bytes`, and hands on what the program writes until `receive` says that it is enough.
  ///
  /// - Parameter answers: whether anything is waited for; else `receive` is not called.
  /// - Throws: `Fault`, `CancellationError` where it was stopped, and what `receive` throws.
  func exchange(
    _ bytes: [UInt8], until deadline: Instant, answers: Bool = true,
    receive: (UnsafeRawBufferPointer) throws -> Bool
  ) throws {
    cspawn_block_sigpipe()
    var rest = bytes[...]
    var isDone = !answers
    while !rest.isEmpty || !isDone {
      try checkStopped()
      guard ContinuousClock.now < deadline else { throw Fault.late(hasRead: rest.isEmpty) }
      wait(for: deadline, writes: !rest.isEmpty, reads: !isDone)
      drainErrors()
      if !rest.isEmpty { try write(&rest) }
      if !isDone { isDone = try read(receive) }
    }
  }

  /// Whether the program has written something that nobody asked for.
  func hasUnreadOutput() -> Bool { output >= 0 && cspawn_unread(output) > 0 }

  /// Whether the program ends without another word on its standard output; one that does not end
  /// in time is taken for silent.
  func isSilentToItsEnd(until deadline: Instant) -> Bool {
    var count = 0
    while ContinuousClock.now < deadline, !life.withLock(\.isStopped), count == 0 {
      wait(for: deadline, writes: false, reads: true)
      drainErrors()
      count = Foundation.read(output, &buffer, buffer.count)
      if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { return true }
      count = max(count, 0)
    }
    return count == 0
  }

  /// Tells the program that nothing more will come.
  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// Waits for the end of the program, kills what is left of its group, and reaps it; nil where it
  /// still runs after that time, and is killed.
  func end(within time: Duration) -> End? {
    let deadline = ContinuousClock.now + time
    while cspawn_has_ended(pid) == 0, life.withLock({ $0.end == nil }) {
      guard ContinuousClock.now < deadline else {
        stop()
        reap(within: .seconds(1))
        return nil
      }
      // While its pipes are open, their end tells of its own.
      if errors >= 0 { wait(for: deadline, writes: false, reads: false) } else { usleep(1000) }
      drainErrors()
    }
    for _ in 0..<16 { drainErrors() }
    return reap(within: .seconds(1))
  }

  /// The last 4,096 bytes of what the program has said.
  var words: String { String(decoding: said, as: UTF8.self) }

  /// The last of what the program has said, for a person: a few lines as one.
  var lastWords: String? {
    let text = String(decoding: said, as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).suffix(4)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    return lines.isEmpty ? nil : String(lines.joined(separator: " | ").suffix(600))
  }

  private func checkStopped() throws {
    if life.withLock(\.isStopped) { throw CancellationError() }
  }

  @discardableResult
  private func reap(within time: Duration) -> End? {
    let deadline = ContinuousClock.now + time
    repeat {
      let end: End? = life.withLock { life in
        if life.end != nil { return life.end }
        guard cspawn_has_ended(pid) != 0 else { return nil }
        // Its children go before its number becomes free.
        kill(-pid, SIGKILL)
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        let signal = status & 0x7f
        life.end = signal == 0 ? .status((status >> 8) & 0xff) : .signal(signal)
        return life.end
      }
      if let end { return end }
      usleep(1000)
    } while ContinuousClock.now < deadline
    return nil
  }

  private func wait(for deadline: Instant, writes: Bool, reads: Bool) {
    var ends = [
      pollfd(fd: writes ? input : -1, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: reads ? output : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
    ]
    let time = max(.zero, min(Self.slice, deadline - .now))
    let (seconds, attoseconds) = time.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    _ = poll(&ends, nfds_t(ends.count), Int32(milliseconds + 1))
  }

  private func write(_ rest: inout ArraySlice<UInt8>) throws {
    guard input >= 0 else { throw Fault.gone }
    let count = rest.withUnsafeBytes { Foundation.write(input, $0.baseAddress!, $0.count) }
    if count > 0 {
      rest = rest.dropFirst(count)
    } else if errno != EAGAIN, errno != EINTR {
      throw Fault.gone
    }
  }

  private func read(_ receive: (UnsafeRawBufferPointer) throws -> Bool) throws -> Bool {
    guard output >= 0 else { throw Fault.gone }
    let count = Foundation.read(output, &buffer, buffer.count)
    if count > 0 {
      return try buffer.withUnsafeBytes { try receive(.init(rebasing: $0[..<count])) }
    }
    if count == 0 || (errno != EAGAIN && errno != EINTR) { throw Fault.gone }
    return false
  }

  /// One piece at a time, so that a flood keeps nobody.
  private func drainErrors() {
    guard errors >= 0 else { return }
    let count = Foundation.read(errors, &buffer, buffer.count)
    if count > 0 {
      said += buffer[..<count]
      if said.count > Self.mostSaid { said.removeFirst(said.count - Self.mostSaid) }
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      close(errors)
      errors = -1
    }
  }

  private func closeAll() {
    for end in [input, output, errors] where end >= 0 { close(end) }
    (input, output, errors) = (-1, -1, -1)
  }
}

/// A pipe to or from a program.
private struct PipeEnds {
  let ours: Int32
  let theirs: Int32

  init(writes: Bool, _ program: String) throws {
    var ends: [Int32] = [-1, -1]
    let code = cspawn_pipe(&ends)
    guard code == 0 else { throw VidgitError.system("make a pipe to", program, code) }
    ours = ends[writes ? 1 : 0]
    theirs = ends[writes ? 0 : 1]
  }
}
