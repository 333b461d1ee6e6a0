import Curl
import Git2
import VidgitModel

/// What Git's configuration and the caller's environment say about the network.
struct ShareSettings: Sendable {
  let gitHub: GitHubHost
  let allowed: AllowedHosts
  /// A file of certificates in PEM that are trusted in place of the system's.
  let certificates: String?
  /// Git's setting `core.sshCommand`.
  let sshCommand: String?
  private let rewrites: AddressRewrites
  /// The caller's environment: for `git credential`, which is the user's own program.
  let variables: [String: String]

  /// - Parameter repository: whose configuration counts too; nil takes the user's alone.
  init(_ repository: VideoRepository?, variables: [String: String]) throws {
    self.variables = variables
    func values(_ pattern: String) throws -> [(key: String, value: String)] {
      try VidgitError.git {
        try repository?.git.configValues(matching: pattern)
          ?? Repository.userConfigValues(matching: pattern)
      }
    }
    let own = try values(#"^vidgit\."#)
    // Git itself takes the last of several.
    func setting(_ name: String) -> String? { own.last { $0.key == "vidgit.\(name)" }?.value }
    allowed = AllowedHosts(own.filter { $0.key == "vidgit.allowhost" }.map(\.value))
    certificates = try VidgitError.git {
      try repository?.git.configPath("vidgit.caBundle")
        ?? Repository.userConfigPath("vidgit.caBundle")
    }
    sshCommand = try values(#"^core\.sshcommand$"#).last?.value
    rewrites = AddressRewrites(try values(AddressRewrites.pattern))
    gitHub = try GitHubHost(
      api: setting("githubapi"), web: setting("githubweb"),
      token: StoreAccess.gitHubToken(in: variables)
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

  /// The same for what only somebody who is signed in can do.
  ///
  /// - Throws: `VidgitError`: refused where nobody is.
  func userAPI() async throws -> GitHubAPI {
    let api = try await api()
    guard api.host.token != nil else {
      throw VidgitError(
        .refused, "nobody is signed in at \(TerminalText.escaped(gitHub.webHost))",
        hint: "set GH_TOKEN to a token with the scope 'repo', or run `gh auth login` and "
          + "`gh auth setup-git`, or give a token to git's credential helper: "
          + "`git credential approve`")
    }
    return api
  }

  /// The address of a repository, as git keeps it.
  ///
  /// - Parameter text: the address as it was written: whoever writes one of SSH has a key there.
  /// - Throws: `VidgitError`: not found for a folder that is not there.
  func gitURL(_ address: RepositoryAddress, as text: String? = nil) throws -> String {
    if let text, SSHAddress(text) != nil { return text }
    switch address {
    case .gitHub(let owner, let name): return "\(gitHub.web)/\(owner)/\(name).git"
    case .url(let text): return text
    case .path(let path):
      // What is no folder would be taken for a host by SSH's short form.
      guard FileStatus.exists(path) else {
        throw VidgitError(
          .notFound, "there is no folder '\(TerminalText.escaped(path))'",
          hint: "OWNER/NAME on GitHub, https://host/path, ssh://git@host/path, or a folder")
      }
      return CommandFiles.absolute(path)
    }
  }

  /// Where git's own transfers go for an address of `gitURL`.
  ///
  /// - Throws: `VidgitError`: refused for an address that is not encrypted, usage for one that git may
  ///   know and vidgit does not.
  func transferURL(_ url: String, pushing: Bool) throws -> String {
    if url.hasPrefix("/") { return url }
    let url = rewrites.applied(to: url, pushing: pushing)
    if url.hasPrefix("/") || SSHAddress(url) != nil { return url }
    guard let origin = HTTPOrigin(url: url) else {
      throw VidgitError(
        .usage, "'\(TerminalText.escaped(url))' names no repository",
        hint: "https://host/path, ssh://user@host/path or user@host:path; Git's settings "
          + "url.BASE.insteadOf count")
    }
    if origin.scheme == "http", !allowed.contains(origin) {
      throw VidgitError(
        .refused, "'\(TerminalText.escaped(url))' is not encrypted",
        hint: "take the https: address; where it is your own server: "
          + "git config --global --add vidgit.allowHost \(origin.host)")
    }
    return url
  }
}
