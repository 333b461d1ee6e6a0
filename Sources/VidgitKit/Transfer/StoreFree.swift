import Foundation
import VidgitModel

/// What `StoreFree` removed, or would remove.
public struct StoreFreeResult: Sendable {
  public var objects = 0
  /// What these took.
  public var bytes: Int64 = 0
  /// Objects that stay, since the store does not have them as they are here.
  public var kept = 0
}

/// Makes room: removes objects from this machine that a store has byte for byte. What needs them
/// fetches them again.
public struct StoreFree: Sendable {
  private let directory: String
  private let store: String
  private let readsBack: Bool
  private let isDryRun: Bool

  /// - Parameters:
  ///   - store: its name.
  ///   - readsBack: reads every object from the store before it goes here; else the store's index is
  ///     believed.
  ///   - isDryRun: removes nothing.
  public init(directory: String, store: String, readsBack: Bool = true, isDryRun: Bool = false) {
    (self.directory, self.store) = (directory, store)
    (self.readsBack, self.isDryRun) = (readsBack, isDryRun)
  }

  private static let readsAtOnce = 4

  /// Media stay: the bytes of a film are only compared whole.
  ///
  /// - Throws: `VidgitError`: not found for an unknown store, conflict while another command works in
  ///   the repository, and what the store says; what has been removed by then, the store has.
  public func run(progress: ProgressHandler = { _ in }) async throws -> StoreFreeResult {
    let repository = try VideoRepository.open(at: directory)
    _ = try repository.configuredStore(store)
    let source = try repository.stores(only: [store]).sources[0]
    let lock = try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    let catalog = try await source.listed()
    var files: [FrameKey: StoredFile] = [:]
    for file in try StoredFile.all(in: repository.local) {
      if let key = file.key { files[key] = file }
    }
    var runs = catalog.runs(of: files.keys)[...]
    var result = StoreFreeResult()
    try await mapInOrder(
      width: Self.readsAtOnce, next: { runs.popFirst() },
      transform: { [files] run in try await free(run, files, source.store) },
      consume: { freed in
        result.objects += freed.count
        result.bytes += freed.reduce(0) { $0 + $1.size }
        progress(OperationProgress(phase: "free", done: result.objects, total: files.count))
      })
    result.kept = files.count - result.objects
    return result
  }

  /// Removes those objects of a run that are the same here and there.
  private func free(
    _ run: StoreCatalog.Run, _ files: [FrameKey: StoredFile], _ store: any Store
  ) async throws -> [StoredFile] {
    var there: [UInt8]?
    if readsBack {
      there = try await store.bytes(
        of: .pack(run.pack), part: run.bytes, limit: Int64(run.bytes.count))
    }
    return try await blocking { [there] in
      try run.objects.compactMap { key, place in
        let file = files[key]!
        if let there {
          let start = Int(place.offset - run.bytes.lowerBound)
          let digest = there[start..<start + Int(place.size)].withUnsafeBytes { Digest(of: $0) }
          guard digest == place.digest else { return nil }
        }
        guard try MediaLibrary.digest(of: file.path) == place.digest else { return nil }
        if !isDryRun { try file.remove() }
        return file
      }
    }
  }
}
