import Git2
import VidgitModel

/// Media and objects go into a store, and the branches say where.
extension Publish {
  func sendMedia(
    _ repository: VideoRepository, _ site: PublishSite?, _ result: inout PublishResult,
    _ progress: @escaping ProgressHandler
  ) async throws {
    let store = try self.store(repository, site)
    result.transfer = try await send(to: store, repository, &result, progress)
    // A store that nothing went into is nobody's business.
    guard let transfer = result.transfer, transfer.objects + transfer.media + transfer.present > 0
    else { return }
    result.located = try locate(result.branches, in: store, repository)
    if store.publicBase == nil {
      let place = TerminalText.escaped(store.location.text)
      result.notes.append(
        "nothing in the video says where the store '\(store.name)' is: whoever clones it needs "
          + "`vidgit store add \(store.name) \(place)`")
    }
  }

  /// Says that it is not clear which store is meant, before anything is made.
  ///
  /// - Parameter hasReleases: a store comes with the repository.
  func checkStore(_ repository: VideoRepository, hasReleases: Bool) throws {
    if let name = options.store {
      _ = try repository.storeToWrite(name)
      return
    }
    let known = try repository.configuredStores().filter { !$0.location.isReadOnly }
    guard !known.isEmpty || hasReleases else {
      throw VidgitError(
        .usage, "there is no store to send media and pictures to",
        hint: "--no-media pushes the branches alone; `vidgit store add NAS /mnt/nas` adds a store, "
          + "here a folder")
    }
    guard known.count > 1 else { return }
    throw VidgitError(
      .usage, "there are several stores, and media go into one",
      hint: "name it with --store: \(known.map(\.name).joined(separator: ", "))")
  }

  /// The store that pictures go to: the one that was named, the only one, or the releases of the
  /// repository.
  private func store(
    _ repository: VideoRepository, _ site: PublishSite?
  ) throws -> StoreSettings {
    if options.store == nil, let site {
      let known = try repository.configuredStores().filter { !$0.location.isReadOnly }
      if known.isEmpty { try repository.write(site.releases) }
      // Those of another repository are not where this one's are looked for.
      if let own = known.first(where: { $0.location == site.releases.location }) { return own }
    }
    return try repository.storeToWrite(options.store)
  }

  /// Sends what the store lacks. What is neither here nor there may be in the store of whom this was
  /// forked from.
  private func send(
    to store: StoreSettings, _ repository: VideoRepository, _ result: inout PublishResult,
    _ progress: @escaping ProgressHandler
  ) async throws -> TransferResult? {
    var transfer = TransferOptions(directory: options.directory)
    transfer.store = store.name
    transfer.revisions = result.branches.map { "refs/heads/\($0)" }
    // Media that lie with whom this was forked from stay there.
    let media = try result.branches.flatMap { try repository.revision($0).media.values }
    let own = store.publicBase.map { $0 + "/" }
    transfer.takesMedia = media.contains { descriptor in
      descriptor.locations.allSatisfy { place in own.map { place.hasPrefix($0) } ?? false }
    }
    do {
      return try await Push(transfer).run(progress: progress)
    } catch let error as VidgitError where error.kind == .notFound {
      let header = try repository.revision("HEAD").header
      guard header.stores.contains(where: { $0 != store.publicBase }) else { throw error }
      result.notes.append("\(error.message): they stay where they are")
      return nil
    }
  }

  /// Writes into every branch where its media and objects can be fetched by everybody.
  ///
  /// - Returns: the branches that got a commit.
  private func locate(
    _ branches: [String], in store: StoreSettings, _ repository: VideoRepository
  ) throws -> [String] {
    guard let base = store.publicBase else { return [] }
    let isRelease = base.contains("/releases/download/")
    let lock = try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    try repository.finishPending()
    var located: [String] = []
    for branch in branches {
      let revision = try repository.revision("refs/heads/\(branch)")
      var files: [String: [UInt8]] = [:]
      var header = revision.header
      if !header.stores.contains(base) {
        header.stores.append(base)
        files[FileNames.header] = header.fileBytes()
      }
      for (path, descriptor) in revision.media {
        let name = StoreName.media(descriptor.sha256)
        let place = base + "/" + (isRelease ? GitHubReleaseStore.asset(name) : name.text)
        guard !descriptor.locations.contains(place),
          (try? repository.media.path(of: descriptor)) != nil
        else { continue }
        var descriptor = descriptor
        descriptor.locations.append(place)
        files[path] = descriptor.fileBytes()
      }
      if files.isEmpty { continue }
      let message = try VidgitError.model {
        try PassTrailers(pass: "publish").message(
          "Name the store \(base)\n\nMedia and objects can be fetched there by their hashes.")
      }
      _ = try repository.commit(
        files, to: branch, message: message, request: ["publish", branch, base],
        author: options.author)
      located.append(branch)
    }
    return located
  }
}
