import FFmpeg
import Foundation
import Git2
import VidgitModel

/// Makes a repository of what other programs have put together: numbered pictures, an ffconcat
/// script, an OpenTimelineIO timeline. Every frame is hashed; one first commit.
///
/// As with `Split`, the repository is moved to its place when it is whole.
public struct Import {
  private let options: ImportOptions

  public init(_ options: ImportOptions) {
    self.options = options
  }

  /// - Throws: `VidgitError`: usage for options that do not fit the source, bad input for a source
  ///   that cannot be read or says what is not supported, not found for a file that it names,
  ///   conflict for a folder that is in use.
  public func run(progress: ProgressHandler = { _ in }) async throws -> ImportResult {
    let source = try ImportSource(options)
    let workshop = try SplitFolder(for: options.directory, usage: "vidgit import SOURCE DIR")
    do {
      let result = try await write(source, in: workshop.path, progress)
      try workshop.moveIntoPlace()
      return result
    } catch {
      workshop.discard()
      throw error
    }
  }

  private func write(
    _ source: ImportSource, in folder: String, _ progress: ProgressHandler
  ) async throws -> ImportResult {
    let repository = try VideoRepository(
      git: VidgitError.git { try Repository.create(at: folder, initialBranch: "main") })
    let signature = try repository.signature(options.author)
    var pack = try VidgitError.git { try repository.git.packWriter() }
    var timeline: ImportedTimeline
    switch source {
    case .pictures(let pictures):
      timeline = try await pictures.write(in: repository, jobs: options.jobs, &pack, progress)
    case .pieces(let name, let pieces):
      timeline = try await PieceImport(name: name, pieces: pieces).write(
        jobs: options.jobs, &pack, progress)
    }
    try timeline.writer.finish(&pack)
    let header = timeline.writer.header!
    let message = try message(timeline, header)
    let commit = try VidgitError.git {
      var changes: [String: ObjectID?] = [:]
      for shard in timeline.writer.shards { changes[shard.path] = shard.blob }
      changes[FileNames.header] = try pack.writeBlob(header.fileBytes())
      for (path, descriptor) in timeline.media {
        changes[path] = try pack.writeBlob(descriptor.fileBytes())
      }
      let tree = try pack.updateTree(base: nil, changes: changes)
      let commit = try pack.writeCommit(
        tree: tree, parents: [], author: signature, committer: signature, message: message)
      try pack.flush()
      return commit
    }
    for (path, place) in timeline.places {
      let digest = timeline.media[path]!.sha256
      try repository.media.remember(place, digest: digest)
      if options.keepsCopy { try repository.media.keepCopy(of: place, digest: digest) }
    }
    try repository.publish(
      PendingCommit(
        reference: "refs/heads/main", from: nil, to: commit, workTree: nil, switchesHead: false,
        request: ""),
      log: "import", by: signature)
    return result(timeline, header, commit)
  }

  private func message(_ timeline: ImportedTimeline, _ header: Header) throws -> String {
    let writer = timeline.writer
    let length =
      (try? FrameTimes(durations: [writer.duration], timebase: header.timebase))?.lengthText ?? ""
    var text = "Import \(FileNames.safe(header.name))\n\n"
    text += "\(Counted.text(writer.frameCount, "frame")) of \(header.width)x\(header.height) "
    text += "\(header.pixelFormat), \(length), from \(timeline.media.count) media.\n"
    return try VidgitError.model {
      try PassTrailers(
        pass: "import", recipes: [], range: nil, made: writer.frameCount, reused: 0,
        engine: LibraryVersions.codec
      ).message(text)
    }
  }

  private func result(
    _ timeline: ImportedTimeline, _ header: Header, _ commit: ObjectID
  ) -> ImportResult {
    var notes = timeline.notes
    if timeline.writer.changesShape {
      notes.append("frames differ in size or pixel format; a render fits them")
    }
    return ImportResult(
      directory: options.directory, commit: commit.hex, frames: timeline.writer.frameCount,
      duration: timeline.writer.duration, timebase: header.timebase, width: header.width,
      height: header.height, pixelFormat: header.pixelFormat, media: timeline.media.count,
      audioStreams: header.audio.count, notes: notes)
  }
}
