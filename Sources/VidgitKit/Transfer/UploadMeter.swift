import Curl
import Synchronization

/// Counts the bytes of several things that go into a store at the same time.
final class UploadMeter: Sendable {
  private let total: Int64
  private let done = Mutex<Int64>(0)
  private let report: ProgressHandler

  init(total: Int64, _ report: @escaping ProgressHandler) {
    self.total = total
    self.report = report
    tell(0)
  }

  /// Watches what `body` sends, which counts as `size` bytes when it is there, whatever was sent twice
  /// or not at all.
  func watch(_ size: Int64, _ body: () async throws -> Void) async throws {
    let item = Item()
    let watch = UploadWatch { [self] in add(item.count($0, limit: size)) }
    try await UploadWatch.$current.withValue(watch) { try await body() }
    add(item.count(Int(clamping: size), limit: size))
  }

  private func add(_ bytes: Int64) {
    guard bytes > 0 else { return }
    tell(
      done.withLock {
        $0 += bytes
        return $0
      })
  }

  private func tell(_ done: Int64) {
    report(
      OperationProgress(
        phase: "push", done: Int(clamping: done), total: Int(clamping: total), unit: "bytes"))
  }

  private final class Item: Sendable {
    private let seen = Mutex<Int64>(0)

    /// - Returns: how much of it is new.
    func count(_ bytes: Int, limit: Int64) -> Int64 {
      seen.withLock { seen in
        let new = min(Int64(bytes), limit - seen)
        seen += new
        return new
      }
    }
  }
}
