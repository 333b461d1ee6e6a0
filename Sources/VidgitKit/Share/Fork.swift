import Git2
import VidgitModel

/// What `Fork` made.
public struct ForkResult: Sendable {
  /// "OWNER/NAME" of the fork.
  public let name: String
  public let clone: CloneResult
  /// Branches that were behind the upstream's, and are not any more.
  public let synced: [String]
  public let notes: [String]
}

/// Makes a fork on GitHub, and clones it. One that is there already is taken, and brought up to date
/// where that loses nothing.
public struct Fork {
  private let options: CloneOptions

  public init(_ options: CloneOptions) {
    self.options = options
  }

  /// - Throws: `VidgitError`: usage for what is not on GitHub, and what `Clone` throws.
  public func run(
    progress: @escaping ProgressHandler = { _ in }
  ) async throws -> ForkResult {
    let settings = try ShareSettings(nil, variables: options.variables)
    let address = try VidgitError.model(.usage) {
      try settings.address(options.address)
    }
    guard case .gitHub(let owner, let name) = address else {
      throw VidgitError(
        .usage, "'\(TerminalText.escaped(options.address))' is not on GitHub, where forks are made",
        hint:
          "`vidgit clone` it, and push your branches to a repository of your own with `git push`"
      )
    }
    let api = try await settings.userAPI()
    let user = try await api.user()
    guard user.lowercased() != owner.lowercased() else {
      throw VidgitError(
        .conflict, "'\(owner)/\(name)' is yours: there is nothing to fork",
        hint: "`vidgit clone \(owner)/\(name)`, and make a branch")
    }
    let fork = try await api.fork(owner, name)
    let (synced, notes) = try await sync(fork, with: (owner, name), api, settings)
    var clone = options
    // Who forks by SSH clones by SSH.
    clone.address =
      SSHAddress(settings.meaning(of: options.address))?.url(of: "\(fork.fullName).git")
      ?? "\(settings.gitHub.web)/\(fork.fullName)"
    clone.directory = options.directory ?? name
    let result = try await Clone(clone).run(progress: progress)
    let repository = try VideoRepository.open(at: result.directory)
    let upstream = try settings.gitURL(.gitHub(owner: owner, name: name), as: options.address)
    try VidgitError.git { try repository.git.addRemote("upstream", url: upstream) }
    return ForkResult(name: fork.fullName, clone: result, synced: synced, notes: notes)
  }

  /// Moves the branches that have no work of their own to where they are at the upstream.
  private func sync(
    _ fork: GitHubAPI.RepositoryInfo, with upstream: (owner: String, name: String),
    _ api: GitHubAPI, _ settings: ShareSettings
  ) async throws -> (synced: [String], notes: [String]) {
    let there = try await branches(upstream.owner, upstream.name, settings)
    let here = try await branches(fork.owner, fork.name, settings)
    var (synced, notes): ([String], [String]) = ([], [])
    for (branch, commit) in here.sorted(by: { $0.key < $1.key }) {
      guard let other = there[branch], other != commit else { continue }
      let shown = TerminalText.escaped(branch)
      switch try await api.state(of: branch, in: fork, beside: upstream) {
      case .same, .own(lacksSome: false): break
      case .own(lacksSome: true):
        notes.append(
          "'\(shown)' has work of its own and lacks some of the upstream's: "
            + "`git fetch upstream`, then `vidgit merge upstream/\(shown)`")
      case .behind:
        if try await api.sync(branch, of: fork) {
          synced.append(branch)
        } else {
          notes.append(
            "'\(shown)' is behind the upstream's, and GitHub does not move it: "
              + "`git fetch upstream`, then `vidgit merge upstream/\(shown)`")
        }
      }
    }
    return (synced, notes)
  }

  /// The variants of a repository.
  private func branches(
    _ owner: String, _ name: String, _ settings: ShareSettings
  ) async throws -> [String: ObjectID] {
    let text = SSHAddress(settings.meaning(of: options.address))?.url(of: "\(owner)/\(name).git")
    let found = try await GitTransport(.gitHub(owner: owner, name: name), as: text, settings)
      .branches().branches
    return Dictionary(
      found.filter { !SideBranch.isOne($0.name) }.map { ($0.name, $0.commit) },
      uniquingKeysWith: { $1 })
  }
}
