import Foundation
import Git2
import VidgitModel

/// Holds a revision against the format, its recipes against their ids, and its objects and media
/// against their hashes; with `isDeep` it makes every frame again.
public struct Verify {
  /// One thing that is wrong, and where: "frames/000000.jsonl:12".
  public struct Fault: Sendable, Hashable {
    public let place: String
    public let reason: String
  }

  public struct Result: Sendable {
    public let commit: String
    public var frames = 0
    /// Of those, the ones that were not made again, since their media are not at hand.
    public var unmadeFrames = 0
    /// The first `Verify.mostFaults`; `faultCount` counts all.
    public var faults: [Fault] = []
    public var faultCount = 0

    mutating func add(_ place: String, _ reason: String) {
      faultCount += 1
      if faults.count < Verify.mostFaults { faults.append(Fault(place: place, reason: reason)) }
    }

    mutating func add(_ place: String, _ error: any Error) {
      add(
        place, (error as? VidgitError)?.message ?? (error as? ModelError)?.description ?? "\(error)"
      )
    }
  }

  public static let mostFaults = 1000

  private let directory: String
  private let spec: String
  private let isDeep: Bool
  private let looksAtStores: Bool

  /// - Parameter looksAtStores: whether the stores must have what the revision needs too.
  public init(
    directory: String, revision: String, isDeep: Bool, looksAtStores: Bool = false
  ) {
    self.directory = directory
    spec = revision
    self.isDeep = isDeep
    self.looksAtStores = looksAtStores
  }

  /// - Throws: `VidgitError` only where there is nothing to look at: no repository, no revision, a
  ///   header that cannot be read, a tree with unsafe names. Everything else is a fault.
  public func run(progress: ProgressHandler = { _ in }) async throws -> Result {
    let repository = try VideoRepository.open(at: directory)
    let revision = try repository.revision(spec)
    var result = Result(commit: revision.commit.hex)
    let shelf = RecipeShelf(repository, revision)
    checkRecipes(repository, revision, &result)
    let timeline = checkTimeline(repository, revision, shelf, &result)
    checkAudio(revision, &result)
    if isDeep, timeline.isReadable {
      try await repository.provide(
        revision,
        recipes: {
          try shelf.recipesOfLines(
            in: Selection(range: nil, frames: nil, of: repository, revision))
        }, wholeMedia: true, isStrict: false, progress)
    }
    let missing = try AbsentMedia(repository, revision, shelf, isReadable: timeline.isReadable)
    missing.report(into: &result)
    if isDeep { try await checkMedia(repository, revision, without: missing, &result) }
    try await checkObjects(repository, revision, timeline.objects, shelf, &result, progress)
    if looksAtStores {
      try await StoreCheck(repository: repository, revision: revision, isDeep: isDeep)
        .run(into: &result, progress)
    }
    if spec == "HEAD" { try checkWorkTree(repository, &result) }
    if isDeep, timeline.isReadable {
      try await DeepVerify(repository, revision, shelf, missing).run(into: &result, progress)
    }
    return result
  }

  private func checkRecipes(
    _ repository: VideoRepository, _ revision: Revision, _ result: inout Result
  ) {
    for (id, blob) in revision.recipeBlobs.sorted(by: { $0.key < $1.key }) {
      do {
        _ = try repository.recipe(id, in: revision)
      } catch {
        result.add(blob.path, error)
      }
    }
  }

