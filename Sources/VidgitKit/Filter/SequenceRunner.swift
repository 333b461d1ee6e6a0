import FFmpeg
import VidgitModel

/// A chain of recipes over neighbouring frames: one frame out for each frame in, at its time.
///
/// Not `Sendable`: frames go through in order.
final class SequenceRunner {
  private let recipes: [PreparedGraph]
  private let timebase: Ratio
  private let graphs: [FilterGraph]
  /// Times that went in and have not come out.
  private var expected: [Int64] = []
  private var delivered = 0

  /// Frames that a chain may hold back.
  private static let longestDelay = 512

  init(_ recipes: [PreparedGraph], first: Frame, timebase: Ratio) throws {
    self.recipes = recipes
    self.timebase = timebase
    var input = FilterGraph.Input(first, timebase: timebase)
    var graphs: [FilterGraph] = []
    for recipe in recipes {
      let graph = try recipe.makeGraph(for: input)
      graphs.append(graph)
      input = graph.output
    }
    self.graphs = graphs
  }

  /// Hands in a frame and returns those that are ready.
  func push(_ frame: Frame, at time: Int64, duration: Int64) throws -> [Frame] {
    guard frame.width == graphs[0].input.width, frame.height == graphs[0].input.height,
      frame.pixelFormat == graphs[0].input.pixelFormat
    else {
      throw VidgitError(
        .badInput,
        "a recipe of scope \"sequence\" cannot go on where the frames change their shape",
        hint: "filter the parts one by one with --range")
    }
    expected.append(time)
    guard expected.count <= Self.longestDelay else {
      throw VidgitError(
        .refused, "\(names) holds back more than \(Self.longestDelay) frames")
    }
    return try run([try frame.with(pts: time, duration: duration)], from: 0, ends: false)
  }

  /// Ends the run and returns the rest.
  func finish() throws -> [Frame] {
    let rest = try run([], from: 0, ends: true)
    guard expected.isEmpty else { throw wrongCount() }
    return rest
  }

  private func run(_ frames: [Frame], from index: Int, ends: Bool) throws -> [Frame] {
    guard index < graphs.count else { return try frames.map(check) }
    let graph = graphs[index]
    var results: [Frame] = []
    try VidgitError.reading {
      for frame in frames {
        try graph.push(frame)
        while let result = try graph.pull() { results.append(try retimed(result, graph)) }
      }
      if ends {
        try graph.push(nil)
        while let result = try graph.pull() { results.append(try retimed(result, graph)) }
      }
    }
    return try run(results, from: index + 1, ends: ends)
  }

  private func retimed(_ frame: Frame, _ graph: FilterGraph) throws(FFmpegError) -> Frame {
    guard let pts = frame.pts else { return frame }
    return try frame.with(
      pts: graph.outputTimebase.rescale(pts, to: timebase), duration: frame.duration)
  }

  /// Every frame must come out once, in order, at the time it went in.
  private func check(_ frame: Frame) throws -> Frame {
    guard let time = expected.first, frame.pts == time else { throw wrongCount() }
    expected.removeFirst()
    delivered += 1
    return frame
  }

  private func wrongCount() -> VidgitError {
    VidgitError(
      .badInput,
      "\(names) does not give one frame for each frame at its time (after \(delivered) frames)",
      hint:
        "filters that drop, add or move frames cannot be a pass; leave them to `render`'s output")
  }

  private var names: String {
    "the recipe '\(recipes.map(\.recipe.name).joined(separator: ", "))'"
  }
}
