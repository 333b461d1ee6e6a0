import FFmpeg
import VidgitModel

/// The pictures of a pass that blends neighbours: those that are needed at a time, and what is made
/// of them.
///
/// Not `Sendable`: one task asks for frames in order.
final class SmoothFrames {
  /// A frame as the recipes have made it, and what the motion of its source is looked for in.
  private struct View: Sendable {
    let frame: Frame
    let luma: Luma
  }

  private let source: FrameSource
  private let maker: FrameMaker
  private let objects: ObjectStore
  private let widest: Int
  private let width: Int
  /// By the frame's number in the timeline.
  private var held: [Int: View] = [:]

  /// - Parameter widest: pixels across of the pictures in which motion is looked for.
  init(
    _ repository: VideoRepository, _ revision: Revision, maker: FrameMaker, widest: Int, jobs: Int?
  ) {
    source = FrameSource(repository, revision)
    self.maker = maker
    objects = repository.objects
    self.widest = widest
    width = Width.of(frameBytes: 2 * revision.frameBytes, jobs: jobs)
  }

  /// Blends and stores frames of a run, given by their places in order; returns their keys.
  func blend(_ places: [Int], of run: SmoothRun, radius: Int) async throws -> [FrameKey] {
    let windows = places.map { run.window(of: $0, radius: radius) }
    try await hold(Set(windows.joined()).sorted(), of: run)
    let first = run.frames.lowerBound
    var rest = zip(places, windows).map { place, window in
      (
        views: window.map { held[first + $0]! }, middle: place - window.lowerBound,
        input: run.inputs[place]
      )
    }[...]
    var outputs: [FrameKey] = []
    try await mapInOrder(
      width: places.count, next: { rest.popFirst() },
      transform: { [objects] work in
        let frame = try Self.blend(work.views, middle: work.middle)
        let key = frame.key
        // A frame that stays what it was is still made from its medium.
        if key != work.input { try await blocking { try objects.put(frame, key: key) } }
        return key
      },
      consume: { outputs.append($0) })
    return outputs
  }

  private static func blend(_ views: [View], middle: Int) throws -> Frame {
    let own = views[middle]
    var neighbours: [MotionBlend.Neighbour] = []
    for side in [views[..<middle].reversed(), Array(views[(middle + 1)...])] {
      var last: MotionField?
      for (index, view) in side.enumerated() {
        guard view.luma.width == own.luma.width, view.luma.height == own.luma.height else { break }
        let guess = last.map { $0.stretched(to: index + 1, over: index) }
        let motion = MotionSearch.field(of: own.luma, in: view.luma, guess: guess)
        // Nothing is blended over a change of scene.
        if motion.isCut { break }
        neighbours.append(.init(frame: view.frame, luma: view.luma, motion: motion))
        last = motion
      }
    }
    return try MotionBlend.blend(own.frame, own.luma, with: neighbours)
  }

  /// Gets the pictures of these places, and lets go of all others.
  private func hold(_ places: [Int], of run: SmoothRun) async throws {
    let first = run.frames.lowerBound
    var kept: [Int: View] = [:]
    for place in places { kept[first + place] = held[first + place] }
    held = kept
    var missing = places.filter { held[first + $0] == nil }[...]
    try await mapInOrder(
      width: width,
      next: { [source] () throws -> (Int, FrameSource.Found, FrameSource.Found?)? in
        guard let place = missing.popFirst() else { return nil }
        let line = run.lines[place]
        return (
          place, try source.find(line.unfiltered),
          line.filters.isEmpty ? nil : try source.find(line)
        )
      },
      transform: { [objects, maker, widest] place, source, filtered in
        let frame = try source.unfiltered(objects)
        let luma = try Luma(frame, size: Luma.Size(of: frame, widest: widest))
        guard let filtered else { return (place, View(frame: frame, luma: luma)) }
        return (place, View(frame: try await maker.make(filtered), luma: luma))
      },
      consume: { [self] place, view in held[first + place] = view })
  }
}
