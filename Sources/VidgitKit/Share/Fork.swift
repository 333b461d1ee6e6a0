import Git2
import VidgitModel

/// Makes a fork on GitHub, and clones it.
public struct Fork {
  private let options: CloneOptions

  public init(_ options: CloneOptions) {
    self.options = options
  }

  /// - Returns: "OWNER/NAME" of the fork, and what was cloned.
  /// - Throws: `VidgitError`: usage for what is not on GitHub, and what `Clone` throws.
  public func run(
    progress: @escaping ProgressHandler = { _ in }
  ) async throws -> (name: String, clone: CloneResult) {
    let settings = try ShareSettings(nil, variables: options.variables)
    let address = try VidgitError.model(.usage) {
      try RepositoryAddress(options.address, webHost: settings.gitHub.webHost)
    }
    guard case .gitHub(let owner, let name) = address else {
      throw VidgitError(
        .usage, "'\(TerminalText.escaped(options.address))' is not on GitHub, where forks are made",
        hint:
          "`vidgit clone` it, and push your branches to a repository of your own with `git push`"
      )
    }
    let api = try await settings.api()
    let user = try await api.user()
    guard user.lowercased() != owner.lowercased() else {
      throw VidgitError(
        .conflict, "'\(owner)/\(name)' is yours: there is nothing to fork",
        hint: "`vidgit clone \(owner)/\(name)`, and make a branch")
    }
    let fork = try await api.fork(owner, name, user: user)
    var clone = options
    clone.address = "\(settings.gitHub.web)/\(fork.fullName)"
    clone.directory = options.directory ?? name
    let result = try await Clone(clone).run(progress: progress)
    let repository = try VideoRepository.open(at: result.directory)
    let upstream = try settings.gitURL(.gitHub(owner: owner, name: name))
    try VidgitError.git { try repository.git.addRemote("upstream", url: upstream) }
    return (fork.fullName, result)
  }
}
