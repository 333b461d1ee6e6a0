import FFmpeg
public import VidgitModel

/// Draws frames of a revision, evenly spread over a part of it, on one page with their times.
public struct ContactSheetExport {
  public static let mostFrames = 200
  public static let mostColumns = 20
  private static let defaultColumns = 6
  private static let tileWidth = 320

  private let directory: String
  private let revision: String
  private let range: RangeExpression?
  private let frames: FrameList?
  private let count: Int
  private let columns: Int?

  /// - Parameters:
  ///   - count: how many frames, from 1 to `mostFrames`; fewer where there are fewer.
  ///   - columns: pictures in a row, from 1 to `mostColumns`; nil chooses.
  public init(
    directory: String, revision: String, range: RangeExpression? = nil, frames: FrameList? = nil,
    count: Int, columns: Int? = nil
  ) {
    (self.directory, self.revision) = (directory, revision)
    (self.range, self.frames) = (range, frames)
    self.count = min(max(1, count), Self.mostFrames)
    self.columns = columns.map { min(max(1, $0), Self.mostColumns) }
  }

  /// - Parameter output: a new file, or one to replace: png, jpg or webp by its ending.
  /// - Returns: the numbers of the frames that were drawn, in order.
  /// - Throws: `VidgitError`: usage for an ending that is no picture's or a range that lies outside of
  ///   the timeline, and what getting the frames throws.
  public func draw(
    to output: String, progress: @escaping ProgressHandler = { _ in }
  ) async throws -> [Int] {
    let format = try StillImage.Format(endingOf: output)
    let repository = try VideoRepository.open(at: directory)
    let file = try OutputFile(output, of: repository)
    let timeline = try repository.timeline(of: repository.revision(revision))
    let chosen = try Selection(
      range: range, frames: frames, of: repository, timeline.revision
    ).sample(count).runs.flatMap { Array($0) }
    let columns = columns ?? min(Self.defaultColumns, chosen.count)
    try ContactSheet.requireRoom(
      as: format, columns: columns, tiles: chosen.count,
      box: ContactSheet.Box(width: Self.tileWidth, for: timeline.revision.header))
    let times = try timeline.times()
    var tiles: [ContactSheet.Tile] = []
    try await FramePairs(repository, timeline, timeline).forEach(
      chosen.map { .init(old: nil, new: $0) }, progress: progress
    ) { pair in
      guard let frame = pair.new, let number = pair.place.new else { return }
      tiles.append(
        try ContactSheet.Tile(
          frame, in: ContactSheet.Box(width: Self.tileWidth, for: frame),
          name: times.clock(ofFrame: number), note: "frame \(number)"))
      progress(OperationProgress(phase: "draw", done: tiles.count, total: chosen.count))
    }
    let sheet = ContactSheet(
      title: "\(timeline.revision.header.name), \(revision): \(chosen.count) of "
        + "\(timeline.lines.count) frames",
      columns: columns,
      sections: [.init(heading: nil, tiles: tiles)])
    try file.write(sheet.encoded(as: format))
    return chosen
  }
}
