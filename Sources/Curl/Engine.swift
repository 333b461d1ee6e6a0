import CCurl
import Foundation
import Synchronization

/// The thread that runs a client's transfers: libcurl's multi interface, and queues before it.
///
/// `@unchecked Sendable`: `inbox` is guarded by its lock, everything else belongs to the thread.
final class Engine: @unchecked Sendable {
  private struct Inbox {
    var submitted: [Transfer] = []
    var cancelled: [Ticket] = []
    /// Set once: nothing more is taken.
    var isStopped = false
    /// The multi handle is gone: nobody may wake it.
    var isClosed = false
  }

  private let inbox = Mutex(Inbox())
  private let multi: UnsafeMutableRawPointer
  private let configuration: HTTPClient.Configuration

  /// In the order that they came in.
  private var waiting: [Transfer] = []
  private var running: [UnsafeMutableRawPointer: Transfer] = [:]
  private var runningAt: [HTTPOrigin: Int] = [:]

  /// - Throws: `client` where libcurl cannot be set up.
  init(_ configuration: HTTPClient.Configuration) throws(HTTPError) {
    guard Library.isReady, let multi = curl_multi_init() else {
      throw HTTPError(.client, "libcurl cannot be set up")
    }
    self.multi = multi
    self.configuration = configuration
    _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.transfers)
    let thread = Thread { self.run() }
    thread.name = "HTTPClient"
    thread.start()
  }

  func submit(_ transfer: Transfer) {
    let isTaken = inbox.withLock { inbox in
      if !inbox.isStopped { inbox.submitted.append(transfer) }
      return !inbox.isStopped
    }
    guard isTaken else { return transfer.ticket.resume(.failure(Self.stopped)) }
    wake()
  }

  func cancel(_ ticket: Ticket) {
    inbox.withLock { $0.cancelled.append(ticket) }
    wake()
  }

  /// Ends all transfers, and the thread.
  func stop() {
    inbox.withLock { $0.isStopped = true }
    wake()
  }

  private static let stopped = HTTPError(.client, "the client was shut down")

  private func wake() {
    inbox.withLock { if !$0.isClosed { curl_multi_wakeup(multi) } }
  }

  private func run() {
    // OpenSSL writes to sockets whose other end is gone; the thread takes no signal for it.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    while takeInbox() {
      startWaiting()
      var count: Int32 = 0
      curl_multi_perform(multi, &count)
      // What has ended makes room for others.
      if endDone() { continue }
      curl_multi_poll(multi, nil, 0, 60_000, nil)
    }
    close()
  }

  /// Whether to go on.
  private func takeInbox() -> Bool {
    let (submitted, cancelled, isStopped) = inbox.withLock { inbox in
      defer {
        inbox.submitted = []
        inbox.cancelled = []
      }
      return (inbox.submitted, inbox.cancelled, inbox.isStopped)
    }
    waiting += submitted
    for ticket in cancelled {
      waiting.removeAll { $0.ticket === ticket }
      if let transfer = running.values.first(where: { $0.ticket === ticket }) { remove(transfer) }
      ticket.resume(.failure(CancellationError()))
    }
    return !isStopped
  }

  private func startWaiting() {
    guard !waiting.isEmpty, running.count < configuration.transfers else { return }
    var left: [Transfer] = []
    for transfer in waiting {
      let origin = transfer.target.origin
      let isFree =
        running.count < configuration.transfers
        && runningAt[origin, default: 0] < configuration.transfersPerHost
      if isFree { start(transfer) } else { left.append(transfer) }
    }
    waiting = left
  }

  private func start(_ transfer: Transfer) {
    do throws(HTTPError) {
      try transfer.open(configuration)
      let code = curl_multi_add_handle(multi, transfer.easy)
      guard let easy = transfer.easy, code == CURLM_OK else {
        throw HTTPError(.client, String(cString: curl_multi_strerror(code)))
      }
      running[easy] = transfer
      runningAt[transfer.target.origin, default: 0] += 1
    } catch {
      transfer.close()
      transfer.ticket.resume(.failure(error))
    }
  }

  /// Whether any has ended.
  private func endDone() -> Bool {
    var hasEnded = false
    var code = CURLE_OK
    while let easy = ccurl_multi_next_done(multi, &code) {
      guard let transfer = running[easy] else { continue }
      let result = transfer.result(code)
      remove(transfer)
      transfer.ticket.resume(result.mapError { $0 })
      hasEnded = true
    }
    return hasEnded
  }

  private func remove(_ transfer: Transfer) {
    guard let easy = transfer.easy, running.removeValue(forKey: easy) != nil else { return }
    let left = runningAt[transfer.target.origin, default: 1] - 1
    runningAt[transfer.target.origin] = left > 0 ? left : nil
    curl_multi_remove_handle(multi, easy)
    transfer.close()
  }

  private func close() {
    let submitted = inbox.withLock { inbox in
      inbox.isClosed = true
      return inbox.submitted
    }
    for transfer in waiting + Array(running.values) + submitted {
      remove(transfer)
      transfer.ticket.resume(.failure(Self.stopped))
    }
    waiting = []
    curl_multi_cleanup(multi)
  }
}
