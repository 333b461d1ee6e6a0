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
  let options: PublishOptions

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
    var isGitHub = false
    if case .gitHub = address { isGitHub = true }
    if options.takesMedia { try checkStore(repository, hasReleases: isGitHub) }
    var site: PublishSite?
    if case .gitHub(let owner, let name) = address {
      result.notes += try PublishLimits.check(branches, of: repository)
      let made = try await PublishSite(owner, name, options, settings)
      (result.url, result.isNew) = (made.url, made.isNew)
      site = made
    }
    try addOrigin(transport.url, repository)
    // A release needs a commit, so that branches go first.
    result.branches = branches.map(\.name)
    try await push(result.branches, of: repository, transport, progress)
    try await site.withToken {
      if options.takesMedia {
        try await sendMedia(repository, site, &result, progress)
        if !result.located.isEmpty {
          try await push(result.branches, of: repository, transport, progress)
        }
      }
      try await sendViews(repository, site, transport, &result, progress)
    }
    return result
  }

  private func push(
    _ names: [String], of repository: VideoRepository, _ transport: GitTransport,
    _ progress: @escaping ProgressHandler
  ) async throws {
    let branches = try names.map { ($0, try repository.commit("refs/heads/\($0)")) }
    try await transport.push(
      from: repository.path, names.map { "refs/heads/\($0):refs/heads/\($0)" }, progress)
    repository.track(branches, at: transport.url, transport.settings, author: options.author)
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
    guard options.hasPages else {
      if site != nil, try await PublishPages.isOld(result.branches, repository, transport) {
        result.notes.append(
          "the page shows an older state: `vidgit publish --pages` brings it up to date")
      }
      return
    }
    guard let site else {
      throw VidgitError(
        .usage, "pages are served by GitHub, and this goes elsewhere",
        hint: "write them with `vidgit export page -o DIR`, and serve the folder as any other")
    }
    let pages = try await PublishPages(
      directory: options.directory, branches: options.branches == nil ? nil : result.branches,
      author: options.author
    ).run(site, transport, progress)
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
    let branches = try VidgitError.git { try repository.git.branches() }
    for name in options.branches ?? [] where !branches.contains(where: { $0.name == name }) {
      throw VidgitError(
        .notFound, "there is no branch '\(TerminalText.escaped(name))'",
        hint: "`vidgit branch` lists them; what follows the address are branches to publish")
    }
    for branch in branches where options.branches?.contains(branch.name) != false {
      do {
        _ = try repository.revision(branch.commit)
        variants.append((branch.name, branch.commit))
      } catch let error as VidgitError where options.branches == nil {
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
}
