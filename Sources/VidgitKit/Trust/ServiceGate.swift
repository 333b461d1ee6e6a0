import Git2
import VidgitModel

/// Decides whether a service may be called, by the same rule as `CommandGate`.
struct ServiceGate {
  private let repository: VideoRepository
  private let revision: Revision

  init(_ repository: VideoRepository, _ revision: Revision) {
    self.repository = repository
    self.revision = revision
  }

  /// - Throws: `VidgitError`: refused for a recipe that is not trusted, or a host that must be allowed
  ///   first; usage for a key that is not there.
  func admit(
    _ found: RecipeSource.Found, variables: [String: String]
  ) throws -> PreparedService {
    guard case .http(let http) = found.recipe.engine else {
      throw VidgitError(.usage, "the recipe '\(found.recipe.name)' calls no service")
    }
    let isOwn = try found.isUsersOwn(in: repository, revision)
    let isTrusted = try repository.trust.folder(of: found.recipe) != nil
    guard isOwn || isTrusted else {
      throw VidgitError(
        .refused,
        "the recipe '\(found.recipe.id)' came with the repository and would call a service: "
          + http.text,
        hint: "`vidgit trust \(found.name(of: found.recipe))` shows all of it and allows it; with "
          + "--dry-run it only shows")
    }
    let prepared = try PreparedService(
      found.recipe, http, variables: variables, allowed: repository.allowedHosts(),
      certificates: VidgitError.git { try repository.git.configPath("vidgit.caBundle") })
    if isOwn { try repository.trust.add(found.recipe, folder: "") }
    return prepared
  }
}

extension VideoRepository {
  /// The hosts of Git's setting `vidgit.allowHost`, which may stand several times.
  func allowedHosts() throws -> AllowedHosts {
    try VidgitError.git {
      AllowedHosts(try git.configValues(matching: #"^vidgit\.allowhost$"#).map(\.value))
    }
  }
}
