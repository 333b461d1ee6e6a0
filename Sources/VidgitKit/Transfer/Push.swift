import Foundation
import VidgitModel

/// Sends what a store lacks of some revisions: objects in packs, and media.
///
/// By hash, so that nothing is sent twice; cut short at any instant, the next run goes on.
public struct Push {
  private let options: TransferOptions

  public init(_ options: TransferOptions) { self.options = options }

  private static let packsAtOnce = 3
  private static let mostListTries = 8

  /// - Throws: `VidgitError`: usage where it is not clear which store is meant or it is for reading,
  ///   not found for what is neither here nor there - after all else was sent -, and what the store
  ///   says.
  public func run(
    progress: @escaping ProgressHandler = { _ in }
  ) async throws -> TransferResult {
    let repository = try VideoRepository.open(at: options.directory)
    let settings = try repository.storeToWrite(options.store)
    let wanted = try Wanted(repository, options)
    let set = try repository.stores(only: [settings.name])
    return try await Self.send(wanted, to: set.sources[0], settings, repository, options, progress)
  }

  static func send(
    _ wanted: Wanted, to source: StoreSet.Source, _ settings: StoreSettings,
    _ repository: VideoRepository, _ options: TransferOptions,
    _ progress: @escaping ProgressHandler
  ) async throws -> TransferResult {
    let folder = repository.local.sending
    try DurableFile.makeFolder(folder)
    guard let lock = try FileLock(path: "\(folder)/lock") else {
      throw VidgitError(
        .conflict, "another vidgit is sending from here",
        hint: "wait until it is done, and run the same command again")
    }
    defer { withExtendedLifetime(lock) {} }
    // What a run that was killed has left.
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name != "lock" {
      unlink("\(folder)/\(name)")
    }
    var result = TransferResult(store: settings.name)
    let catalog = try await source.listed()
    let absent = wanted.keys.filter { catalog.places[$0] == nil }
    let here = absent.filter { repository.objects.has($0) }
    let missing = absent.count { wanted.needed.contains($0) && !repository.objects.has($0) }
    result.present = wanted.keys.count - absent.count
    var media: [(descriptor: MediaDescriptor, path: String)] = []
    var gone: [String] = []
    if options.takesMedia {
      (media, gone) = try await absentMedia(
        wanted, in: source.store, repository, replaces: options.replacesMedia, &result)
    }
    let bytes = here.reduce(0) {
      $0 + (FileStatus(path: repository.objects.path(of: $1))?.size ?? 0)
    }
    let meter = UploadMeter(
      total: media.reduce(bytes) { $0 + $1.descriptor.size }, progress)
    try await sendPacks(
      PackBuilder(repository.objects, here, folder: folder), to: source.store, &result, meter)
    if result.objects > 0 || !catalog.packs.isEmpty { try await writeList(in: source.store) }
    source.forget()
    for (descriptor, path) in media {
      try await meter.watch(descriptor.size) {
        try await source.store.put(
          StoreName.media(descriptor.sha256),
          .file(path: path, size: descriptor.size, digest: descriptor.sha256),
          replaces: options.replacesMedia)
      }
      result.media += 1
      result.bytes += descriptor.size
    }
    guard missing == 0, gone.isEmpty else {
      throw Wanted.lacking(
        missing, gone, "neither here nor in the store \(source.store.title)",
        done: "all else was sent")
    }
    return result
  }

  private static func sendPacks(
    _ builder: PackBuilder, to store: any Store, _ result: inout TransferResult,
    _ meter: UploadMeter
  ) async throws {
    var sent = result
    defer { result = sent }
    try await mapInOrder(
      width: packsAtOnce, next: { try builder.next() },
      transform: { pack in
        defer { unlink(pack.path) }
        // A pack counts when its index is there, so that comes after it.
        try await meter.watch(pack.index.packSize) {
          try await store.put(
            .pack(pack.digest),
            .file(path: pack.path, size: pack.index.packSize, digest: pack.digest),
            replaces: false)
        }
        try await store.put(
          .index(of: pack.digest), .bytes(pack.index.encoded()), replaces: false)
        return pack
      },
      consume: { pack in
        sent.objects += pack.index.entries.count
        sent.bytes += pack.index.packSize
      })
  }

  /// Writes what packs there are, for readers who cannot list, until it is so: whoever writes last
  /// has seen all.
  private static func writeList(in store: any Store) async throws {
    for _ in 0..<mostListTries {
      let list = PackList(try await StoreCatalog.packs(of: store)).encoded()
      do {
        if try await store.bytes(of: .packList, limit: Int64(PackList.largest)) == list { return }
      } catch let error as VidgitError where error.kind == .notFound || error.kind == .verification
      {
        // None yet, or one that is no list.
      }
      try await store.put(.packList, .bytes(list), replaces: true)
    }
  }

  /// The media that a store lacks, and the names of those that are not here either.
  ///
  /// - Parameter replaces: those that are there go once more.
  private static func absentMedia(
    _ wanted: Wanted, in store: any Store, _ repository: VideoRepository, replaces: Bool,
    _ result: inout TransferResult
  ) async throws -> (media: [(descriptor: MediaDescriptor, path: String)], gone: [String]) {
    var media: [(descriptor: MediaDescriptor, path: String)] = []
    var gone: [String] = []
    for descriptor in wanted.mediaInOrder {
      if !replaces, try await store.size(of: .media(descriptor.sha256)) == descriptor.size {
        result.present += 1
        continue
      }
      do {
        media.append((descriptor, try repository.media.path(of: descriptor)))
      } catch let error as VidgitError where error.kind == .notFound || error.kind == .verification
      {
        gone.append(descriptor.name)
      }
    }
    return (media, gone)
  }
}

extension VideoRepository {
  /// The store to send to: the one of that name, else the only one that can be written.
  func storeToWrite(_ name: String?) throws -> StoreSettings {
    if let name {
      let found = try configuredStore(name)
      guard !found.location.isReadOnly else {
        throw VidgitError(
          .usage, "the store \(found.title) is for reading",
          hint: "add the place behind it, such as s3:// or file:, with `vidgit store add`")
      }
      return found
    }
    let all = try configuredStores().filter { !$0.location.isReadOnly }
    guard let only = all.first, all.count == 1 else {
      throw VidgitError(
        .usage, all.isEmpty ? "there is no store to send to" : "there are several stores",
        hint: all.isEmpty
          ? "add one with `vidgit store add NAME URI`"
          : "name one of them: \(all.map(\.name).joined(separator: ", "))")
    }
    return only
  }

  /// The stores of these names, opened.
  func stores(only names: [String]) throws -> StoreSet {
    guard let plan = try StoreSet.plan(self, for: [], only: names) else {
      throw VidgitError(.usage, "no store may be called here")
    }
    return try StoreSet.open(plan, self)
  }
}
