import Git2
public import VidgitModel

/// Puts the timeline of another revision, or a new video, into the timeline.
public struct Splice {
  private let directory: String
  private let source: String
  private let place: PlaceExpression
  private let range: RangeExpression?
  private let author: Author?

  /// - Parameters:
  ///   - source: anything that Git resolves, or the path of a video.
  ///   - place: on the timeline as it is now.
  ///   - range: the part of what is spliced in; nil takes all.
  public init(
    directory: String, source: String, at place: PlaceExpression, range: RangeExpression? = nil,
    author: Author? = nil
  ) {
    self.directory = directory
    self.source = source
    self.place = place
    self.range = range
    self.author = author
  }

  /// - Throws: `VidgitError`: not found for what is neither a revision nor a file, conflict for what
  ///   is both, usage for a place or range beyond a timeline or frames that are too short for this
  ///   timeline's clock, and what reading a video throws.
  public func run(progress: ProgressHandler = { _ in }) async throws -> EditResult {
    let request = ["splice", source, place.text, range?.text ?? ""]
    return try await TimelineEdit(directory: directory, author: author, request: request).run {
      repository, timeline in
      let times = try timeline.times()
      let target = try VidgitError.model(.usage) { try place.resolve(in: times) }
      let material = try await material(repository, timeline, progress)
      var fitting = SpliceFitting(timeline.revision)
      let lines = try fitting.fit(material)
      return TimelineEdit.Outcome(
        change: TimelineChange(
          pieces: [.old(0..<target), .new(lines), .old(target..<times.count)],
          header: fitting.header == timeline.revision.header ? nil : fitting.header,
          files: fitting.files.mapValues { .some($0) }),
        subject: "Splice \(material.name) at \(place.text)",
        body: "\(lines.count) frames came to \(times.count).",
        trailers: PassTrailers(
          pass: "splice", range: range?.text, made: material.isNew ? lines.count : 0,
          reused: material.isNew ? 0 : lines.count),
        notes: fitting.notes)
    }
  }

  private func material(
    _ repository: VideoRepository, _ timeline: Timeline, _ progress: ProgressHandler
  ) async throws -> SpliceMaterial {
    let commit = try? repository.git.resolve(source)
    let isFile = FileStatus(path: source) != nil
    switch (commit, isFile) {
    case (nil, true):
      return try await SpliceMaterial(video: source, range: range, repository, progress)
    case (let commit?, false):
      return try SpliceMaterial(
        commit, named: source, range: range, repository, like: timeline)
    case (_?, true):
      throw VidgitError(
        .conflict, "'\(source)' is a revision and a file too",
        hint: "write ./\(source) for the file, or refs/heads/\(source) for the branch")
    case (nil, false):
      throw VidgitError(
        .notFound, "there is neither a revision nor a video file '\(TerminalText.escaped(source))'",
        hint: "`git branch -a` lists the branches; the path of a video is taken from here")
    }
  }
}
