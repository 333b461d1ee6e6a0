import Foundation

/// How many frames may be in flight at once.
enum Width {
  /// Bytes of pixels that may be alive between reading and writing.
  private static let budget = 96 << 20

  /// From the memory that one frame takes, and from the cores that work on them.
  static func of(frameBytes: Int, jobs: Int?) -> Int {
    if let jobs { return max(1, jobs) }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return max(2, min(2 * cores + 4, budget / max(1, frameBytes)))
  }
}
