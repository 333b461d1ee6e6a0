import FFmpeg
import VidgitModel

extension VideoScan {
  /// Decodes in order, hashes on many tasks, and hands on the lines in order, each with the time
  /// until the next one.
  ///
  /// - Parameter images: gets a picture of every kept frame.
  /// - Returns: the header of a timeline of these lines.
  /// - Throws: `VidgitError`: usage where no frame lies in the range.
  func forEachLine(
    images: ImageFolder? = nil, _ progress: ProgressHandler, _ body: (FrameLine) throws -> Void
  ) async throws -> Header {
    var header: Header?
    var last: FrameLine?
    var count = 0
    try await mapInOrder(
      width: Width.of(frameBytes: frameBytes, jobs: options.jobs),
      next: { try next() },
      transform: { kept in
        try images?.write(kept.frame, index: kept.index)
        return (pts: kept.frame.pts!, key: kept.frame.key)
      },
      consume: { frame in
        if header == nil { header = self.header(start: frame.pts) }
        if var line = last {
          line.dur = frame.pts - line.pts
          try body(line)
        }
        last = line(pts: frame.pts, key: frame.key, in: header!)
        count += 1
        progress(OperationProgress(phase: "split", done: count, total: expectedFrames))
      })
    guard var line = last, let header else {
      throw VidgitError(
        .usage, "no frame of '\(options.video)' lies in the range '\(options.range?.text ?? "..")'",
        hint: "`ffprobe` tells how long the video is")
    }
    line.dur = max(1, end - line.pts)
    try body(line)
    return header
  }
}
