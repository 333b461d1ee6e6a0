import Foundation
import Git2
import VidgitModel

/// What `Publish` is asked to do.
public struct PublishOptions: Sendable {
  /// Any folder of the repository.
  public var directory: String
  /// Where to: OWNER/NAME on GitHub, or what else Git pushes to; nil is where it came from.
  public var target: String?
  /// These branches alone; nil takes all that hold a video.
  public var branches: [String]?
  /// A repository that is made is private.
  public var isPrivate = false
  /// Media and objects go along, into a store.
  public var takesMedia = true
  /// The store by its name; nil is the only one, or the releases of the repository on GitHub.
  public var store: String?
  /// Makes a web page of it, which GitHub serves.
  public var hasPages = false
  /// The frames of the current branch as pictures on a branch of their own.
  public var images: ImageFormat?
  /// One picture for so many frames.
  public var every = 1
  public var author: Author?
  /// The caller's environment: `GH_TOKEN`, and what `git credential` needs.
  public var variables: [String: String] = [:]

  public init(directory: String) {
    self.directory = directory
  }
}

/// What `Publish` did.
public struct PublishResult: Sendable {
  /// Where it can be looked at, or cloned from.
  public var url: String
  /// The repository was made.
  public var isNew = false
  /// The branches that were pushed.
  public var branches: [String] = []
  /// What went into the store; nil where nothing was to go.
  public var transfer: TransferResult?
  /// Branches that got a commit which says where the media are.
  public var located: [String] = []
  /// Where the web page is.
  public var pages: String?
  /// The branch of pictures, and how many it holds.
  public var images: (branch: String, count: Int)?
  public var notes: [String] = []
}

/// Puts a video's branches, and its media and objects, where others can fork them.
///
/// Every step looks first at what is there: run again, it sends what is new.
public struct Publish {
  private let options: PublishOptions

  public init(_ options: PublishOptions) {
    self.options = options
  }

  /// - Throws: `VidgitError`: usage where it is not clear where to, conflict for a repository of
  ///   somebody else's or a branch that has gone elsewhere, refused without a token.
  public func run(progress: @escaping ProgressHandler = { _ in }) async throws -> PublishResult {
    let repository = try VideoRepository.open(at: options.directory)
    let settings = try ShareSettings(repository, variables: options.variables)
    let text = try addressText(repository)
    let address = try VidgitError.model(.usage) {
      try settings.address(text)
    }
    let transport = try GitTransport(address, as: text, settings)
    var result = PublishResult(url: transport.url)
    let branches = try variants(repository, &result)
    if options.takesMedia { try checkStore(repository) }
    var site: PublishSite?
    if case .gitHub(let owner, let name) = address {
      result.notes += try PublishLimits.check(branches, of: repository)
      let made = try await PublishSite(owner, name, options, settings)
      (result.url, result.isNew) = (made.url, made.isNew)
      site = made
    }
    try addOrigin(transport.url, repository)
    // A release needs a commit, so that branches go first.
    let names = branches.map(\.name)
    let refspecs = names.map { "refs/heads/\($0):refs/heads/\($0)" }
    try await transport.push(from: repository.path, refspecs, progress)
    result.branches = names
    try await site.withToken {
      if options.takesMedia {
        try await sendMedia(repository, site, &result, progress)
        if !result.located.isEmpty {
          try await transport.push(from: repository.path, refspecs, progress)
        }
      }
      try await sendViews(repository, site, transport, &result, progress)
    }
    return result
  }

  private func sendMedia(
    _ repository: VideoRepository, _ site: PublishSite?, _ result: inout PublishResult,
    _ progress: @escaping ProgressHandler
  ) async throws {
    let store = try self.store(repository, site)
    result.transfer = try await send(to: store, repository, &result, progress)
    // A store that nothing went into is nobody's business.
    guard let transfer = result.transfer, transfer.objects + transfer.media + transfer.present > 0
    else { return }
    result.located = try locate(result.branches, in: store, repository)
  }

  /// The web page, and pictures to look at.
  private func sendViews(
    _ repository: VideoRepository, _ site: PublishSite?, _ transport: GitTransport,
    _ result: inout PublishResult, _ progress: @escaping ProgressHandler
  ) async throws {
    if let format = options.images {
      guard let branch = try repository.currentBranch() else {
        throw VidgitError(
          .conflict, "HEAD is not on a branch, whose frames would be published",
          hint: "`vidgit switch` to the variant first")
      }
      result.images = try await PublishImages(
        directory: options.directory, format: format, every: options.every,
        author: options.author
      ).run(branch, transport, progress)
    }
    guard options.hasPages else { return }
    guard let site else {
      throw VidgitError(
        .usage, "pages are served by GitHub, and this goes elsewhere",
        hint: "write them with `vidgit export page -o DIR`, and serve the folder as any other")
    }
    let pages = try await PublishPages(directory: options.directory, author: options.author)
      .run(site, transport, progress)
    result.pages = pages.url
    result.notes += pages.notes
  }

  private func addressText(_ repository: VideoRepository) throws -> String {
    let origin = try VidgitError.git { try repository.git.remoteURL("origin") }
    guard let text = options.target ?? origin else {
      throw VidgitError(
        .usage, "it is not clear where to publish: there is no remote 'origin'",
        hint: "`vidgit publish OWNER/NAME` makes a repository on GitHub; elsewhere name its address"
      )
    }
    return text
  }

  /// The branches that hold a video.
  private func variants(
    _ repository: VideoRepository, _ result: inout PublishResult
  ) throws -> [(name: String, commit: ObjectID)] {
    var variants: [(name: String, commit: ObjectID)] = []
    for branch in try VidgitError.git({ try repository.git.branches() })
    where options.branches?.contains(branch.name) != false {
      do {
        _ = try repository.revision(branch.commit)
        variants.append((branch.name, branch.commit))
      } catch let error as VidgitError {
        result.notes.append("the branch '\(branch.name)' was left out: \(error.message)")
      }
    }
    guard !variants.isEmpty else {
      throw VidgitError(.notFound, "no branch holds a video")
    }
    return variants
  }

  private func addOrigin(_ url: String, _ repository: VideoRepository) throws {
    try VidgitError.git {
      if try repository.git.remoteURL("origin") == nil {
        try repository.git.addRemote("origin", url: url)
      }
    }
  }

  /// Says that it is not clear which store is meant, before anything is made.
  private func checkStore(_ repository: VideoRepository) throws {
    if let name = options.store {
      _ = try repository.storeToWrite(name)
      return
    }
    let known = try repository.configuredStores().filter { !$0.location.isReadOnly }
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
    _ = try repository.finishPending()
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
