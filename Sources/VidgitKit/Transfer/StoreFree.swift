import Foundation
import VidgitModel

/// What `StoreFree` removed, or would remove.
public struct StoreFreeResult: Sendable {
  public var objects = 0
  /// What these took.
  public var bytes: Int64 = 0
  /// Objects that stay, since the store does not have them.
  public var kept = 0
}

/// Makes room: removes objects from this machine that a store has byte for byte. What needs them
/// fetches them again.
public struct StoreFree {
  private let directory: String
  private let store: String
  private let isDryRun: Bool

  /// - Parameters:
  ///   - store: its name.
  ///   - isDryRun: removes nothing.
  public init(directory: String, store: String, isDryRun: Bool = false) {
    (self.directory, self.store, self.isDryRun) = (directory, store, isDryRun)
  }

  private static let readsAtOnce = 4

  /// Media stay: the bytes of a film are only compared whole.
  ///
  /// - Throws: `VidgitError`: not found for an unknown store, conflict while another command works in
  ///   the repository, and what the store says; then nothing is removed.
  public func run(progress: ProgressHandler = { _ in }) async throws -> StoreFreeResult {
    let repository = try VideoRepository.open(at: directory)
    _ = try repository.configuredStore(store)
    let source = try repository.stores(only: [store]).sources[0]
    let lock = try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    let catalog = try await source.listed()
    let files = try StoredFile.all(in: repository.local).filter { $0.key != nil }
    var rest = files[...]
    var result = StoreFreeResult()
    let isDryRun = isDryRun
    try await mapInOrder(
      width: Self.readsAtOnce, next: { rest.popFirst() },
      transform: { file in
        guard let place = catalog.places[file.key!], place.size == file.size else { return nil }
        return try await blocking { () -> Int64? in
          guard try MediaLibrary.digest(of: file.path) == place.digest else { return nil }
          if !isDryRun { try file.remove() }
          return file.size
        }
      },
      consume: { (freed: Int64?) in
        if let freed {
          result.objects += 1
          result.bytes += freed
        } else {
          result.kept += 1
        }
        progress(
          OperationProgress(phase: "free", done: result.objects + result.kept, total: files.count))
      })
    return result
  }
}
