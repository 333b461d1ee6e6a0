import Curl
import Git2
import VidgitModel

/// What Git's configuration and the caller's environment say about the network.
struct ShareSettings: Sendable {
  let gitHub: GitHubHost
  let allowed: AllowedHosts
  /// A file of certificates in PEM that are trusted in place of the system's.
  let certificates: String?
  /// The caller's environment: for `git credential`, which is the user's own program.
  let variables: [String: String]

  /// - Parameter repository: whose configuration counts too; nil takes the user's alone.
  init(_ repository: VideoRepository?, variables: [String: String]) throws {
    self.variables = variables
    let pattern = #"^vidgit\."#
    let values = try VidgitError.git {
      try repository?.git.configValues(matching: pattern)
        ?? Repository.userConfigValues(matching: pattern)
    }
    // Git itself takes the last of several.
    func setting(_ name: String) -> String? { values.last { $0.key == "vidgit.\(name)" }?.value }
    allowed = AllowedHosts(values.filter { $0.key == "vidgit.allowhost" }.map(\.value))
    certificates = try VidgitError.git {
      try repository?.git.configPath("vidgit.caBundle")
        ?? Repository.userConfigPath("vidgit.caBundle")
    }
    let token = ["GH_TOKEN", "GITHUB_TOKEN"].compactMap { variables[$0] }.first { !$0.isEmpty }
    gitHub = try GitHubHost(
      api: setting("githubapi"), web: setting("githubweb"), token: token
    ) { [allowed] in allowed.contains($0) ? .any : .encrypted }
  }

  /// GitHub's interface, with a token from the environment or from git's credential helpers.
  func api() async throws -> GitHubAPI {
    var host = gitHub
    if host.token == nil {
      let finder = CredentialFinder(variables: variables)
      let url = host.web
      if case .password(_, let secret)? = try await blocking({ finder.fill(url) }) {
        host = host.signedIn(secret)
      }
    }
    return try GitHubAPI(
      host, certificates: certificates,
      proxy: ProxyChoice(variables: variables))
  }

  /// Where git's own transfers go for an address.
  ///
  /// - Throws: `VidgitError`: refused for an address that is not encrypted.
  func gitURL(_ address: RepositoryAddress) throws -> String {
    let url: String
    switch address {
    case .gitHub(let owner, let name): url = "\(gitHub.web)/\(owner)/\(name).git"
    case .url(let text): url = text
    case .path(let path):
      // What is no folder would be taken for a host by SSH's short form.
      guard FileStatus.exists(path) else {
        throw VidgitError(
          .notFound, "there is no folder '\(TerminalText.escaped(path))'",
          hint: "OWNER/NAME on GitHub, https://host/path, ssh://git@host/path, or a folder")
      }
      return CommandFiles.absolute(path)
    }
    if let origin = HTTPOrigin(url: url), origin.scheme == "http", !allowed.contains(origin) {
      throw VidgitError(
        .refused, "'\(TerminalText.escaped(url))' is not encrypted",
        hint: "take the https: address; where it is your own server: "
          + "git config --global --add vidgit.allowHost \(origin.host)")
    }
    return url
  }
}
