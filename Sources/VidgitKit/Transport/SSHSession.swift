import Foundation
import Git2
import Synchronization
import VidgitModel

/// The user's own `ssh`, for one transfer: with the keys, agents, hosts and known hosts that it knows,
/// as git itself calls it. It asks nothing on the terminal.
final class SSHSession: Sendable {
  private struct State {
    var process: ChildProcess?
    var isStopped = false
    var failure: VidgitError?
  }

  private let address: SSHAddress
  /// A command of the shell, without arguments.
  private let command: String
  private let variables: [String: String]
  private let state = Mutex(State())

  /// - Parameters:
  ///   - command: what Git's setting `core.sshCommand` says.
  ///   - variables: the caller's environment; `GIT_SSH_COMMAND` and `GIT_SSH` come before and after it.
  init(_ address: SSHAddress, command: String?, variables: [String: String]) {
    func given(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
    self.address = address
    self.variables = variables
    self.command =
      given("GIT_SSH_COMMAND") ?? command
      ?? given("GIT_SSH").map { "'" + $0.replacing("'", with: "'\\''") + "'" } ?? "ssh"
  }

  /// Why a transfer failed, where `ssh` has said so.
  var failure: VidgitError? { state.withLock(\.failure) }

  /// Ends the connection. Any thread may call this.
  func stop() {
    let process = state.withLock { state in
      state.isStopped = true
      return state.process
    }
    process?.stop()
  }

  /// - Parameter moved: called as bytes come and go.
  func open(_ service: RemoteService, moved: @escaping () -> Void) throws -> any RemoteStream {
    let words = ["-o", "BatchMode=yes"] + address.arguments(running: service.rawValue)
    let process = try ChildProcess(
      program: "/bin/sh", arguments: ["sh", "-c", "\(command) \"$@\"", "ssh"] + words,
      environment: variables, folder: ".", talks: true)
    let isStopped = state.withLock { state in
      state.process = process
      return state.isStopped
    }
    if isStopped { process.stop() }
    return Stream(self, process, moved)
  }

  private func error(_ end: ChildProcess.End?, _ words: String) -> VidgitError {
    SSHFault.error(address, command: command, end: end, words: words)
  }

  private func failed(_ end: ChildProcess.End?, _ words: String) -> VidgitError {
    let failure = error(end, words)
    state.withLock { $0.failure = $0.failure ?? failure }
    return failure
  }

  private final class Stream: RemoteStream {
    private let session: SSHSession
    private let process: ChildProcess
    private let moved: () -> Void

    /// A transfer that stands still is ended from outside, long before.
    private static let patience = Duration.seconds(24 * 60 * 60)
    /// How long the other side may take to end.
    private static let farewell = Duration.seconds(5)

    init(_ session: SSHSession, _ process: ChildProcess, _ moved: @escaping () -> Void) {
      (self.session, self.process, self.moved) = (session, process, moved)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
      if rest.isEmpty {
        try exchange([], answers: true)
        guard !rest.isEmpty else { return 0 }
      }
      let count = min(rest.count, buffer.count)
      buffer.copyBytes(from: rest.prefix(count))
      rest = rest.dropFirst(count)
      moved()
      return count
    }

    /// What has come and was not asked for yet.
    private var rest: ArraySlice<UInt8> = []

    func write(_ bytes: UnsafeRawBufferPointer) throws {
      try exchange([UInt8](bytes), answers: false)
      moved()
    }

    private func exchange(_ bytes: [UInt8], answers: Bool) throws {
      do {
        try process.exchange(bytes, until: .now + Self.patience, answers: answers) { bytes in
          rest = [UInt8](bytes)[...]
          return true
        }
      } catch ChildProcess.Fault.gone {
        process.closeInput()
        let end = process.end(within: Self.farewell)
        guard end == .status(0) else { throw session.failed(end, process.words) }
        // An end without a fault is one for libgit2 to judge, which also says goodbye to a server that
        // has gone.
        if answers { return }
        throw session.error(end, process.words)
      }
    }

    func close() {
      process.closeInput()
      _ = process.end(within: Self.farewell)
    }
  }
}
