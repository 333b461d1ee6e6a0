import Foundation
public import VidgitModel

/// How much the pictures of two revisions flicker: what changes from frame to frame along the motion
/// of the source.
///
/// For each two neighbouring frames the earlier one is moved onto the later one as the unfiltered
/// frames move, and the mean absolute difference of their brightness is taken. The motion is looked
/// for once, on the unfiltered frames, so that both revisions are measured along the same one; what
/// is not found again there (covered, uncovered, too fast) counts for neither.
public struct Flicker: Sendable {
  public struct Measure: Sendable {
    /// Levels of 0 to 255, in pictures of at most `widest` pixels across.
    public let old: Double
    public let new: Double
    /// Pairs of neighbouring frames.
    public let pairs: Int
    /// How much of the pictures was found again, from 0 to 1.
    public let share: Double

    /// nil where the old revision does not flicker at all.
    public var ratio: Double? { old > 0 ? new / old : nil }
  }

  public struct Run: Sendable {
    /// Frames of the new timeline that follow one another.
    public let frames: Range<Int>
    public let measure: Measure
  }

  /// Pixels.
  public static let widest = 480

  public private(set) var runs: [Run] = []
  /// All runs together; nil where no two neighbouring frames are in both revisions.
  public private(set) var all: Measure?
  /// Pairs that were left out: at a change of scene, where the source does not go on (a cut, a
  /// splice, a repetition), and where the recipes change.
  public private(set) var sceneChanges = 0
  public private(set) var gaps = 0
  public private(set) var recipeChanges = 0
  /// Frames of the new timeline that the old one does not show.
  public private(set) var unmatched = 0
  public let times: FrameTimes

  private var sum = Sum()
  private var run = Sum()
  private var runStart: Int?
  private var runEnd = 0

  /// - Throws: `VidgitError`: not found for an unknown revision or a medium that is away, and what
  ///   getting the frames throws.
  public init(
    directory: String, from oldSpec: String, to newSpec: String,
    progress: ProgressHandler = { _ in }
  ) async throws {
    let repository = try VideoRepository.open(at: directory)
    let old = try repository.timeline(of: repository.revision(oldSpec))
    let new = try repository.timeline(of: repository.revision(newSpec), like: old)
    times = try new.times()
    let plan = FlickerPlan(old, new)
    unmatched = plan.unmatched
    gaps = plan.steps.count { $0 == .gap }
    recipeChanges = plan.steps.count { $0 == .otherRecipes }
    let batchSize = 2 * ProcessInfo.processInfo.activeProcessorCount
    var batch: [FlickerPlan.Views] = []
    var done = 0
    try await plan.forEach(repository, old, new) { views in
      batch.append(views)
      done += 1
      if batch.count > batchSize {
        try await measure(&batch, plan)
        progress(OperationProgress(phase: "flicker", done: done, total: plan.places.count))
      }
    }
    try await measure(&batch, plan)
    finishRun()
    all = sum.measure
  }

  /// Measures all pairs of a batch at once; its last frame stays for the next one.
  private mutating func measure(_ batch: inout [FlickerPlan.Views], _ plan: FlickerPlan)
    async throws
  {
    var pairs = zip(batch, batch.dropFirst()).filter { plan.steps[$1.place] == .measured }[...]
    try await mapInOrder(
      width: pairs.count, next: { pairs.popFirst() },
      transform: { before, now in (now.place, Self.compare(before, now)) },
      consume: { place, pair in
        guard let pair else {
          sceneChanges += 1
          return
        }
        add(pair, at: place)
      })
    batch = Array(batch.suffix(1))
  }

  private struct Pair: Sendable {
    let old: (sum: Int, pixels: Int)
    let new: (sum: Int, pixels: Int)
    let pixels: Int
  }

  /// nil where the scene changes.
  private static func compare(_ before: FlickerPlan.Views, _ now: FlickerPlan.Views) -> Pair? {
    guard before.source.width == now.source.width, before.source.height == now.source.height else {
      return nil
    }
    let motion = MotionSearch.field(of: now.source, in: before.source)
    if motion.isCut { return nil }
    let old = motion.difference(of: now.old, from: before.old)
    guard old.pixels > 0 else { return nil }
    return Pair(
      old: old, new: motion.difference(of: now.new, from: before.new),
      pixels: motion.width * motion.height)
  }

  private mutating func add(_ pair: Pair, at place: Int) {
    if runStart == nil || runEnd != place { finishRun() }
    if runStart == nil { runStart = place - 1 }
    runEnd = place + 1
    run.add(pair)
    sum.add(pair)
  }

  private mutating func finishRun() {
    if let start = runStart, let measure = run.measure {
      runs.append(Run(frames: start..<runEnd, measure: measure))
    }
    (run, runStart) = (Sum(), nil)
  }

  /// Means of pairs: a frame counts as much as another, whatever part of it was found again.
  private struct Sum {
    var old = 0.0
    var new = 0.0
    var share = 0.0
    var pairs = 0

    mutating func add(_ pair: Pair) {
      pairs += 1
      old += Double(pair.old.sum) / Double(pair.old.pixels)
      new += Double(pair.new.sum) / Double(pair.new.pixels)
      share += Double(pair.old.pixels) / Double(pair.pixels)
    }

    var measure: Measure? {
      guard pairs > 0 else { return nil }
      let count = Double(pairs)
      return Measure(old: old / count, new: new / count, pairs: pairs, share: share / count)
    }
  }
}
