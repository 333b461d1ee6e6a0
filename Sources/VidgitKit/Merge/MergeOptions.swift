public import VidgitModel

/// What `Merge` is asked to do.
public struct MergeOptions: Sendable {
  /// A decision for frames on which the sides do not agree.
  public struct Decision: Sendable {
    public var side: TimelineMerge.Side
    /// Frames of the merged timeline; nil for all.
    public var range: RangeExpression?

    public init(side: TimelineMerge.Side, range: RangeExpression? = nil) {
      self.side = side
      self.range = range
    }
  }

  public var directory: String
  /// Anything that Git resolves.
  public var revision: String
  /// The first that names a frame decides.
  public var decisions: [Decision] = []
  /// Make a merge commit also where the branch could just move forward.
  public var alwaysCommits = false
  public var author: Author?

  public init(directory: String, revision: String) {
    self.directory = directory
    self.revision = revision
  }

  /// The side that is favoured where a conflict has no frame: in files and in video.json.
  var favoured: TimelineMerge.Side? { decisions.first { $0.range == nil }?.side }

  var request: [String] {
    ["merge", revision, "\(alwaysCommits)"]
      + decisions.map { "\($0.side.rawValue) \($0.range?.text ?? "")" }
  }
}

/// What `Merge` made, or what it could not settle.
public struct MergeResult: Sendable {
  public enum Outcome: String, Sendable {
    /// Everything is in the current branch already.
    case upToDate = "up-to-date"
    /// The branch had nothing of its own and has moved forward.
    case fastForward = "fast-forward"
    case merged
    /// Nothing was changed: decisions are missing.
    case conflict
  }

  public var outcome: Outcome
  /// The branch's commit afterwards, in hex; nil for a conflict.
  public var commit: String?
  public var branch: String
  /// Frames of the branch afterwards.
  public var frames: Int
  /// On which frames the sides do not agree, of the merged timeline.
  public var conflicts: [TimelineMerge.Conflict]
  /// When each frame of the merged timeline begins.
  public var times: FrameTimes?
  /// Files and keys of video.json ("video.json: name") on which they do not agree.
  public var fileConflicts: [String]
  public var notes: [String]
}
