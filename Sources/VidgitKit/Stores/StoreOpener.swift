import Curl
import Foundation
import VidgitModel

/// Opens stores, all with one HTTP client.
struct StoreOpener: Sendable {
  let access: StoreAccess
  private let client: HTTPClient
  private let scratch: String
  /// nil is that of each kind of store.
  private let policy: RetryPolicy?

  /// Hosts of the user's own that strangers' addresses may lead to as well.
  private let allowed: AllowedHosts

  /// - Parameters:
  ///   - scratch: a folder for files on their way.
  ///   - allowed: hosts that may be called over HTTP and at private addresses.
  init(
    _ access: StoreAccess, scratch: String, allowed: AllowedHosts = AllowedHosts([]),
    policy: RetryPolicy? = nil
  ) throws {
    self.access = access
    self.allowed = allowed
    self.scratch = scratch
    self.policy = policy
    client = try HTTPClient(
      certificates: access.certificates, proxy: ProxyChoice(variables: access.variables))
  }

  /// A store that the user has added: what the user wrote is allowed.
  func open(_ settings: StoreSettings) throws -> any Store {
    let title = settings.title
    let caller = caller(title)
    switch settings.location {
    case .folder(let path): return FileStore(title: title, folder: path)
    case .web(let base):
      return HTTPSStore(title: title, base: base, caller: caller, access: Self.access(to: base))
    case .s3(let bucket, let prefix):
      return S3Store(
        title: title, site: try site(settings, bucket: bucket, prefix: prefix), caller: caller)
    case .rclone(let remote, let path):
      return RcloneStore(
        title: title, program: try RcloneProgram(variables: access.variables),
        base: "\(remote):\(path)", scratch: scratch)
    case .gitHubRelease(let owner, let repository, let tag):
      let base = settings.endpoint ?? "https://api.github.com"
      let host = try GitHubHost(
        api: base, web: nil, token: access.gitHubToken, origin: .store(title)
      ) { _ in
        .custom(plainHTTP: base.hasPrefix("http://"), privateAddresses: settings.endpoint != nil)
      }
      return GitHubReleaseStore(
        title: title, api: GitHubAPI(host, client, policy: policy ?? GitHubAPI.policy),
        owner: owner, repository: repository, tag: tag, access: Self.access(to: base))
    }
  }

  private func caller(_ title: String) -> StoreCaller {
    StoreCaller(HTTPCaller(client, policy: policy ?? RetryPolicy()), title: title)
  }

  /// A base that a repository names: HTTPS at public addresses, and what the user allows.
  func open(publicBase base: String) -> any Store {
    let plain = base.hasSuffix("/") ? String(base.dropLast()) : base
    // The assets of a release have no folders.
    let isRelease = plain.contains("/releases/download/")
    return HTTPSStore(
      title: "'\(base)'", caller: caller("'\(base)'"),
      access: strangers
    ) { name in plain + "/" + (isRelease ? GitHubReleaseStore.asset(name) : name.text) }
  }

  private var strangers: HTTPAccess {
    HTTPAccess { [allowed] origin in allowed.contains(origin) ? .any : .encrypted }
  }

  /// Media that lie at addresses of their own.
  func open(links: [StoreName: LinkStore.Link], title: String) -> any Store {
    LinkStore(title: title, caller: caller(title), access: strangers, links: links)
  }

  private func site(_ settings: StoreSettings, bucket: String, prefix: String) throws -> S3Site {
    let profile = settings.profile ?? access.profile
    if settings.profile != nil, access.profiles.key(of: profile) == nil {
      throw VidgitError(
        .notFound,
        "the store \(settings.title) wants the profile '\(profile)' of AWS, which has no key",
        hint: "look into ~/.aws/credentials, or set another with `git config "
          + "\(StoreSettings.section)\(settings.name).profile NAME`")
    }
    let key =
      settings.profile == nil
      ? access.key ?? access.profiles.key(of: profile)
      : access.profiles.key(of: profile)
    let region =
      settings.region ?? (settings.profile == nil ? access.region : nil)
      ?? access.profiles.value("region", of: profile) ?? "us-east-1"
    guard (1...40).contains(region.utf8.count),
      region.utf8.allSatisfy({
        (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d
      })
    else {
      throw VidgitError(
        .usage, "'\(TerminalText.escaped(region))' is no region of S3",
        hint: "for example eu-central-1")
    }
    if let endpoint = settings.endpoint, endpoint.split(separator: "/").count != 2 {
      throw VidgitError(
        .usage,
        "the endpoint of the store \(settings.title) has a path: '\(TerminalText.escaped(endpoint))'",
        hint: "an endpoint of S3 is a scheme and a host: https://s3.example.org:9000")
    }
    return S3Site(
      bucket: bucket, prefix: prefix, endpoint: settings.endpoint, region: region,
      isPathStyle: settings.isPathStyle, credentials: key,
      access: settings.endpoint.map { Self.access(to: $0, bucketsToo: true) } ?? .publicHosts)
  }

  /// What the user wrote may be called, wherever it is; what it leads to only over HTTPS at public
  /// addresses.
  static func access(to base: String, bucketsToo: Bool = false) -> HTTPAccess {
    let isPlain = base.hasPrefix("http://")
    let authority = base.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
    let host = Self.host(String(authority))
    return HTTPAccess { origin in
      let isIt = origin.host == host || (bucketsToo && origin.host.hasSuffix(".\(host)"))
      guard isIt else { return .encrypted }
      return .custom(plainHTTP: isPlain, privateAddresses: true)
    }
  }

  /// Without a port, in lower case; an IPv6 address keeps its brackets.
  private static func host(_ authority: String) -> String {
    let authority = authority.lowercased()
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      return String(authority[...end])
    }
    return String(authority.prefix { $0 != ":" })
  }
}
