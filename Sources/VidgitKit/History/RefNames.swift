import Git2

/// The names by which revisions of a repository are called, each in byte order.
public struct RefNames: Sendable {
  public let branches: [String]
  public let tags: [String]
  /// With the name of their remote: "origin/noir".
  public let remoteBranches: [String]

  public init(directory: String) throws {
    let repository = try VideoRepository.open(at: directory, recovering: false)
    branches = try VidgitError.git { try repository.git.branches() }.map(\.name)
    tags = try VidgitError.git { try repository.git.references(below: "refs/tags/") }.map(\.name)
    remoteBranches = try VidgitError.git { try repository.git.remoteBranches() }.map(\.name)
  }

  /// Branches that "origin" has and this clone has not, by the names that `BranchChange.switchTo`
  /// takes: neither proposals nor what holds pages and lists.
  public var trackable: [String] {
    let prefix = "\(VideoRepository.origin)/"
    return remoteBranches.filter { $0.hasPrefix(prefix) && !ProposalRemotes.isProposal($0) }
      .map { String($0.dropFirst(prefix.count)) }
      .filter { !branches.contains($0) && !SideBranch.isOne($0) }
  }
}