  /// Reads every line; a shard that cannot be read is a fault and the others go on.
  private func checkTimeline(
    _ repository: VideoRepository, _ revision: Revision, _ shelf: RecipeShelf,
    _ result: inout Result
  ) -> (objects: [StoredFrame], isReadable: Bool) {
    var objects: [StoredFrame] = []
    var known: Set<FrameKey> = []
    var named: Set<String> = []
    var isReadable = true
    var end: Int64? = 0
    for shard in revision.shards {
      let lines: [FrameLine]
      do {
        lines = try repository.lines(of: shard, in: revision)
      } catch {
        result.add(shard.path, error)
        isReadable = false
        continue
      }
      if !Shard.isName(shard.path) {
        result.add(shard.path, "is no name of a shard: six digits, or these and a part behind '-'")
      }
      for (index, line) in lines.enumerated() {
        let place = "\(shard.path):\(index + 1)"
        result.frames += 1
        do {
          end = try end.map { try ManifestBounds.end(of: line, from: $0, at: place) }
        } catch {
          // Once: every line that follows is beyond the limit too.
          end = nil
          result.add(place, error)
          isReadable = false
        }
        if FileNames.isMediaPath(line.uri), revision.media[line.uri] == nil {
          result.add(place, "names '\(line.uri)', which is not there")
        }
        for id in line.filters where revision.recipeBlobs[id] == nil && named.insert(id).inserted {
          result.add(place, "names the recipe '\(id)', which is not in filters/")
        }
        let key = revision.key(of: line)
        if !line.filters.isEmpty, !line.filters.allSatisfy({ shelf.isExact($0) }),
          known.insert(key).inserted
        {
          objects.append(StoredFrame(key: key, place: place, filters: line.filters))
        }
      }
    }
    if result.frames == 0, isReadable { result.add(FileNames.framesFolder, "holds no frame") }
    return (objects, isReadable)
  }

  private func checkAudio(_ revision: Revision, _ result: inout Result) {
    for audio in revision.header.audio {
      guard let media = revision.media[audio.media] else {
        result.add(FileNames.header, "names '\(audio.media)' for sound, which is not there")
        continue
      }
      if !media.streams.contains(where: { $0.index == audio.stream && $0.type == "audio" }) {
        result.add(
          FileNames.header,
          "names stream \(audio.stream) of '\(audio.media)' for sound, which has none")
      }
    }
  }

  private func checkMedia(
    _ repository: VideoRepository, _ revision: Revision, without missing: AbsentMedia,
    _ result: inout Result
  ) async throws {
    for (path, descriptor) in revision.media.sorted(by: { $0.key < $1.key })
    where missing.media[path] == nil {
      do {
        let file = try repository.media.path(of: descriptor)
        if try await MediaLibrary.hash(file) != descriptor.sha256 {
          result.add(path, "'\(file)' does not have the bytes that its digest says")
        }
      } catch let error where !(error is CancellationError) {
        result.add(path, error)
      }
    }
  }

  private func checkObjects(
    _ repository: VideoRepository, _ revision: Revision, _ objects: [StoredFrame],
    _ shelf: RecipeShelf, _ result: inout Result, _ progress: ProgressHandler
  ) async throws {
    let store = repository.objects
    var rest = objects[...]
    var done = 0
    try await mapInOrder(
      width: Width.of(frameBytes: revision.frameBytes, jobs: nil),
      next: { rest.popFirst() },
      transform: { object in (object, fault: Self.fault(of: object, in: store)) },
      consume: { object, fault in
        if let fault {
          // A recipe that is refused says more than that nothing is stored.
          let refusal =
            (fault as? VidgitError)?.kind == .notFound
            ? object.filters.lazy.compactMap { shelf.obstacle($0) }.first { $0.kind != .notFound }
            : nil
          result.add(object.place, refusal ?? fault)
        }
        done += 1
        progress(OperationProgress(phase: "verify", done: done, total: objects.count))
      })
  }

  private static func fault(of object: StoredFrame, in store: ObjectStore) -> (any Error)? {
    do {
      _ = try store.frame(object.key)
      return nil
    } catch {
      return error
    }
  }

  /// A line's frame that cannot be made again.
  private struct StoredFrame: Sendable {
    let key: FrameKey
    let place: String
    let filters: [String]
  }

  /// Files that were edited and not committed.
  private func checkWorkTree(_ repository: VideoRepository, _ result: inout Result) throws {
    for entry in try VidgitError.git({ try repository.git.status() }) {
      guard entry.path.hasPrefix(FileNames.framesFolder), Shard.isName(entry.path),
        let data = FileManager.default.contents(atPath: "\(repository.path)/\(entry.path)")
      else { continue }
      do {
        _ = try Shard.parse([UInt8](data), file: entry.path)
      } catch {
        result.add(entry.path, error)
      }
    }
  }
}
