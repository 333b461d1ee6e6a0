import VidgitModel

/// Numbers that a manifest may hold and libav may not: refused where a revision is read, so that
/// no arithmetic behind it can overflow.
enum ManifestBounds {
  private static let largestSide = 16384
  /// Ticks; sums and differences of two such times fit 64 bits.
  private static let latestTime: UInt64 = 1 << 60
  /// Bytes of a media file: weeks of video as cameras write it raw.
  static let largestMedia: Int64 = 64 << 40

  static func check(_ header: Header) throws {
    try check(FileNames.header, header.shape)
    try check(FileNames.header, header.timebase, "timebase")
    guard fits(header.sampleAspectRatio) else {
      throw refusal(FileNames.header, "the sampleAspectRatio \(header.sampleAspectRatio)")
    }
    guard header.start.magnitude < latestTime else {
      throw refusal(FileNames.header, "the start \(header.start)")
    }
  }

  static func check(_ media: MediaDescriptor, file: String) throws {
    guard media.size <= largestMedia else { throw refusal(file, "the size \(media.size)") }
    for stream in media.streams {
      if let timebase = stream.timebase { try check(file, timebase, "timebase") }
    }
  }

  static func check(_ lines: [FrameLine], of header: Header, file: String) throws {
    for (index, line) in lines.enumerated() {
      guard line.pts.magnitude < latestTime, line.dur.magnitude < latestTime else {
        throw refusal("\(file):\(index + 1)", "the pts \(line.pts) or the dur \(line.dur)")
      }
      if line.width != nil || line.height != nil {
        try check("\(file):\(index + 1)", line.shape(in: header))
      }
    }
  }

  /// Where a line's frame ends that begins at `start`.
  ///
  /// - Throws: where no timeline can be that long.
  static func end(
    of line: FrameLine, from start: Int64, at place: @autoclosure () -> String
  ) throws -> Int64 {
    let (end, overflow) = start.addingReportingOverflow(line.dur)
    guard !overflow, end < FrameTimes.limit else {
      throw refusal(place(), "the sum of the durations up to here")
    }
    return end
  }

  private static func check(_ file: String, _ shape: FrameShape) throws {
    let sides = 1...largestSide
    guard sides.contains(shape.width), sides.contains(shape.height) else {
      throw refusal(file, "the size \(shape.width)x\(shape.height)")
    }
  }

  private static func check(_ file: String, _ timebase: Rational, _ name: String) throws {
    guard timebase.num > 0, fits(timebase) else { throw refusal(file, "the \(name) \(timebase)") }
  }

  private static func fits(_ value: Rational) -> Bool {
    value.num >= 0 && value.num <= Int32.max && value.den <= Int32.max
  }

  private static func refusal(_ place: String, _ what: String) -> VidgitError {
    VidgitError(
      .badInput, "\(place): \(what) is beyond what a video can have",
      hint: "no camera makes such a file: look who did with `git log`")
  }
}
