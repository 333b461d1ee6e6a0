import FFmpeg
import Foundation
public import VidgitModel

/// What `PalettePreview` is asked to draw.
public struct PalettePreviewOptions: Sendable {
  public enum Source: Hashable, Sendable {
    /// A video file; no repository is needed.
    case video(String)
    /// A revision of the repository that the folder lies in.
    case revision(String, directory: String)
  }

  public var source: Source
  public var palette: Palette
  /// A new file, or one to replace: png, jpg or webp by its ending.
  public var output: String
  /// A folder that may be in a repository, whose media are not written over.
  public var directory: String?
  /// Where the frame is: the beginning of this range; nil takes it at a third of the length.
  public var at: RangeExpression?
  /// Only these recipes; empty takes all.
  public var names: [String] = []
  /// Seconds that one recipe may take.
  public var patience: Double = 60

  public init(source: Source, palette: Palette, output: String) {
    self.source = source
    self.palette = palette
    self.output = output
  }
}

/// What `PalettePreview` drew.
public struct PalettePreviewResult: Sendable {
  /// The names under the pictures, in order, without the plain one.
  public var recipes: [String]
  /// Recipes that could not be drawn, with the reason.
  public var leftOut: [String]
  /// When the frame shows: "0:02.640".
  public var time: String
  /// Pixels of the sheet.
  public var width: Int
  public var height: Int
}

/// One frame through all recipes of the palette, side by side on one sheet.
public struct PalettePreview {
  private let options: PalettePreviewOptions

  private static let tileWidth = 240

  public init(_ options: PalettePreviewOptions) {
    self.options = options
  }

  /// - Throws: `VidgitError`: not found for an unknown recipe, revision or file, usage for an ending
  ///   that is no picture's, and what getting the frame throws.
  public func run(progress: ProgressHandler = { _ in }) async throws -> PalettePreviewResult {
    let format = try StillImage.Format(endingOf: options.output)
    let file = try file()
    let (items, faults) = try chosen()
    let sample = try await sample()
    let box = ContactSheet.Box(width: Self.tileWidth, for: sample.frame)
    let plain = try ContactSheet.Tile(sample.frame, in: box, name: "plain")

    var pending = items[...]
    var outcomes: [(item: Palette.Item, result: Result<ContactSheet.Tile, any Error>)] = []
    try await mapInOrder(
      width: ProcessInfo.processInfo.activeProcessorCount,
      next: { pending.popFirst() },
      transform: { [patience = options.patience] item in
        (item, await Self.tile(item, sample, box, patience))
      },
      consume: {
        outcomes.append($0)
        progress(OperationProgress(phase: "preview", done: outcomes.count, total: items.count))
      })

    var leftOut = faults.map(\.message)
    var subtle = [plain]
    var loud: [ContactSheet.Tile] = []
    for (item, result) in outcomes {
      switch result {
      case .success(let tile) where item.isSubtle: subtle.append(tile)
      case .success(let tile): loud.append(tile)
      case .failure(let error): leftOut.append((error as? VidgitError)?.message ?? "\(error)")
      }
    }
    let sheet = ContactSheet(
      title: "\(name) at \(sample.time)", columns: Self.columns(subtle.count + loud.count),
      sections: Self.sections(subtle, loud))
    try file.write(sheet.encoded(as: format))
    return PalettePreviewResult(
      recipes: (subtle.dropFirst() + loud).map(\.name), leftOut: leftOut, time: sample.time,
      width: sheet.width, height: sheet.height)
  }

  /// A video needs no repository, and is itself not written over.
  private func file() throws -> OutputFile {
    switch options.source {
    case .revision(_, let directory):
      return try OutputFile(options.output, of: VideoRepository.open(at: directory))
    case .video(let path):
      guard !FileIdentity.isSame(options.output, path) else {
        throw VidgitError(
          .conflict, "'\(options.output)' is the video '\(path)' itself: it is not written over",
          hint: "write to another file")
      }
      return try OutputFile(
        options.output, of: options.directory.flatMap { try? VideoRepository.open(at: $0) })
    }
  }

  private static func columns(_ count: Int) -> Int {
    count <= 4 ? count : count <= 20 ? 4 : 6
  }

  /// A few pictures need no headings, and stand closer without.
  private static func sections(
    _ subtle: [ContactSheet.Tile], _ loud: [ContactSheet.Tile]
  ) -> [ContactSheet.Section] {
    guard subtle.count + loud.count > 12 else { return [.init(heading: nil, tiles: subtle + loud)] }
    return [.init(heading: "subtle", tiles: subtle), .init(heading: "loud", tiles: loud)]
      .filter { !$0.tiles.isEmpty }
  }

  private func chosen() throws -> (items: [Palette.Item], faults: [VidgitError]) {
    let (items, faults) = try options.palette.items()
    guard !options.names.isEmpty else { return (items, faults) }
    for name in options.names where !items.contains(where: { $0.name == name }) {
      throw options.palette.unknown(name)
    }
    return (items.filter { options.names.contains($0.name) }, [])
  }

  private func sample() async throws -> SampleFrames {
    let at = try options.at ?? VidgitError.model { try RangeExpression(parsing: "33.333%..") }
    switch options.source {
    case .video(let path):
      return try await blocking { try SampleFrames(ofVideo: path, at: at) }
    case .revision(let spec, let directory):
      let repository = try VideoRepository.open(at: directory)
      return try await SampleFrames(of: repository, repository.revision(spec), at: at)
    }
  }

  private var name: String {
    switch options.source {
    case .video(let path): (path as NSString).lastPathComponent
    case .revision(let spec, _): spec
    }
  }

  private static func tile(
    _ item: Palette.Item, _ sample: SampleFrames, _ box: ContactSheet.Box, _ patience: Double
  ) async -> Result<ContactSheet.Tile, any Error> {
    do {
      let prepared = try GraphCompiler.prepare(item.entry.recipe)
      let tile = try await withDeadline(
        seconds: patience, timeout: { FrameMaker.tooSlow([prepared.id], patience) }
      ) {
        let frame =
          try prepared.isSequence
          ? Self.apply(prepared, to: sample) : FrameRecipeRunner(prepared).apply(to: sample.frame)
        return try ContactSheet.Tile(frame, in: box, name: item.name)
      }
      return .success(tile)
    } catch {
      return .failure(error)
    }
  }

  /// Runs the neighbours through as well and takes the frame itself.
  private static func apply(_ recipe: PreparedGraph, to sample: SampleFrames) throws -> Frame {
    let runner = try SequenceRunner([recipe], first: sample.frames[0], timebase: Ratio(1, 25))
    var results: [Frame] = []
    for (index, frame) in sample.frames.enumerated() {
      results += try runner.push(frame, at: Int64(index), duration: 1)
    }
    results += try runner.finish()
    // The runner gives one frame for each.
    return results[sample.place]
  }
}
