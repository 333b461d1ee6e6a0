import Foundation
import Git2
import VidgitModel

/// What a splice puts in: lines of another timeline, with all that they name.
struct SpliceMaterial {
  /// For people, without a path.
  let name: String
  private(set) var lines: [FrameLine] = []
  /// What the lines' durations, shapes and sounds are to be read with.
  let header: Header
  /// By path, those that lines name and perhaps more.
  let media: [String: MediaDescriptor]
  /// The files of the recipes that lines name, by id.
  private(set) var recipes: [String: [UInt8]] = [:]
  /// The lines were made of a video just now.
  let isNew: Bool

  /// The timeline of another revision of the same repository.
  ///
  /// - Parameter like: shards that this timeline shares are not read again.
  init(
    _ commit: ObjectID, named name: String, range: RangeExpression?,
    _ repository: VideoRepository, like known: Timeline
  ) throws {
    let revision = try repository.revision(commit)
    let timeline = try repository.timeline(of: revision, like: known)
    self.name = name
    header = revision.header
    media = revision.media
    isNew = false
    let times = try timeline.times()
    guard times.count > 0 else {
      throw VidgitError(.badInput, "the timeline of '\(name)' has no frames")
    }
    let part = try VidgitError.model(.usage) { try range?.resolve(in: times) }
    lines = Array(timeline.lines[part ?? 0..<times.count])
    var chain: [String] = []
    for line in lines where line.filters != chain {
      chain = line.filters
      for id in chain where recipes[id] == nil {
        // Reading it holds it against its id.
        _ = try repository.recipe(id, in: revision)
        let blob = revision.recipeBlobs[id]!
        recipes[id] = try repository.bytes(of: blob.id, blob.path, limit: 1 << 20)
      }
    }
  }

  /// A video that is decoded and hashed as a split does; its path is remembered.
  init(
    video: String, range: RangeExpression?, _ repository: VideoRepository,
    _ progress: ProgressHandler
  ) async throws {
    var options = SplitOptions(video: video, directory: "")
    options.range = range
    let scan = try VideoScan(options)
    let path = scan.path
    async let digest = MediaLibrary.hash(path)
    var lines: [FrameLine] = []
    header = try await scan.forEachLine(progress) { lines.append($0) }
    guard let size = FileStatus(path: path)?.size else {
      throw VidgitError.system("read", path, ENOENT)
    }
    let descriptor = scan.descriptor(digest: try await digest, size: size)
    try repository.media.remember(path, digest: descriptor.sha256)
    name = FileNames.safe(descriptor.name)
    media = [scan.mediaPath: descriptor]
    isNew = true
    self.lines = lines
  }
}
