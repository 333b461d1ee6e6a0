import Foundation
import Synchronization

/// Starts a program with `posix_spawn` and reads both pipes while it runs.
///
/// Foundation's `Process` is not used because a test must tell a signal from a status, kill a whole group,
/// and start thousands of processes from any thread.
enum Spawn {
  struct End {
    var output = Data()
    var errors = Data()
    var status: Int32?
    var signal: Int32?
    var timedOut = false
    var duration: Duration = .zero
  }

  static func run(
    _ path: String, _ arguments: [String], in folder: String, _ environment: [String: String],
    input: Data, timeout: Duration, interruption: Interruption?
  ) throws -> End {
    _ = ignoreBrokenPipes
    let clock = ContinuousClock()
    let start = clock.now
    // A program that another thread starts must not inherit these pipes, so one start at a time.
    let (pid, stdin, stdout, stderr) = try starting.withLock { _ in
      let stdin = try Pipe()
      let stdout = try Pipe()
      let stderr = try Pipe()
      let pid = try spawn(
        path, arguments, in: folder, environment, [stdin.read, stdout.write, stderr.write])
      return (pid, stdin, stdout, stderr)
    }
    for fd in [stdin.read, stdout.write, stderr.write] { fd.close() }
    for fd in [stdin.write, stdout.read, stderr.read] { fd.unblock() }

    var end = End()
    var unwritten = input
    var waitStatus: Int32 = 0
    var exited: ContinuousClock.Instant?
    var interruption = interruption
    var began: ContinuousClock.Instant?
    if unwritten.isEmpty { stdin.write.close() }
    // Until the program has ended and both pipes are at their end. A grandchild that keeps a pipe open
    // is not waited for.
    while exited == nil || stdout.read.isOpen || stderr.read.isOpen {
      if let exited, clock.now - exited > .seconds(2) { break }
      let descriptors = [
        stdout.read.polled(Int16(POLLIN)), stderr.read.polled(Int16(POLLIN)),
        stdin.write.polled(Int16(POLLOUT)),
      ]
      var polled = descriptors
      let bothEnded = !stdout.read.isOpen && !stderr.read.isOpen
      _ = poll(&polled, nfds_t(polled.count), bothEnded || exited != nil ? 2 : 20)
      stdout.read.drain(into: &end.output)
      stderr.read.drain(into: &end.errors)
      stdin.write.fill(from: &unwritten)
      if exited == nil, waitpid(pid, &waitStatus, WNOHANG) == pid { exited = clock.now }
      guard exited == nil else { continue }
      let elapsed = clock.now - start
      if let due = interruption {
        if began == nil, due.sign.map({ FileManager.default.fileExists(atPath: $0) }) ?? true {
          began = due.sign == nil ? start : clock.now
        }
        if let began, clock.now - began >= due.after {
          kill(pid, due.signal)
          interruption = nil
        }
      }
      if !end.timedOut, elapsed >= timeout {
        end.timedOut = true
        kill(-pid, SIGKILL)
      }
    }
    for fd in [stdin.write, stdout.read, stderr.read] { fd.close() }
    end.duration = (exited ?? clock.now) - start
    // WIFEXITED and WTERMSIG are macros that Swift does not import.
    let signal = waitStatus & 0x7f
    if signal == 0 { end.status = (waitStatus >> 8) & 0xff } else { end.signal = signal }
    return end
  }

  private static let starting = Mutex(())

  /// A program that does not read its input must not end the tests.
  private static let ignoreBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

  private static func spawn(
    _ path: String, _ arguments: [String], in folder: String, _ environment: [String: String],
    _ standard: [Descriptor]
  ) throws -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (number, descriptor) in standard.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor.number, Int32(number))
    }
    // A group of its own, all signals as a shell would leave them.
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
    #if canImport(Darwin)
      flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
    #endif
    posix_spawnattr_setflags(&attributes, numericCast(flags))

    // The shell changes the folder: Glibc's module does not show `posix_spawn_file_actions_addchdir_np`.
    let words =
      ["/bin/sh", "-c", "cd -- \"$0\" && unset OLDPWD && exec \"$@\"", folder, path] + arguments
    var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") }
    argv.append(nil)
    envp.append(nil)
    defer { for pointer in argv + envp { free(pointer) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, words[0], &actions, &attributes, argv, envp)
    guard code == 0 else {
      throw TestSupportError(
        "cannot start '\(path)' in '\(folder)': \(String(cString: strerror(code)))")
    }
    return pid
  }
}

/// One end of a pipe; closed once, by `close` or at the end.
private final class Descriptor {
  private(set) var number: Int32
  var isOpen: Bool { number >= 0 }

  init(_ number: Int32) {
    self.number = number
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
  }

  deinit { close() }

  func close() {
    guard isOpen else { return }
    #if canImport(Darwin)
      _ = Darwin.close(number)
    #else
      _ = Glibc.close(number)
    #endif
    number = -1
  }

  func unblock() { _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK) }

  /// A closed descriptor has a negative number, which `poll` passes over.
  func polled(_ events: Int16) -> pollfd { pollfd(fd: number, events: events, revents: 0) }

  func drain(into data: inout Data) {
    guard isOpen else { return }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(number, &buffer, buffer.count)
      if count > 0 {
        data.append(contentsOf: buffer[..<count])
      } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
        return close()
      } else if errno == EAGAIN {
        return
      }
    }
  }

  func fill(from data: inout Data) {
    guard isOpen else { return }
    while !data.isEmpty {
      let count = data.withUnsafeBytes { write(number, $0.baseAddress!, $0.count) }
      if count > 0 {
        data = Data(data.dropFirst(count))
      } else if errno == EAGAIN || errno == EINTR {
        return
      } else {
        data = Data()
      }
    }
    close()
  }
}

private struct Pipe {
  let read: Descriptor
  let write: Descriptor

  init() throws {
    var ends: [Int32] = [0, 0]
    let made = pipe(&ends)
    guard made == 0 else {
      throw TestSupportError("cannot make a pipe: \(String(cString: strerror(errno)))")
    }
    read = Descriptor(ends[0])
    write = Descriptor(ends[1])
  }
}
