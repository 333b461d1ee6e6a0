import Git2
import VidgitModel

/// What `Review` found.
public struct ReviewResult: Sendable {
  public let number: Int
  public let title: String
  public let url: String
  /// "open" or "closed"
  public let state: String
  /// "OWNER:BRANCH" of the proposer, and the branch that is to take it.
  public let head: String
  public let base: String
  /// What to merge: "origin/pr/12".
  public let revision: String
  public let diff: RevisionDiff
}

/// Fetches a proposal, and says what it would change.
public struct Review {
  private let directory: String
  private let number: Int
  private let variables: [String: String]

  /// - Parameter variables: the caller's environment.
  public init(directory: String, number: Int, variables: [String: String]) {
    (self.directory, self.number, self.variables) = (directory, number, variables)
  }

  /// - Throws: `VidgitError`: not found for an unknown number, bad input for a proposal that holds no
  ///   video or breaks the format's rules.
  public func run(progress: @escaping ProgressHandler = { _ in }) async throws -> ReviewResult {
    let repository = try VideoRepository.open(at: directory)
    let settings = try ShareSettings(repository, variables: variables)
    let remotes = try ProposalRemotes(repository, settings)
    let api = try await settings.api()
    let request = try await api.pullRequest(number, of: remotes.own)
    let transport = try GitTransport(
      .gitHub(owner: remotes.own.owner, name: remotes.own.name), settings)
    let (base, head) = ("refs/vidgit/review-base", "refs/remotes/origin/pr/\(number)")
    try await transport.fetch(
      into: repository.path,
      ["+refs/pull/\(number)/head:\(head)", "+refs/heads/\(request.base):\(base)"], progress)
    let tip = try VidgitError.git { try repository.git.reference(named: head) }
    let there = try VidgitError.git { try repository.git.reference(named: base) }
    guard let tip, let there,
      let start = try VidgitError.git({ try repository.git.mergeBase(there, tip) })
    else {
      throw VidgitError(
        .conflict, "the proposal \(number) has no commit in common with '\(request.base)'",
        hint: "it was not made from this video")
    }
    return ReviewResult(
      number: number, title: request.title, url: request.url, state: request.state,
      head: request.head, base: request.base, revision: "origin/pr/\(number)",
      diff: try RevisionDiff(directory: directory, from: start.hex, to: tip.hex))
  }
}
