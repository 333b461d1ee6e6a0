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

  /// Branches of "origin" by the names that `BranchChange.switchTo` takes.
  public var trackable: [String] {
    remoteBranches.filter { $0.hasPrefix("origin/") }.map { String($0.dropFirst(7)) }
  }
}
