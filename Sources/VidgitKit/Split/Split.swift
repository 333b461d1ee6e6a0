import FFmpeg
import Foundation
import Git2
import VidgitModel

/// Makes a repository of a video: decodes it, hashes every frame, and commits the manifest.
///
/// The repository is made in a hidden folder beside its place and moved there when it is whole, so
/// that an interrupted split leaves nothing half made; run again, it starts over.
public struct Split {
  private let options: SplitOptions

  public init(_ options: SplitOptions) {
    self.options = options
  }

  /// - Throws: `VidgitError`: not found or bad input for a video that cannot be read or ends too
  ///   early, conflict for a folder that is in use.
  public func run(progress: ProgressHandler = { _ in }) async throws -> SplitResult {
    let scan = try VideoScan(options)
    let workshop = try SplitFolder(for: options.directory)
    var images: ImageFolder?
    do {
      images = try options.images.map { try ImageFolder($0) }
      let result = try await write(scan, images, in: workshop.path, progress)
      // The pictures first: the repository is what a second run is refused for.
      try images?.moveIntoPlace()
      try workshop.moveIntoPlace()
      return result
    } catch {
      images?.discard()
      workshop.discard()
      throw error
    }
  }

  private func write(
    _ scan: VideoScan, _ images: ImageFolder?, in folder: String, _ progress: ProgressHandler
  ) async throws -> SplitResult {
    let source = scan.path
    let repository = try VideoRepository(
      git: VidgitError.git { try Repository.create(at: folder, initialBranch: "main") })
    let signature = try repository.signature(options.author)
    async let digest = MediaLibrary.hash(source)

    var pack = try VidgitError.git { try repository.git.packWriter() }
    let timeline = try await writeTimeline(scan, images, into: &pack, progress)
    guard let size = FileStatus(path: scan.path)?.size else {
      throw VidgitError.system("read", scan.path, ENOENT)
    }
    let descriptor = scan.descriptor(digest: try await digest, size: size)
    let summary = SplitSummary(scan: scan, timeline: timeline)
    let commit = try VidgitError.git {
      var changes: [String: ObjectID?] = [:]
      for shard in timeline.shards { changes[shard.path] = shard.blob }
      changes[FileNames.header] = try pack.writeBlob(timeline.header!.fileBytes())
      changes[scan.mediaPath] = try pack.writeBlob(descriptor.fileBytes())
      let tree = try pack.updateTree(base: nil, changes: changes)
      let commit = try pack.writeCommit(
        tree: tree, parents: [], author: signature, committer: signature,
        message: summary.message(options))
      try pack.flush()
      return commit
    }
    try repository.media.remember(scan.path, digest: descriptor.sha256)
    if options.keepsCopy {
      try repository.media.keepCopy(of: scan.path, digest: descriptor.sha256)
    }
    try repository.publish(
      PendingCommit(
        reference: "refs/heads/main", from: nil, to: commit, workTree: nil, switchesHead: false,
        request: ""),
      log: "split", by: signature)
    return summary.result(directory: options.directory, commit: commit)
  }

  private func writeTimeline(
    _ scan: VideoScan, _ images: ImageFolder?, into pack: inout PackWriter,
    _ progress: ProgressHandler
  ) async throws -> TimelineWriter {
    var timeline = TimelineWriter()
    timeline.header = try await scan.forEachLine(images: images, progress) {
      try timeline.append($0, to: &pack)
    }
    try timeline.finish(&pack)
    return timeline
  }
}
