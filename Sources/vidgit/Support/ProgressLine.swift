import Foundation
import Synchronization
import VidgitKit
import VidgitModel

/// One line on a terminal that tells how far the work is: done/total, frames a second, time left.
enum ProgressLine {
  private struct State {
    var started: ContinuousClock.Instant?
    var phase = ""
    var shown: ContinuousClock.Instant?
    var isVisible = false
  }

  private static let state = Mutex(State())
  private static let isTerminal = isatty(STDERR_FILENO) == 1

  static func show(_ progress: OperationProgress) {
    guard isTerminal else { return }
    let now = ContinuousClock.now
    state.withLock { state in
      if state.phase != progress.phase {
        state = State(started: now, phase: progress.phase)
      }
      if let shown = state.shown, now - shown < .milliseconds(100) { return }
      state.shown = now
      state.isVisible = true
      put("\r\u{1B}[K" + text(progress, since: now - state.started!))
    }
  }

  static func clear() {
    state.withLock { state in
      if state.isVisible { put("\r\u{1B}[K") }
      state.isVisible = false
    }
  }

  private static func text(_ progress: OperationProgress, since elapsed: Duration) -> String {
    let seconds = max(
      Double(elapsed.components.seconds)
        + Double(elapsed.components.attoseconds) / 1e18, 0.001)
    let rate = Double(progress.done) / seconds
    var text = "\(progress.phase): "
    if progress.unit == "bytes" {
      text += ByteCount.text(Int64(progress.done), of: progress.total.map { Int64($0) })
      text += ", \(ByteCount.text(Int64(rate)))/s"
    } else {
      text += "\(progress.done)"
      if let total = progress.total { text += "/\(total)" }
      text += " \(progress.unit), "
      text += progress.unit == "frames" ? "\(Int(rate)) fps" : "\(Int(rate)) \(progress.unit)/s"
    }
    if progress.reused > 0 { text += ", \(progress.reused) reused" }
    if progress.inFlight > 0 { text += ", \(progress.inFlight) in flight" }
    if progress.failed > 0 { text += ", \(progress.failed) failed" }
    for money in progress.spent where money.nanos > 0 { text += ", \(money) spent" }
    if let total = progress.total, rate > 0, total > progress.done {
      text += ", \(clock(Double(total - progress.done) / rate)) left"
    }
    return text
  }

  private static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 60 ? "\(whole)s" : "\(whole / 60)m\(whole % 60)s"
  }

  private static func put(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
