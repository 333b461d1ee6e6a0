import Foundation
import VidgitModel

extension VideoRepository {
  /// The sources that have a medium in its right length; a store that fails is noted.
  func sources(of descriptor: MediaDescriptor, _ set: StoreSet) async throws
    -> (found: [StoreSet.Source], failure: VidgitError?)
  {
    var found: [StoreSet.Source] = []
    var failure: VidgitError?
    for source in set.sources {
      do {
        let size = try await source.store.size(of: .media(descriptor.sha256))
        guard let size else { continue }
        if size == descriptor.size {
          found.append(source)
        } else {
          failure =
            failure
            ?? StoreFault.wrongBytes(
              "the medium '\(TerminalText.escaped(descriptor.name))'", source.store.title)
        }
      } catch let error as VidgitError {
        failure = failure ?? error
        set.note("\(error.message); the next store is asked")
      }
    }
    return (found, failure)
  }

  /// Fetches a medium into the repository's own folder.
  ///
  /// - Returns: false where no store has it.
  /// - Throws: `VidgitError`: verification where what they have has other bytes.
  func fetchWhole(
    _ descriptor: MediaDescriptor, _ set: StoreSet, _ progress: ProgressHandler
  ) async throws -> Bool {
    let (sources, failure) = try await sources(of: descriptor, set)
    guard !sources.isEmpty else {
      if let failure { throw failure }
      return false
    }
    // One that has wrong bytes spoils the whole: then the others are asked alone.
    for (index, source) in sources.enumerated() {
      do {
        let file = try PartialFile(
          descriptor, folder: local.partial, sources: index == 0 ? sources : [source],
          note: set.note)
        try DurableFile.makeFolder(local.media)
        try await file.complete(descriptor.sha256, to: media.copyPath(of: descriptor.sha256)) {
          progress(
            OperationProgress(
              phase: "fetch \(TerminalText.escaped(descriptor.name))", done: Int($0 >> 20),
              total: Int(descriptor.size >> 20), unit: "MiB"))
        }
        try media.rememberCopy(of: descriptor.sha256)
        return true
      } catch let error as VidgitError
        where error.kind == .verification && index + 1 < sources.count
      {
        set.note("\(error.message); the next store is asked")
      }
    }
    return false
  }

  /// Has a medium fetched as it is read; false where no store has it.
  func fetchAsRead(_ descriptor: MediaDescriptor, _ set: StoreSet) async throws -> Bool {
    let (sources, failure) = try await sources(of: descriptor, set)
    guard !sources.isEmpty else {
      if let failure { throw failure }
      return false
    }
    media.partial.add(
      try PartialFile(descriptor, folder: local.partial, sources: sources, note: set.note),
      descriptor.sha256)
    return true
  }

  /// Whether a medium is on this machine, as far as can be told at once.
  func isAtHand(_ descriptor: MediaDescriptor) throws -> Bool {
    do {
      _ = try media.path(of: descriptor)
      return true
    } catch let error as VidgitError where error.kind == .notFound || error.kind == .verification {
      return false
    }
  }
}
