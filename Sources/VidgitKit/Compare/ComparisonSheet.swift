import FFmpeg
import VidgitModel

/// Draws what changed between two revisions: pairs of frames, before and after, with their times.
public struct ComparisonSheet {
  /// How many runs get a row, and how many pairs a run.
  private static let mostRuns = 12
  private static let pairsPerRun = 2
  private static let tileWidth = 320

  private let directory: String
  private let old: String
  private let new: String
  private let title: String

  /// - Parameter title: what stands over it; nil names the two revisions.
  public init(directory: String, from old: String, to new: String, title: String? = nil) {
    self.directory = directory
    self.old = old
    self.new = new
    self.title = title ?? "\(old) -> \(new)"
  }

  /// - Parameter output: a new file, or one to replace: png, jpg or webp by its ending.
  /// - Returns: how many runs were drawn, and how many there are.
  /// - Throws: `VidgitError`: usage for an ending that is no picture's, conflict where nothing
  ///   differs, and what getting the frames throws.
  public func draw(
    to output: String, progress: ProgressHandler = { _ in }
  ) async throws -> (drawn: Int, runs: Int) {
    let format = try StillImage.Format(endingOf: output)
    let repository = try VideoRepository.open(at: directory)
    let file = try OutputFile(output, of: repository)
    let before = try repository.timeline(of: repository.revision(old))
    let after = try repository.timeline(of: repository.revision(new), like: before)
    let runs = TimelineDiff(before.lines, after.lines).runs
    guard !runs.isEmpty else {
      throw VidgitError(
        .conflict, "'\(old)' and '\(new)' show the same frames: there is nothing to draw",
        hint: "`vidgit branch` tells which variants differ")
    }
    // The longest runs, in the order of play.
    let longest = runs.indices.sorted { Self.length(runs[$0]) > Self.length(runs[$1]) }
    let chosen = longest.prefix(Self.mostRuns).sorted()
    let times = (old: try before.times(), new: try after.times())
    var sections: [ContactSheet.Section] = []
    let pairs = FramePairs(repository, before, after)
    for index in chosen {
      let run = runs[index]
      var tiles: [ContactSheet.Tile] = []
      try await pairs.forEach(Self.spread(run.places)) { pair in
        tiles += try Self.tiles(pair, times)
      }
      sections.append(.init(heading: Self.heading(run), tiles: tiles))
      progress(OperationProgress(phase: "draw", done: sections.count, total: chosen.count))
    }
    let sheet = ContactSheet(
      title: title, columns: 2 * Self.pairsPerRun, sections: sections)
    try file.write(sheet.encoded(as: format))
    return (chosen.count, runs.count)
  }

  private static func length(_ run: TimelineDiff.Run) -> Int { max(run.old.count, run.new.count) }

  /// A few places, evenly spread.
  private static func spread(_ places: [FramePairs.Place]) -> [FramePairs.Place] {
    let count = min(pairsPerRun, places.count)
    return (0..<count).map { places[places.count * (2 * $0 + 1) / (2 * count)] }
  }

  private static func heading(_ run: TimelineDiff.Run) -> String {
    func names(_ filters: [String]) -> String {
      filters.isEmpty ? "source" : filters.joined(separator: " ")
    }
    let count = "\(length(run)) frames \(run.kind.rawValue)"
    switch run.kind {
    case .added: return "\(count): \(names(run.newFilters))"
    case .removed: return "\(count): \(names(run.oldFilters))"
    case .moved, .changed:
      return "\(count): \(names(run.oldFilters)) -> \(names(run.newFilters))"
    }
  }

  /// The two pictures of a pair with their times and numbers.
  ///
  /// - Parameter missing: what is said of a side that has no picture.
  static func tiles(
    _ pair: FramePairs.Pair, _ times: (old: FrameTimes, new: FrameTimes),
    missing: String = "not there"
  ) throws -> [ContactSheet.Tile] {
    let sides = [
      ("before", pair.old, pair.place.old, times.old),
      ("after", pair.new, pair.place.new, times.new),
    ]
    let box = ContactSheet.Box(width: tileWidth, for: (pair.old ?? pair.new)!)
    return try sides.map { name, frame, number, times in
      guard let frame, let number else {
        let blank = try VidgitError.reading { try Frame.black(like: (pair.old ?? pair.new)!) }
        return try ContactSheet.Tile(blank, in: box, name: "\(name): \(missing)")
      }
      return try ContactSheet.Tile(
        frame, in: box, name: "\(name) \(times.clock(ofFrame: number))", note: "frame \(number)")
    }
  }
}
