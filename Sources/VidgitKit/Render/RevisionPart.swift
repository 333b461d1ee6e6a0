import Git2
public import VidgitModel

/// A part of a revision's timeline: "noir:0s..10s".
public struct RevisionPart: Sendable {
  /// Anything that Git resolves.
  public var revision: String
  /// nil for all of it.
  public var range: RangeExpression?

  public init(revision: String, range: RangeExpression? = nil) {
    self.revision = revision
    self.range = range
  }

  /// - Throws: with the column of the range and what was expected there.
  public init(parsing text: String) throws(ModelError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let revision = parts.first, !revision.isEmpty else {
      throw ModelError(
        "part '\(TerminalText.escaped(text))'", reason: "a revision is expected before the colon",
        hint: "for example noir:0s..10s")
    }
    self.revision = String(revision)
    range = parts.count == 2 ? try RangeExpression(parsing: String(parts[1])) : nil
  }
}

extension VideoRepository {
  /// A revision that plays the parts one after the other. Its objects are in `pack`, unflushed.
  ///
  /// - Throws: `VidgitError`: usage for a range beyond its revision, conflict for revisions that do
  ///   not belong to one video.
  func mixed(_ parts: [RevisionPart], into pack: inout PackWriter) throws -> Revision {
    var timelines: [Timeline] = []
    var lines: [FrameLine] = []
    var origins: [String] = []
    for part in parts {
      let revision = try revision(part.revision)
      let timeline =
        try timelines.first { $0.revision.commit == revision.commit }
        ?? timeline(of: revision, like: timelines.last)
      let range = try VidgitError.model(.usage) {
        try part.range?.resolve(in: timeline.times()) ?? timeline.lines.indices
      }
      let first = timelines.first ?? timeline
      guard revision.header.isSameClock(as: first.revision.header) else {
        throw VidgitError(
          .conflict, "'\(part.revision)' counts time otherwise than '\(parts[0].revision)'",
          hint: "only revisions of one video can be mixed; `vidgit splice` takes in another one")
      }
      lines += timeline.lines[range].map { $0.reshaped(revision.header, first.revision.header) }
      timelines.append(timeline)
      origins.append(revision.commit.hex + (part.range.map { ":\($0.text)" } ?? ""))
    }
    return try mixed(lines, of: timelines, origin: origins.joined(separator: " "), &pack)
  }

  private func mixed(
    _ lines: [FrameLine], of timelines: [Timeline], origin: String, _ pack: inout PackWriter
  ) throws -> Revision {
    var change = TimelineChange(pieces: [.new(lines)])
    for revision in timelines.map(\.revision) {
      for (id, blob) in revision.recipeBlobs { change.blobs[FileNames.filter(id)] = .some(blob.id) }
      for (path, descriptor) in revision.media {
        if let other = timelines[0].revision.media[path], other.sha256 != descriptor.sha256 {
          throw VidgitError(
            .conflict, "the revisions have different media at '\(path)'",
            hint: "only revisions of one video can be mixed")
        }
        change.files[path] = descriptor.fileBytes()
      }
    }
    let first = timelines[0]
    return try revision(
      first.revision.commit, tree: writeTree(change, of: first, into: &pack), origin: origin)
  }
}

extension Header {
  fileprivate func isSameClock(as other: Header) -> Bool { timebase == other.timebase }
}

extension FrameLine {
  /// The same frame in a timeline with another header.
  fileprivate func reshaped(_ old: Header, _ new: Header) -> FrameLine {
    guard old.shape != new.shape else { return self }
    var line = self
    line.setShape(shape(in: old), in: new)
    return line
  }
}
