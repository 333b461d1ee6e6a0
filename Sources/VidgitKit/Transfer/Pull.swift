import Foundation
import VidgitModel

/// Fetches what is missing here of some revisions: objects that cannot be made again, and media.
public struct Pull {
  private let options: TransferOptions

  public init(_ options: TransferOptions) { self.options = options }

  /// - Throws: `VidgitError`: not found for what no store has - after all else was fetched -,
  ///   verification where a store has other bytes than a hash says.
  public func run(progress: ProgressHandler = { _ in }) async throws -> TransferResult {
    let repository = try VideoRepository.open(at: options.directory)
    let wanted = try Wanted(repository, options)
    let names = options.store.map { [$0] }
    guard let plan = try StoreSet.plan(repository, for: wanted.revisions, only: names) else {
      throw VidgitError(
        .usage, "there is no store to fetch from", hint: "add one with `vidgit store add NAME URI`")
    }
    let set = try StoreSet.open(plan, repository)
    try TemporaryFiles.clear(in: repository.local)
    return try await Self.fetch(
      wanted, wanted.keys.filter { wanted.needed.contains($0) }, set, repository, options, progress)
  }

  static func fetch(
    _ wanted: Wanted, _ keys: [FrameKey], _ set: StoreSet, _ repository: VideoRepository,
    _ options: TransferOptions, _ progress: ProgressHandler
  ) async throws -> TransferResult {
    var result = TransferResult(store: options.store)
    let missing = keys.filter { !repository.objects.has($0) }
    result.present = keys.count - missing.count
    let outcome = try await ObjectFetch(repository.objects, set).fetch(missing, "pull", progress)
    result.objects = outcome.fetched
    result.bytes = outcome.bytes
    var failure = outcome.failure
    var gone: [String] = []
    for descriptor in options.takesMedia ? wanted.mediaInOrder : [] {
      if try repository.isAtHand(descriptor) {
        result.present += 1
        continue
      }
      do {
        if try await repository.fetchWhole(descriptor, set, progress) {
          result.media += 1
          result.bytes += descriptor.size
        } else {
          gone.append(descriptor.name)
        }
      } catch let error as VidgitError where error.kind != .system {
        // The others may be had all the same.
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    guard outcome.missing.isEmpty, gone.isEmpty else {
      set.noteRefused()
      throw Wanted.lacking(
        outcome.missing.count, gone, set.sources.isEmpty ? "in no store" : "not in \(set.titles)",
        done: "all else was fetched")
    }
    return result
  }
}

/// Puts into one store what it lacks and others have.
public struct Rehost {
  private let options: TransferOptions

  /// - Parameter options: with the store's name.
  public init(_ options: TransferOptions) { self.options = options }

  /// What only other stores have comes by way of the local one, where it stays until `vidgit gc`.
  ///
  /// - Throws: as `Pull` and `Push` do.
  public func run(progress: @escaping ProgressHandler = { _ in }) async throws -> TransferResult {
    let repository = try VideoRepository.open(at: options.directory)
    let settings = try repository.storeToWrite(options.store)
    let wanted = try Wanted(repository, options)
    let target = try repository.stores(only: [settings.name]).sources[0]
    let catalog = try await target.listed()
    var options = options
    options.store = nil
    let lacking = wanted.keys.filter { catalog.places[$0] == nil && wanted.needed.contains($0) }
    let plan = try StoreSet.plan(repository, for: wanted.revisions, except: settings.name)
    if let plan {
      var fetching = options
      // Media that the store has already need not pass through here.
      fetching.takesMedia = false
      let set = try StoreSet.open(plan, repository)
      _ = try await Pull.fetch(wanted, lacking, set, repository, fetching, progress)
      for descriptor in options.takesMedia ? wanted.mediaInOrder : [] {
        if try repository.isAtHand(descriptor) { continue }
        if try await target.store.size(of: .media(descriptor.sha256)) == descriptor.size {
          continue
        }
        _ = try await repository.fetchWhole(descriptor, set, progress)
      }
    }
    return try await Push.send(wanted, to: target, settings, repository, options, progress)
  }
}
