import FFmpeg
import Foundation
import Git2
public import VidgitModel

/// What `FilterSample` made.
public struct FilterSampleResult: Sendable {
  public var recipes: [String]
  /// The numbers of the frames that were looked at, in order.
  public var frames: [Int]
  /// Those of them that could not be made.
  public var failed: [Int]
  /// Frames whose pixels the recipes change.
  public var changed: Int
  /// Results that were computed, and those that were known already.
  public var made: Int
  public var reused: Int
  /// Calls of services that were sent, and what they cost, by currency.
  public var calls: Int
  public var spent: [Money]
  /// Results that were taken from other branches.
  public var borrowed: [BorrowedFrames]
  /// Pixels of the sheet.
  public var width: Int
  public var height: Int
  /// Names the frames that could not be made, and why.
  public var failure: VidgitError?
}

/// Looks before a pass: runs its recipes on a few frames and draws them before and after.
///
/// The results are kept as those of a pass, so that the pass makes and pays none of them again.
/// There is no commit and no branch.
public struct FilterSample {
  public static let mostFrames = 200
  private static let tileWidth = 320

  private let options: FilterOptions
  private let count: Int
  private let output: String

  /// - Parameters:
  ///   - count: how many frames, from 1 to `mostFrames`; fewer where there are fewer.
  ///   - output: a new file, or one to replace: png, jpg or webp by its ending.
  public init(_ options: FilterOptions, count: Int, output: String) {
    self.options = options
    self.count = min(max(1, count), Self.mostFrames)
    self.output = output
  }

  /// - Throws: `VidgitError`: what a pass throws before its first frame, usage for a recipe of scope
  ///   "sequence" or an ending that is no picture's, system where the sheet cannot be written. Frames
  ///   that cannot be made are no error: the result names them.
  public func run(
    progress: @escaping ProgressHandler = { _ in }
  ) async throws -> FilterSampleResult {
    let format = try StillImage.Format(endingOf: output)
    try requireFolder()
    let repository = try VideoRepository.open(at: options.directory)
    let file = try OutputFile(output, of: repository)
    let lock = try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    let state = try prepare(repository)
    try PassCheck.repetition(state, options)
    try ContactSheet.requireRoom(
      as: format, columns: Self.columns(state.selection.count), tiles: 2 * state.selection.count,
      box: ContactSheet.Box(width: Self.tileWidth, for: state.revision.header))
    // What is paid stands in the ledger until the pass is committed, as after an interrupted one.
    let ledger = try Ledger(repository, recipes: state.recipes)
    let before = try Account(ledger)
    let failure = try await filter(state, ledger, progress)
    let after = try Account(ledger)
    let timeline = try repository.timeline(of: state.revision)
    let frames = state.selection.runs.flatMap { Array($0) }
    let results = try state.results(of: frames.map { timeline.lines[$0] })
    let sheet = try await draw(state, timeline, frames, results)
    try file.write(sheet.encoded(as: format))
    return FilterSampleResult(
      recipes: state.ids, frames: frames,
      failed: zip(frames, results).compactMap { $1 == nil ? $0 : nil }, changed: state.changed,
      made: state.made, reused: state.reused, calls: max(0, after.calls - before.calls),
      spent: after.spent(since: before), borrowed: state.origins, width: sheet.width,
      height: sheet.height,
      failure: failure)
  }

  /// What the calls of the recipes have come to that stand in no commit.
  private struct Account {
    let calls: Int
    private let sums: [Money]

    init(_ ledger: Ledger) throws {
      calls = try ledger.calls()
      sums = PassCost.sums(of: try ledger.costs(includesOpen: true))
    }

    func spent(since earlier: Account) -> [Money] {
      sums.map { sum in
        let known = earlier.sums.first { $0.currency == sum.currency }?.nanos ?? 0
        return Money(nanos: sum.nanos - known, currency: sum.currency)
      }.filter { $0.nanos > 0 }
    }
  }

  /// Nothing is paid for a sheet that cannot be written.
  private func requireFolder() throws {
    let folder = (output as NSString).deletingLastPathComponent
    guard access(folder.isEmpty ? "." : folder, W_OK) == 0 else {
      let cause = VidgitError.system("write", output)
      throw VidgitError(
        cause.kind, cause.message, hint: "no frame was made; name a file in a folder that is there")
    }
  }

  private func prepare(_ repository: VideoRepository) throws -> PassState {
    let revision = try repository.revision("HEAD")
    let shelf = RecipeShelf(repository, revision)
    let recipes = try shelf.prepare(options)
    if let recipe = recipes.first(where: \.isSequence) {
      throw VidgitError(
        .usage,
        "'\(recipe.id)' cannot be tried on single frames: what it makes of a frame depends on the "
          + "frames around it",
        hint: "make a short pass on a branch: `vidgit filter "
          + (recipe.isMotion ? "--smooth N" : recipe.recipe.name) + " --range 0s..2s -b try`")
    }
    let selection = try Selection(
      range: options.range, frames: options.frames, of: repository, revision
    ).sample(count)
    let state = PassState(repository, revision, selection, shelf: shelf, recipes: recipes)
    state.writesShards = false
    return state
  }

  /// Runs the recipes; returns what a pass with frames that cannot be made would end with.
  private func filter(
    _ state: PassState, _ ledger: Ledger, _ progress: @escaping ProgressHandler
  ) async throws -> VidgitError? {
    do {
      var pack = try VidgitError.git { try state.repository.git.packWriter() }
      try await FramePass(state, options, ledger.spending(within: options.budget, state.recipes))
        .run(into: &pack, progress)
      try state.keepResults()
      return nil
    } catch {
      try state.keepResults()
      guard state.failures.count > 0, let failure = error as? VidgitError else { throw error }
      return failure
    }
  }

  /// Pictures in a row: those of a frame stay together.
  private static func columns(_ frames: Int) -> Int { frames < 2 ? 2 : frames < 9 ? 4 : 6 }

  private func draw(
    _ state: PassState, _ timeline: Timeline, _ frames: [Int], _ results: [FrameKey?]
  ) async throws -> ContactSheet {
    let times = try timeline.times()
    let maker = try state.makerOfResults(patience: options.patience)
    let source = FrameSource(state.repository, state.revision)
    var tiles: [ContactSheet.Tile] = []
    var places = frames.indices[...]
    try await mapInOrder(
      width: Width.of(frameBytes: 2 * state.revision.frameBytes, jobs: options.jobs),
      next: { () throws -> (Int, FrameSource.Found, FrameSource.Found?)? in
        guard let place = places.popFirst() else { return nil }
        let line = timeline.lines[frames[place]]
        let before = try source.find(line)
        guard let key = results[place] else { return (frames[place], before, nil) }
        // A frame that stays what it was keeps its line.
        let isSame = key == state.revision.key(of: line)
        return (
          frames[place], before, isSame ? before : try source.find(state.filtered(line, key))
        )
      },
      transform: { number, before, after in
        let old = try await maker.make(before)
        var new: Frame?
        if let after { new = try await maker.make(after) }
        return try ComparisonSheet.tiles(
          .init(place: .init(old: number, new: number), old: old, new: new), (times, times),
          missing: "not made")
      },
      consume: { tiles += $0 })
    let names = state.recipes.map(\.recipe.name).joined(separator: ", ")
    return ContactSheet(
      title: "\(names): \(frames.count) of \(timeline.lines.count) frames",
      columns: Self.columns(frames.count),
      sections: [.init(heading: nil, tiles: tiles)])
  }
}
