import Git2
public import VidgitModel

/// What happened to one frame, the newest first.
public struct FrameHistory: Sendable {
  public struct Entry: Sendable {
    public enum Event: String, Sendable {
      /// The commit brought the frame into the timeline.
      case added
      /// The commit gave it another picture.
      case repainted
      /// The commit changed how long it shows.
      case retimed
    }

    public let commit: CommitSummary
    public let event: Event
    /// The frame's number in that commit.
    public let frame: Int
    /// Its line in that commit.
    public let line: FrameLine
  }

  public let entries: [Entry]

  /// - Throws: `VidgitError`: usage for a frame that the revision does not have.
  public init(directory: String, revision: String, frame: Int) throws {
    let repository = try VideoRepository.open(at: directory)
    var timeline = try repository.timeline(of: repository.revision(revision))
    guard timeline.lines.indices.contains(frame) else {
      throw VidgitError(
        .usage, "there is no frame \(frame) in \(timeline.revision.commit.short)",
        hint: "it has \(timeline.lines.count) frames, counted from 0")
    }
    var place = frame
    var entries: [Entry] = []
    while true {
      let commit = try VidgitError.git { try repository.git.commit(timeline.revision.commit) }
      let line = timeline.lines[place]
      let befores = try Self.befores(of: commit, timeline, place, repository)
      let same = befores.first { $0.timeline.lines[$0.place].isSameOnScreen(as: line) }
      let before = same ?? befores.first
      if same == nil {
        let wasThere = before.map { $0.timeline.lines[$0.place] }
        entries.append(Entry(commit, timeline.lines[place], place, before: wasThere))
      }
      guard let before else { break }
      (timeline, place) = before
    }
    self.entries = entries
  }

  /// The parents that show the frame, with its place there.
  private static func befores(
    of commit: Commit, _ timeline: Timeline, _ place: Int, _ repository: VideoRepository
  ) throws -> [(timeline: Timeline, place: Int)] {
    try repository.origins(of: commit).compactMap { parent in
      guard let before = try repository.timelineIfThere(parent, like: timeline),
        let place = FramePlaces(from: timeline, to: before).place(of: place)
      else { return nil }
      return (before, place)
    }
  }
}

extension FrameHistory.Entry {
  fileprivate init(_ commit: Commit, _ line: FrameLine, _ frame: Int, before: FrameLine?) {
    let event: Event =
      before.map { $0.isSamePicture(as: line) ? .retimed : .repainted } ?? .added
    self.init(commit: CommitSummary(commit), event: event, frame: frame, line: line)
  }
}
