import Git2
public import VidgitModel

/// What a command that changes the timeline of the current branch has made.
public struct EditResult: Sendable {
  /// The new commit's id in hex; nil where the timeline stays what it was.
  public var commit: String?
  public var branch: String
  /// Frames before and after.
  public var framesBefore: Int
  public var frames: Int
  /// Ticks of `timebase`, before and after.
  public var durationBefore: Int64
  public var duration: Int64
  public var timebase: Rational
  /// Things the user should know.
  public var notes: [String]
  /// An interrupted run of the same command had made the commit.
  public var wasFinished: Bool
}

/// Changes the timeline of the current branch in one commit: the frame that cut, splice, move and
/// their like share.
///
/// Kill it at any instant: the branch is as it was or as it should be, and the same command run
/// again ends there.
struct TimelineEdit {
  /// What an operation makes of the old timeline.
  struct Outcome {
    var change: TimelineChange
    /// The commit's first line.
    var subject: String
    /// More lines for people, if any.
    var body = ""
    /// The operation and its range, for the trailers.
    var trailers: PassTrailers
    var notes: [String] = []
  }

  let directory: String
  let author: Author?
  /// The command's words, so that the same command is known again after a crash.
  let request: [String]

  /// - Throws: what `body` throws; `VidgitError`: conflict for uncommitted changes or a HEAD on no
  ///   branch, bad input for a timeline that would be empty.
  func run(
    _ body: (_ repository: VideoRepository, _ timeline: Timeline) async throws -> Outcome
  ) async throws -> EditResult {
    let repository = try VideoRepository.open(at: directory, recovering: false)
    let lock = try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    let target = try CommitTarget(repository, request: request)
    let timeline = try repository.timeline(of: repository.revision(target.base))
    let before = try timeline.times()
    var result = EditResult(
      commit: nil, branch: target.branch, framesBefore: before.count, frames: before.count,
      durationBefore: before.length, duration: before.length,
      timebase: timeline.revision.header.timebase, notes: [], wasFinished: target.wasFinished)
    if target.wasFinished {
      result.commit = target.base.hex
      return result
    }
    let outcome = try await body(repository, timeline)
    guard outcome.change.pieces.lineCount > 0 else {
      throw VidgitError(
        .usage, "no frame would be left", hint: "a timeline has at least one frame")
    }
    var pack = try VidgitError.git { try repository.git.packWriter() }
    let tree = try repository.writeTree(outcome.change, of: timeline, into: &pack)
    result.notes = outcome.notes
    guard tree != timeline.revision.tree else { return result }
    let after = try VidgitError.model {
      try FrameTimes(
        durations: timeline.lines(of: outcome.change.pieces).lazy.map(\.dur),
        timebase: outcome.change.header?.timebase ?? timeline.revision.header.timebase)
    }
    let message = try VidgitError.model {
      try outcome.trailers.message(
        outcome.body.isEmpty ? outcome.subject : "\(outcome.subject)\n\n\(outcome.body)")
    }
    let commit = try repository.commit(
      tree, to: target, parents: [target.base], message: message, log: outcome.trailers.pass,
      author: author, &pack)
    result.commit = commit.hex
    result.frames = after.count
    result.duration = after.length
    result.timebase = after.timebase
    return result
  }
}
