import Git2
import VidgitModel

/// Where proposals come from, and where they go.
struct ProposalRemotes {
  /// A remote that is on GitHub.
  struct Remote {
    /// "origin", "upstream"
    let remote: String
    let owner: String
    let name: String
    /// As it stands in Git's configuration.
    let url: String

    func isOf(_ owner: String, _ name: String) -> Bool {
      self.owner.lowercased() == owner.lowercased() && self.name.lowercased() == name.lowercased()
    }
  }

  private let own: Remote?
  private let upstream: Remote?

  init(_ repository: VideoRepository, _ settings: ShareSettings) throws {
    func gitHub(_ remote: String) throws -> Remote? {
      guard let url = try VidgitError.git({ try repository.git.remoteURL(remote) }),
        case .gitHub(let owner, let name)? = try? settings.address(url)
      else { return nil }
      return Remote(remote: remote, owner: owner, name: name, url: url)
    }
    own = try gitHub("origin")
    upstream = try gitHub("upstream")
  }

  /// The user's own repository.
  func requireOwn() throws -> Remote {
    guard let own else {
      throw VidgitError(
        .usage, "this repository came from no GitHub: its remote 'origin' is none",
        hint:
          "`vidgit fork OWNER/NAME` makes one; elsewhere push your branch and write to its owner")
    }
    return own
  }

  /// The repository that proposals go to: the upstream, what it was forked from, or itself.
  func target(_ api: GitHubAPI) async throws -> GitHubAPI.RepositoryInfo {
    let own = try upstream ?? requireOwn()
    let first = try await info(own.owner, own.name, api)
    guard upstream == nil, let parent = first.parent,
      case .gitHub(let owner, let name)? = try? RepositoryAddress(parent)
    else { return first }
    return try await info(owner, name, api)
  }

  /// The remote of a repository; nil where there is none.
  func remote(of owner: String, _ name: String) -> Remote? {
    [own, upstream].compactMap(\.self).first { $0.isOf(owner, name) }
  }

  /// Where a proposal is kept below refs/remotes: "upstream/pr/12", or "pr/OWNER/NAME/12" where no
  /// remote is that repository.
  func revision(of number: Int, _ owner: String, _ name: String) -> String {
    remote(of: owner, name).map { "\($0.remote)/pr/\(number)" } ?? "pr/\(owner)/\(name)/\(number)"
  }

  /// Whether what is kept below refs/remotes is a proposal.
  static func isProposal(_ revision: String) -> Bool {
    let parts = revision.split(separator: "/")
    guard let last = parts.last, Int(last) != nil else { return false }
    return (parts.count == 3 && parts[1] == "pr") || (parts.count == 4 && parts[0] == "pr")
  }

  /// Reaches a repository as its remote does, where it has one.
  func transport(
    _ owner: String, _ name: String, _ settings: ShareSettings
  ) throws -> GitTransport {
    try GitTransport(
      .gitHub(owner: owner, name: name), as: remote(of: owner, name)?.url, settings)
  }

  private func info(
    _ owner: String, _ name: String, _ api: GitHubAPI
  ) async throws -> GitHubAPI.RepositoryInfo {
    guard let info = try await api.repository(owner, name) else {
      throw VidgitError(
        .notFound, "there is no repository '\(owner)/\(name)', or you may not see it")
    }
    return info
  }
}
