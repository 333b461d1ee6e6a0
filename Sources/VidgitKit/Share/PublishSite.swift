import Git2
import VidgitModel

/// A repository on GitHub that is published to: looked up, or made.
struct PublishSite: Sendable {
  let url: String
  let isNew: Bool
  /// Where its media and objects go where the user has no store.
  let releases: StoreSettings
  private let api: GitHubAPI
  /// "owner/name"
  let fullName: String

  /// - Throws: `VidgitError`: conflict where it is somebody else's, or open where it is to be private.
  init(
    _ owner: String, _ name: String, _ options: PublishOptions, _ settings: ShareSettings
  ) async throws {
    let api = try await settings.userAPI()
    let user = try await api.user()
    let known = try await api.repository(owner, name)
    if let known {
      guard known.mayPush else {
        throw VidgitError(
          .conflict, "the repository '\(known.fullName)' is there, and you may not push to it",
          hint: "fork it: `vidgit fork \(known.fullName)`, or publish under another name")
      }
      guard known.isPrivate || !options.isPrivate else {
        throw VidgitError(
          .conflict,
          "the repository '\(known.fullName)' is there already, and everybody can see it",
          hint: "publish under another name, or make it private on GitHub first")
      }
    }
    let info =
      if let known { known } else {
        try await api.create(
          owner, name, user: user, description: "A video under version control, made with vidgit",
          isPrivate: options.isPrivate)
      }
    isNew = known == nil
    url = "\(settings.gitHub.web)/\(info.fullName)"
    self.api = api
    fullName = info.fullName
    var releases = StoreSettings(
      name: "release",
      location: .gitHubRelease(owner: info.owner, repository: info.name, tag: Self.tag))
    if settings.gitHub.api != "https://api.github.com" { releases.endpoint = settings.gitHub.api }
    // Nobody else can read those of a private repository without a key.
    if !info.isPrivate { releases.publicBase = "\(url)/releases/download/\(Self.tag)" }
    self.releases = releases
  }

  private static let tag = "vidgit"

  /// The address of its web site; nil where there is none.
  func pages() async throws -> String? { try await api.pages(of: fullName)?.url }

  /// Serves a folder of a branch as its web site.
  ///
  /// - Returns: the address.
  /// - Throws: `VidgitError`: conflict where another site of the user's is there.
  func servePages(branch: String, folder: String) async throws -> String {
    if let known = try await api.pages(of: fullName) {
      guard known.branch == branch else {
        throw VidgitError(
          .conflict, "'\(fullName)' has a web site of the branch '\(known.branch)' already",
          hint: "the page was pushed to '\(branch)': choose that branch in the settings of the "
            + "repository, or write the page elsewhere with `vidgit export page -o DIR`")
      }
      return known.url
    }
    try await api.servePages(of: fullName, branch: branch, folder: folder)
    guard let made = try await api.pages(of: fullName) else {
      throw VidgitError(
        .system, "GitHub has not begun to serve the page of '\(fullName)'",
        hint: "run the same command again in a minute")
    }
    return made.url
  }

  /// Runs `body` with the token that GitHub takes, wherever it was found.
  fileprivate func run<T>(_ body: () async throws -> T) async throws -> T {
    var access = StoreAccess.current ?? StoreAccess()
    access.gitHubToken = api.host.token ?? access.gitHubToken
    return try await StoreAccess.$current.withValue(access) { try await body() }
  }
}

extension PublishSite? {
  /// The same; elsewhere there is no such token.
  func withToken<T>(_ body: () async throws -> T) async throws -> T {
    if let self { try await self.run(body) } else { try await body() }
  }
}
