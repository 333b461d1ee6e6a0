import Git2
import VidgitModel

/// A repository on GitHub that is published to: looked up, or made.
struct PublishSite: Sendable {
  let url: String
  let isNew: Bool
  /// Where its media and objects go where the user has no store.
  let releases: StoreSettings
  private let token: String?

  /// - Throws: `VidgitError`: conflict where it is somebody else's, or open where it is to be private.
  init(
    _ owner: String, _ name: String, _ options: PublishOptions, _ settings: ShareSettings
  ) async throws {
    let api = try await settings.api()
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
    token = api.host.token
    var releases = StoreSettings(
      name: "release",
      location: .gitHubRelease(owner: info.owner, repository: info.name, tag: Self.tag))
    if settings.gitHub.api != "https://api.github.com" { releases.endpoint = settings.gitHub.api }
    // Nobody else can read those of a private repository without a key.
    if !info.isPrivate { releases.publicBase = "\(url)/releases/download/\(Self.tag)" }
    self.releases = releases
  }

  private static let tag = "vidgit"

  /// Runs `body` with the token that GitHub takes, wherever it was found.
  fileprivate func run<T>(_ body: () async throws -> T) async throws -> T {
    var access = StoreAccess.current ?? StoreAccess()
    access.gitHubToken = token ?? access.gitHubToken
    return try await StoreAccess.$current.withValue(access) { try await body() }
  }
}

extension PublishSite? {
  /// The same; elsewhere there is no such token.
  func withToken<T>(_ body: () async throws -> T) async throws -> T {
    if let self { try await self.run(body) } else { try await body() }
  }
}
