import VidgitModel

/// The frames that a pass could not make.
struct PassFailures {
  /// So many in a row, and the pass is given up: the program or the service is down.
  static let mostInRow = 20
  private static let mostNamed = 10

  private(set) var count = 0
  var inRow = 0
  /// The numbers of the first, and why the first one failed.
  private var frames: [Int] = []
  private var reason: String?

  mutating func add(_ failure: FrameFailure, frame: Int) {
    count += 1
    inRow += 1
    frames.append(frame)
    frames = Array(frames.sorted().prefix(Self.mostNamed))
    if frames.first == frame { reason = failure.reason }
  }

  /// What a pass with failures ends with; there is no commit.
  func error(in state: PassState) -> VidgitError {
    let names = frames.map(String.init).joined(separator: ", ")
    let more = count > frames.count ? ", ..." : ""
    let isOver = inRow < Self.mostInRow
    let subject =
      isOver
      ? "\(count) of \(state.selection.count) frames could not be made"
      : "the pass was given up after \(inRow) frames in a row could not be made"
    let done = state.made + state.reused
    let kept =
      done == 0
      ? "tries them again"
      : "keeps \(Counted.text(done, "frame that is", "frames that are")) made, "
        + "and tries the others again"
    return VidgitError(
      .badInput, "\(subject) (frame \(names)\(more)); frame \(frames[0]): \(reason ?? "")",
      hint: "nothing was committed; the same command \(kept)")
  }
}
