import Curl
import VidgitModel

/// An instance of GitHub: its addresses, and the token of who asks.
struct GitHubHost: Sendable {
  /// "https://api.github.com", or "https://HOST/api/v3" of an Enterprise; no slash at the end.
  let api: String
  /// Where repositories are cloned from and looked at: "https://github.com".
  let web: String
  let token: String?
  /// Who named it.
  let origin: Origin
  /// HTTPS at public addresses, and whatever the user allows these two hosts.
  let access: HTTPAccess

  /// Who names an instance, for errors.
  enum Origin: Sendable {
    /// The settings `vidgit.githubApi` and `vidgit.githubWeb`.
    case settings
    /// The endpoint of a store, by its title.
    case store(String)

    /// How an address comes to be allowed that may not be called.
    var refusedHint: String {
      switch self {
      case .settings:
        "your own server is allowed with `git config --global --add vidgit.allowHost HOST`"
      case .store: StoreFault.refusedHint
      }
    }

    fileprivate func error(_ setting: String, _ address: String) -> VidgitError {
      let what =
        switch self {
        case .settings: "the setting \(setting)"
        case .store(let title): "the endpoint of the store \(title)"
        }
      return VidgitError(
        .usage, "\(what) is no address: '\(TerminalText.escaped(address))'",
        hint: setting == "vidgit.githubWeb"
          ? "https://github.com, or https://HOST of an Enterprise"
          : "https://api.github.com, or https://HOST/api/v3 of an Enterprise")
    }
  }

  /// - Parameters:
  ///   - api: the setting `vidgit.githubApi`, or a store's endpoint; nil is github.com's.
  ///   - web: the setting `vidgit.githubWeb`; nil goes by `api`.
  ///   - permission: what is allowed at the hosts of this instance; no other is ever called.
  init(
    api: String?, web: String?, token: String?, origin: Origin = .settings,
    permission: @escaping @Sendable (HTTPOrigin) -> HTTPAccess.Permission
  ) throws {
    func trimmed(_ text: String) -> String { text.hasSuffix("/") ? String(text.dropLast()) : text }
    let api = trimmed(api ?? "https://api.github.com")
    self.api = api
    if let web {
      self.web = trimmed(web)
    } else if api == "https://api.github.com" {
      self.web = "https://github.com"
    } else {
      self.web = api.hasSuffix("/api/v3") ? String(api.dropLast("/api/v3".count)) : api
    }
    self.token = token
    self.origin = origin
    guard let own = HTTPOrigin(url: api) else { throw origin.error("vidgit.githubApi", api) }
    guard HTTPOrigin(url: self.web) != nil else {
      throw origin.error("vidgit.githubWeb", self.web)
    }
    access = HTTPAccess { asked in
      // GitHub's uploads have a host of their own, which its answers name.
      let isUpload = api == "https://api.github.com" && asked.host == "uploads.github.com"
      guard asked.host == own.host || isUpload else { return .refused }
      return permission(asked)
    }
  }

  /// The same for somebody with a token.
  func signedIn(_ token: String) -> GitHubHost { GitHubHost(self, token) }

  private init(_ other: GitHubHost, _ token: String) {
    (api, web, access, origin) = (other.api, other.web, other.access, other.origin)
    self.token = token
  }

  /// The host of web addresses, with its port where it has one: "github.com".
  var webHost: String {
    guard let scheme = web.firstRange(of: "://") else { return web }
    return String(web[scheme.upperBound...].prefix { $0 != "/" })
  }
}
