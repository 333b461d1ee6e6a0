import Foundation
import VidgitModel

/// The objects in the packs of one store, as they were when it was listed.
struct StoreCatalog: Sendable {
  struct Place: Sendable {
    /// Which of `packs`.
    let pack: Int
    let offset: Int64
    let size: Int64
    let digest: Digest
  }

  let store: any Store
  private(set) var packs: [Digest] = []
  private(set) var places: [FrameKey: Place] = [:]

  /// A piece of a pack that one request fetches, with the objects in it.
  struct Run: Sendable {
    let pack: Digest
    let bytes: Range<Int64>
    let objects: [(key: FrameKey, place: Place)]
  }

  /// Bytes that are fetched though nobody wants them, where that saves a request.
  private static let mostWaste: Int64 = 64 << 10
  private static let indexesAtOnce = 8
  /// A store is a stranger's input too: more than this is more than memory should hold.
  private static let mostPacks = 100_000
  private static let mostObjects = 8_000_000

  private static func tooMany(_ store: any Store) -> VidgitError {
    VidgitError(
      .refused, "the store \(store.title) has more packs or objects than are read",
      hint: "use a prefix or a folder of its own for each group of videos")
  }

  /// Lists a store: one call for the packs, and one for each index that is not known yet.
  ///
  /// - Parameters:
  ///   - folder: where indexes are remembered; they never change.
  ///   - note: is told of packs that are not as they should be, which are passed over.
  init(
    of store: any Store, folder: String, note: @escaping @Sendable (String) -> Void
  ) async throws {
    self.store = store
    let sizes = try await Self.packs(of: store)
    let folder = "\(folder)/\(Digest(of: Array(store.title.utf8)).hex.prefix(16))"
    guard sizes.count <= Self.mostPacks else { throw Self.tooMany(store) }
    if !sizes.isEmpty { try DurableFile.makeFolder(folder) }
    var rest = sizes.sorted { $0.key < $1.key }[...]
    var found: [(Digest, PackIndex)] = []
    var count = 0
    try await mapInOrder(
      width: Self.indexesAtOnce, next: { rest.popFirst() },
      transform: { pack in
        do {
          return (pack.key, try await Self.index(of: pack.key, pack.value, store, folder))
        } catch let error as VidgitError where error.kind != .system {
          note("\(error.message); the pack was passed over")
          return nil
        }
      },
      consume: { (result: (Digest, PackIndex)?) in
        guard let result else { return }
        count += result.1.entries.count
        guard count <= Self.mostObjects else { throw Self.tooMany(store) }
        found.append(result)
      })
    for (digest, index) in found {
      for entry in index.entries {
        places[entry.key] = Place(
          pack: packs.count, offset: entry.offset, size: entry.size, digest: entry.digest)
      }
      packs.append(digest)
    }
  }

  /// The packs of a store with their sizes: those that have an index too.
  static func packs(of store: any Store) async throws -> [Digest: Int64] {
    guard store.canList else {
      do {
        let bytes = try await store.bytes(of: .packList, limit: Int64(PackList.largest))
        return try VidgitError.model {
          try PackList(parsing: bytes, what: "the list of packs of the store \(store.title)")
        }.packs
      } catch let error as VidgitError where error.kind == .notFound {
        return [:]
      }
    }
    let names = try await store.list("packs/")
    var packs: [Digest: Int64] = [:]
    for (name, size) in names {
      if case .pack(let digest) = name.kind, names[.index(of: digest)] != nil {
        packs[digest] = size
      }
    }
    return packs
  }

  private static func index(
    of pack: Digest, _ size: Int64, _ store: any Store, _ folder: String
  ) async throws -> PackIndex {
    let path = "\(folder)/\(pack.hex).index"
    let what = "the index of the pack \(pack.hex.prefix(12)) in the store \(store.title)"
    if let known = FileManager.default.contents(atPath: path),
      let index = try? PackIndex(parsing: [UInt8](known), what: what), index.packSize == size,
      (try? ObjectSize.check(index, what)) != nil
    {
      return index
    }
    let bytes = try await store.bytes(of: .index(of: pack), limit: Int64(PackIndex.largest))
    let index = try VidgitError.model { try PackIndex(parsing: bytes, what: what) }
    guard index.packSize == size else {
      throw VidgitError(.verification, "\(what) is not that of a pack of \(size) bytes")
    }
    try ObjectSize.check(index, what)
    // Half of one is told by its last line, and a lost one is fetched again: no fsync.
    try? Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    return index
  }

  /// The requests that fetch those of `keys` that the store has, in the order of its packs.
  func runs(of keys: some Sequence<FrameKey>) -> [Run] {
    var wanted: [Int: [(key: FrameKey, place: Place)]] = [:]
    for key in keys {
      if let place = places[key] { wanted[place.pack, default: []].append((key, place)) }
    }
    return wanted.sorted { $0.key < $1.key }.flatMap { pack, objects in
      runs(ofPack: packs[pack], objects.sorted { $0.place.offset < $1.place.offset })
    }
  }

  private func runs(ofPack pack: Digest, _ objects: [(key: FrameKey, place: Place)]) -> [Run] {
    var runs: [Run] = []
    var open: [(key: FrameKey, place: Place)] = []
    func close() {
      guard let first = open.first, let last = open.last else { return }
      runs.append(
        Run(
          pack: pack, bytes: first.place.offset..<last.place.offset + last.place.size,
          objects: open))
      open = []
    }
    for object in objects {
      if let first = open.first, let last = open.last {
        let gap = object.place.offset - last.place.offset - last.place.size
        let length = object.place.offset + object.place.size - first.place.offset
        if gap > Self.mostWaste || length > store.partSize { close() }
      }
      open.append(object)
    }
    close()
    return runs
  }
}
