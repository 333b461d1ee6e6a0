import Foundation
import Git2
import VidgitModel

/// Looks whether the stores have what a revision needs; deep, also whether the bytes are right.
struct StoreCheck {
  let repository: VideoRepository
  let revision: Revision
  let isDeep: Bool

  private static let readsAtOnce = 6

  /// What is wrong is a fault of the result; a store that is not there is one too.
  func run(into result: inout Verify.Result, _ progress: ProgressHandler) async throws {
    guard let plan = try StoreSet.plan(repository, for: [revision]) else {
      throw VidgitError(
        .usage, "there are no stores to look at", hint: "add one with `vidgit store add NAME URI`")
    }
    var options = TransferOptions(directory: repository.path)
    options.revisions = [revision.commit.hex]
    let wanted = try Wanted(repository, options)
    let needed = wanted.keys.filter { wanted.needed.contains($0) }
    // Of the stores that the repository names, one is enough.
    var inNone: Set<FrameKey>?
    var mediaInNone: Set<Digest>?
    for source in try StoreSet.open(plan, repository).sources {
      let place = "store \(source.store.title)"
      do {
        let catalog = try await source.listed()
        let absent = needed.filter { catalog.places[$0] == nil }
        if source.isStranger {
          if source.holdsObjects { inNone = inNone?.intersection(absent) ?? Set(absent) }
        } else {
          for key in absent {
            result.add(place, "does not have the object of frame \(key.digest.text)")
          }
        }
        if isDeep { try await read(needed, source, catalog, place, &result, progress) }
      } catch let error as VidgitError {
        result.add(place, error)
      }
      var absent: Set<Digest> = []
      for descriptor in wanted.mediaInOrder {
        do {
          let isThere = try await check(descriptor, source, place, &result)
          if !isThere { absent.insert(descriptor.sha256) }
          if !isThere, !source.isStranger {
            result.add(place, "does not have \(Self.words(descriptor))")
          }
        } catch let error as VidgitError {
          result.add(place, error)
        }
      }
      if source.isStranger { mediaInNone = mediaInNone?.intersection(absent) ?? absent }
    }
    let named = "the stores that the repository names"
    for descriptor in wanted.mediaInOrder where mediaInNone?.contains(descriptor.sha256) == true {
      result.add(named, "none has \(Self.words(descriptor))")
    }
    for key in needed where inNone?.contains(key) == true {
      result.add(named, "none has the object of frame \(key.digest.text)")
    }
  }

  private func read(
    _ keys: [FrameKey], _ source: StoreSet.Source, _ catalog: StoreCatalog, _ place: String,
    _ result: inout Verify.Result, _ progress: ProgressHandler
  ) async throws {
    var runs = catalog.runs(of: keys)[...]
    var faults: [VidgitError] = []
    var done = 0
    try await mapInOrder(
      width: Self.readsAtOnce, next: { runs.popFirst() },
      transform: { run -> (Int, [VidgitError]) in
        do {
          let bytes = try await source.store.bytes(
            of: .pack(run.pack), part: run.bytes, limit: Int64(run.bytes.count))
          return (run.objects.count, Self.wrong(in: bytes, run, source))
        } catch let error as VidgitError {
          return (run.objects.count, [error])
        }
      },
      consume: { count, wrong in
        faults += wrong
        done += count
        progress(OperationProgress(phase: "verify stores", done: done, total: keys.count))
      })
    for fault in faults { result.add(place, fault) }
  }

  private static func wrong(
    in bytes: [UInt8], _ run: StoreCatalog.Run, _ source: StoreSet.Source
  ) -> [VidgitError] {
    run.objects.compactMap { key, object in
      let start = Int(object.offset - run.bytes.lowerBound)
      let digest = bytes[start..<start + Int(object.size)].withUnsafeBytes { Digest(of: $0) }
      return digest == object.digest ? nil : ObjectFetch.wrong(key, source)
    }
  }

  /// - Returns: whether it is there, right or wrong.
  private func check(
    _ descriptor: MediaDescriptor, _ source: StoreSet.Source, _ place: String,
    _ result: inout Verify.Result
  ) async throws -> Bool {
    let name = StoreName.media(descriptor.sha256)
    let words = Self.words(descriptor)
    guard let size = try await source.store.size(of: name) else { return false }
    guard size == descriptor.size else {
      result.add(place, "has \(size) bytes for \(words), which has \(descriptor.size)")
      return true
    }
    guard isDeep else { return true }
    let sum = RunningDigest()
    try await source.store.read(name, part: nil, limit: size) { sum.update($0) }
    if sum.digest != descriptor.sha256 {
      let way = source.store.canWrite ? "; `vidgit push --replace` sends it again" : ""
      result.add(place, "has other bytes for \(words)\(way)")
    }
    return true
  }

  private static func words(_ descriptor: MediaDescriptor) -> String {
    "the medium '\(TerminalText.escaped(descriptor.name))' (\(descriptor.sha256.text))"
  }
}

/// A digest of what comes in on another thread.
///
/// `@unchecked Sendable`: one read updates it, in order; its caller looks when that has ended.
private final class RunningDigest: @unchecked Sendable {
  private var builder = DigestBuilder()

  func update(_ piece: UnsafeRawBufferPointer) { builder.update(piece) }
  var digest: Digest { builder.digest() }
}
