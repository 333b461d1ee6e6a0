import VidgitModel

extension GitHubAPI {
  /// How a branch of a fork stands to the one of the same name that it came from.
  enum ForkState: Sendable {
    case same
    /// It lacks commits, and has none of its own.
    case behind
    /// It has commits of its own; whether it lacks some too.
    case own(lacksSome: Bool)
  }

  /// Compares a branch of a fork with the upstream's (docs.github.com/rest/commits/commits,
  /// "Compare two commits").
  func state(
    of branch: String, in fork: RepositoryInfo, beside upstream: (owner: String, name: String)
  ) async throws -> ForkState {
    let name = PercentEncoding.text(branch)
    let answer = try await send(
      "GET",
      "/repos/\(upstream.owner)/\(upstream.name)/compare/"
        + "\(upstream.owner):\(name)...\(fork.owner):\(name)?per_page=1",
      expecting: [200, 404], deed: "compare '\(branch)' of '\(fork.fullName)' with its upstream")
    switch answer.json?.object?["status"]?.string {
    case "identical": return .same
    case "behind": return .behind
    case "ahead": return .own(lacksSome: false)
    // No commit in common is a 404.
    default: return .own(lacksSome: true)
    }
  }

  /// Brings a branch of a fork to where it is at the upstream ("Sync a fork branch with the upstream
  /// repository"). It must not have commits of its own: GitHub would merge.
  ///
  /// - Returns: whether it went; not where GitHub does not take it now.
  func sync(_ branch: String, of fork: RepositoryInfo) async throws -> Bool {
    try await send(
      "POST", "/repos/\(fork.fullName)/merge-upstream", ["branch": .string(branch)],
      expecting: [200, 409, 422], deed: "bring '\(branch)' of '\(fork.fullName)' up to date"
    ).status == 200
  }
}
