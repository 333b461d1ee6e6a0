import Git2
import VidgitModel

/// What `Review` found.
public struct ReviewResult: Sendable {
  public let number: Int
  /// "OWNER/NAME" of who decides.
  public let repository: String
  public let title: String
  public let url: String
  /// "open", "merged" or "closed"
  public let state: String
  /// "OWNER:BRANCH" of the proposer, and the branch that is to take it.
  public let head: String
  public let base: String
  /// What to merge: "upstream/pr/12".
  public let revision: String
  public let diff: RevisionDiff
}

/// A proposal that nobody has decided about.
public struct OpenProposal: Sendable {
  public let number: Int
  public let title: String
  public let url: String
  /// "OWNER:BRANCH" of the proposer, and the branch that is to take it.
  public let head: String
  public let base: String
}

/// Fetches a proposal, and says what it would change.
public struct Review {
  private let directory: String
  private let proposal: String
  private let variables: [String: String]

  /// - Parameters:
  ///   - proposal: its number in the repository that proposals go to, "OWNER/NAME#12", or its address.
  ///   - variables: the caller's environment.
  public init(directory: String, proposal: String, variables: [String: String]) {
    (self.directory, self.proposal, self.variables) = (directory, proposal, variables)
  }

  /// - Throws: `VidgitError`: usage for what names no proposal, not found for an unknown number, bad input
  ///   for a proposal that holds no video or breaks the format's rules.
  public func run(progress: @escaping ProgressHandler = { _ in }) async throws -> ReviewResult {
    let repository = try VideoRepository.open(at: directory)
    let settings = try ShareSettings(repository, variables: variables)
    let address = try VidgitError.model(.usage) {
      try ProposalAddress(proposal, webHost: settings.gitHub.webHost)
    }
    let number = address.number
    let remotes = try ProposalRemotes(repository, settings)
    let api = try await settings.api()
    let (owner, name): (String, String)
    if let place = address.repository {
      (owner, name) = (place.owner, place.name)
    } else {
      let target = try await remotes.target(api)
      (owner, name) = (target.owner, target.name)
    }
    let request = try await api.pullRequest(number, of: (owner, name))
    let revision = remotes.revision(of: number, owner, name)
    let (base, head) = ("refs/vidgit/review-base", "refs/remotes/\(revision)")
    try await remotes.transport(owner, name, settings).fetch(
      into: repository.path,
      ["+refs/pull/\(number)/head:\(head)", "+refs/heads/\(request.base):\(base)"], progress)
    let tip = try VidgitError.git { try repository.git.reference(named: head) }
    let there = try VidgitError.git { try repository.git.reference(named: base) }
    guard let tip, let there,
      let start = try Self.start(of: request, tip, there, repository)
    else {
      throw VidgitError(
        .conflict,
        "the proposal \(number) of '\(owner)/\(name)' has no commit in common with "
          + "'\(TerminalText.escaped(request.base))'",
        hint: "it was not made from this video")
    }
    return ReviewResult(
      number: number, repository: "\(owner)/\(name)", title: request.title, url: request.url,
      state: request.state, head: request.head, base: request.base, revision: revision,
      diff: try RevisionDiff(directory: directory, from: start.hex, to: tip.hex))
  }

  /// The open proposals of the repository that proposals go to, the newest first.
  ///
  /// - Returns: "OWNER/NAME" of that repository, and what is open there.
  /// - Throws: `VidgitError`: usage where the repository came from no GitHub.
  public static func open(
    directory: String, variables: [String: String]
  ) async throws -> (repository: String, proposals: [OpenProposal]) {
    let repository = try VideoRepository.open(at: directory)
    let settings = try ShareSettings(repository, variables: variables)
    let remotes = try ProposalRemotes(repository, settings)
    let api = try await settings.api()
    let target = try await remotes.target(api)
    let found = try await api.openPullRequests(of: (target.owner, target.name))
    return (
      target.fullName,
      found.map {
        OpenProposal(number: $0.number, title: $0.title, url: $0.url, head: $0.head, base: $0.base)
      }
    )
  }

  /// Where a proposal begins: for one that was taken in, what the base was before.
  private static func start(
    of request: GitHubAPI.PullRequest, _ tip: ObjectID, _ there: ObjectID,
    _ repository: VideoRepository
  ) throws -> ObjectID? {
    try VidgitError.git {
      if request.state == "merged", let before = ObjectID(hex: request.baseCommit),
        repository.git.exists(before), let start = try repository.git.mergeBase(before, tip)
      {
        return start
      }
      return try repository.git.mergeBase(there, tip)
    }
  }
}
