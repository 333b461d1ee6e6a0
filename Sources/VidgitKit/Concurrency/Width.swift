import Foundation

/// How many frames may be in flight at once.
enum Width {
  /// Bytes of pixels that may be alive between reading and writing.
  private static let budget = 96 << 20

  /// From the memory that one frame takes, and from the cores that work on them.
  static func of(frameBytes: Int, jobs: Int?) -> Int {
    if let jobs { return max(1, jobs) }
    return max(2, min(2 * cores + 4, budget / max(1, frameBytes)))
  }

  /// The same where every frame in flight is in the hands of a program of its own.
  static func ofProcesses(frameBytes: Int, jobs: Int?) -> Int {
    min(of(frameBytes: frameBytes, jobs: jobs), jobs ?? cores)
  }

  /// The same where frames wait for calls of a service: as many as keep it busy, within four times
  /// the memory, since only the picture itself is held.
  static func ofCalls(frameBytes: Int, calls: Int) -> Int {
    max(2, min(calls, 4 * budget / max(1, frameBytes)))
  }

  /// The same where an encoder takes the frames: it is slower than what makes them, so that more
  /// of them would only wait. A frame in flight holds its source and every step of its filters:
  /// 50 MiB less at 1080p on two cores than the width above.
  static func feedingEncoder(frameBytes: Int, jobs: Int?) -> Int {
    let width = of(frameBytes: frameBytes, jobs: jobs)
    return jobs == nil ? min(width, cores + 2) : width
  }

  /// Threads of a decoder whose frames are filtered or hashed meanwhile.
  ///
  /// libavcodec's own choice, one more than there are cores, is for a program that does nothing
  /// else. Its threads wait for each other's rows, and here also for a core that digests a frame:
  /// with some more of them there is always one that can go on. They cost 6 to 10 MiB each at
  /// 1080p. libavcodec advises against more than 16.
  static var decoderThreads: Int { min(16, cores + 4) }

  private static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }
}
