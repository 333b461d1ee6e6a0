import Git2
import VidgitModel

/// Takes another variant's changes into the current branch: a three-way merge that knows frames.
///
/// With conflicts that no decision settles nothing at all is changed, and the result lists them:
/// there is no half-merged state to lose. Run it again with decisions.
public struct Merge {
  private let options: MergeOptions

  public init(_ options: MergeOptions) {
    self.options = options
  }

  /// - Throws: `VidgitError`: not found for an unknown revision, conflict for uncommitted changes
  ///   or histories without a common commit, usage for a range beyond the merged timeline.
  public func run() async throws -> MergeResult {
    let repository = try VideoRepository.open(at: options.directory, recovering: false)
    let lock = try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    let target = try CommitTarget(repository, request: options.request)
    let theirs = try repository.commit(options.revision)
    if target.wasFinished { return try result(.merged, target.base, target, repository) }
    let base = try commonBase(repository, target, target.base, theirs)
    let gone = try repository.takenBack(base, from: target.base)
    if let gone, gone.isMerge {
      // As if the merge that was undone had not been: else nothing of it would ever come again.
      let before = try commonBase(repository, target, gone.before, theirs)
      var result = try merge(repository, target, base: before, theirs: theirs)
      result.notes.append("\(gone.undo.short) took a merge of it back: it is merged anew")
      return result
    }
    if base == theirs {
      var result = try result(.upToDate, target.base, target, repository)
      if let gone {
        result.notes.append(
          "its last pass was taken back here by \(gone.undo.short); "
            + "`git revert \(gone.undo.short)` brings it back")
      }
      return result
    }
    if base == target.base, !options.alwaysCommits {
      // What is not fit to be used is not moved to either.
      _ = try repository.revision(theirs)
      let signature = try repository.signature(options.author)
      try repository.publish(target.pending(theirs), log: "merge: fast-forward", by: signature)
      return try result(.fastForward, theirs, target, repository)
    }
    return try merge(repository, target, base: base, theirs: theirs)
  }

  private func commonBase(
    _ repository: VideoRepository, _ target: CommitTarget, _ ours: ObjectID, _ theirs: ObjectID
  ) throws -> ObjectID {
    guard let base = try VidgitError.git({ try repository.git.mergeBase(ours, theirs) }) else {
      throw VidgitError(
        .conflict, "'\(options.revision)' and '\(target.branch)' have no common history",
        hint: "`vidgit splice` takes frames from anywhere")
    }
    return base
  }

  private func merge(
    _ repository: VideoRepository, _ target: CommitTarget, base: ObjectID, theirs: ObjectID
  ) throws -> MergeResult {
    let old = try repository.timeline(of: repository.revision(base))
    let our = try repository.timeline(of: repository.revision(target.base), like: old)
    let given = try repository.timeline(of: repository.revision(theirs), like: old)
    let renames = MediaRenames(
      base: old.revision, ours: our.revision, theirs: given.revision)
    let their = renames.applied(to: given)
    var pack = try VidgitError.git { try repository.git.packWriter() }
    let header = try VidgitError.model {
      try HeaderMerge(
        base: old.revision.header, ours: our.revision.header, theirs: their.revision.header,
        favouring: options.favoured)
    }
    let files = try FileMerge(
      repository, base: old.revision, ours: our.revision, theirs: their.revision,
      renames: renames.paths, favouring: options.favoured, into: &pack)
    let merge = TimelineMerge(base: old.lines, ours: our.lines, theirs: their.lines)
    let times = try VidgitError.model {
      try FrameTimes(
        durations: merge.entries.lazy.map(\.line.dur), timebase: header.header.timebase)
    }
    let (entries, open) = try settle(merge, times)
    var result = MergeResult(
      outcome: .conflict, commit: nil, branch: target.branch, frames: our.lines.count,
      conflicts: open, times: times,
      fileConflicts: header.conflicts.map { "\(FileNames.header): \($0)" } + files.conflicts,
      notes: [])
    guard open.isEmpty, result.fileConflicts.isEmpty else { return result }

    guard !entries.isEmpty else {
      throw VidgitError(
        .conflict, "the two sides have cut different frames, and together all of them",
        hint: "a timeline has at least one frame: undo one of the cuts first")
    }
    var change = TimelineChange(pieces: entries.pieces, blobs: files.changes)
    if header.header != our.revision.header { change.header = header.header }
    // Recipes only ever come along: a line of either side may need them.
    for (id, blob) in their.revision.recipeBlobs where our.revision.recipeBlobs[id] == nil {
      change.blobs[FileNames.filter(id)] = .some(blob.id)
    }
    for (path, descriptor) in media(of: entries, our.revision, their.revision) {
      change.blobs[path] = nil
      change.files[path] = descriptor.fileBytes()
    }
    let tree = try repository.writeTree(change, of: our, into: &pack)
    let commit = try repository.commit(
      tree, to: target, parents: [target.base, theirs],
      message: message(target, our, their, entries.count, merge.conflicts),
      log: "merge \(options.revision)", author: options.author, &pack)
    result.outcome = .merged
    result.commit = commit.hex
    result.frames = entries.count
    return result
  }

  private func settle(
    _ merge: TimelineMerge, _ times: FrameTimes
  ) throws -> (entries: [TimelineMerge.Entry], open: [TimelineMerge.Conflict]) {
    let decisions = try options.decisions.map { decision in
      let range = try VidgitError.model(.usage) {
        try decision.range?.resolve(in: times) ?? 0..<Int.max
      }
      return (decision.side, range)
    }
    return merge.settled { frame in decisions.first { $0.1.contains(frame) }?.0 }
  }

  /// Descriptors that one side has removed and lines of the merged timeline still name.
  private func media(
    of entries: [TimelineMerge.Entry], _ ours: Revision, _ theirs: Revision
  ) -> [String: MediaDescriptor] {
    var missing: [String: MediaDescriptor] = [:]
    var last = ""
    for entry in entries where entry.line.uri != last {
      last = entry.line.uri
      let isKept = ours.media[last] != nil && theirs.media[last] != nil
      if !isKept, let descriptor = ours.media[last] ?? theirs.media[last] {
        missing[last] = descriptor
      }
    }
    return missing
  }

  private func message(
    _ target: CommitTarget, _ ours: Timeline, _ theirs: Timeline, _ frames: Int,
    _ conflicts: [TimelineMerge.Conflict]
  ) throws -> String {
    var text = "Merge '\(TerminalText.escaped(options.revision))' into \(target.branch)\n\n"
    text += "\(ours.lines.count) frames and \(theirs.lines.count) frames became \(frames).\n"
    if !conflicts.isEmpty {
      let decisions = options.decisions.map { decision in
        decision.side.rawValue + (decision.range.map { " \($0.text)" } ?? "")
      }
      text += "The sides did not agree on \(conflicts.reduce(0) { $0 + $1.frames.count }) frames; "
      text += "taken: \(decisions.joined(separator: ", ")).\n"
    }
    return try VidgitError.model { try PassTrailers(pass: "merge").message(text) }
  }

  private func result(
    _ outcome: MergeResult.Outcome, _ commit: ObjectID, _ target: CommitTarget,
    _ repository: VideoRepository
  ) throws -> MergeResult {
    let timeline = try repository.timeline(of: repository.revision(commit))
    return MergeResult(
      outcome: outcome, commit: commit.hex, branch: target.branch, frames: timeline.lines.count,
      conflicts: [], times: nil, fileConflicts: [], notes: [])
  }
}
