public import Foundation
import Git2
public import VidgitModel

/// The variants of a video: what each branch differs in from one of them.
public struct Variants: Sendable {
  public struct Variant: Sendable {
    public let name: String
    public let isCurrent: Bool
    /// A branch of a remote as it was last fetched, named with the remote: "origin/noir".
    public let isRemote: Bool
    public let tip: CommitSummary
    public let times: FrameTimes
    /// How many frames carry each recipe.
    public let recipes: [String: Int]
    /// Against the variant that all are compared with; nil for itself.
    public let difference: TimelineDiff?
    /// What its passes have cost, by currency, since it went its own way.
    public let costs: [String: Decimal]
    /// Why it cannot be read; then everything else is empty.
    public let problem: String?
  }

  /// The name of the variant that the others are compared with.
  public let base: String
  public let variants: [Variant]

  /// - Parameters:
  ///   - base: nil for `main`, or the current branch where there is none.
  ///   - hasRemotes: the branches of remotes too, after the others.
  /// - Throws: `VidgitError`: not found for a branch that is not there.
  public init(directory: String, against base: String?, hasRemotes: Bool = false) throws {
    let repository = try VideoRepository.open(at: directory)
    let branches = try VidgitError.git { try repository.git.branches() }
    guard !branches.isEmpty || base != nil else { throw repository.noCommit }
    let remotes = try VidgitError.git { hasRemotes ? try repository.git.remoteBranches() : [] }
    let current = try repository.currentBranch()
    let fallback = branches.contains { $0.name == "main" } ? "main" : current
    guard let name = base ?? fallback ?? branches.first?.name,
      let first = branches.first(where: { $0.name == name })
    else {
      throw VidgitError(
        .notFound, "there is no branch '\(TerminalText.escaped(base ?? "main"))'",
        hint: "`git branch` lists what there is")
    }
    let reference = try repository.timeline(of: repository.revision(first.commit))
    self.base = name
    let here = try branches.map { branch in
      try Self.variant(
        branch, isBase: branch.name == name, isCurrent: branch.name == current, reference,
        repository)
    }
    variants =
      try here
      + remotes.map {
        try Self.variant($0, isRemote: true, isBase: false, isCurrent: false, reference, repository)
      }
  }

  private static func variant(
    _ branch: Branch, isRemote: Bool = false, isBase: Bool, isCurrent: Bool, _ reference: Timeline,
    _ repository: VideoRepository
  ) throws -> Variant {
    let tip = CommitSummary(try VidgitError.git { try repository.git.commit(branch.commit) })
    do {
      let timeline =
        isBase
        ? reference
        : try repository.timeline(of: repository.revision(branch.commit), like: reference)
      var recipes: [String: Int] = [:]
      for line in timeline.lines { for id in line.filters { recipes[id, default: 0] += 1 } }
      return Variant(
        name: branch.name, isCurrent: isCurrent, isRemote: isRemote, tip: tip,
        times: try timeline.times(),
        recipes: recipes,
        difference: isBase ? nil : TimelineDiff(reference.lines, timeline.lines),
        costs: try costs(
          of: branch.commit, without: isBase ? nil : reference.revision.commit, repository),
        problem: nil)
    } catch let error as VidgitError {
      // A branch of a stranger's, or one with something else in it, hides no other.
      let none = try VidgitError.model {
        try FrameTimes(durations: [], timebase: reference.revision.header.timebase)
      }
      return Variant(
        name: branch.name, isCurrent: isCurrent, isRemote: isRemote, tip: tip, times: none,
        recipes: [:],
        difference: nil, costs: [:], problem: error.message)
    }
  }

  private static func costs(
    of tip: ObjectID, without base: ObjectID?, _ repository: VideoRepository
  ) throws -> [String: Decimal] {
    try VidgitError.git {
      var history = try repository.git.history(from: tip, without: base)
      var costs: [String: Decimal] = [:]
      while let commit = try history.next() {
        for cost in PassTrailers(parsing: commit.message)?.costs ?? [] {
          costs[cost.amount.currency, default: 0] += Decimal(string: cost.amount.amount) ?? 0
        }
      }
      return costs
    }
  }
}

extension VideoRepository {
  /// The branch that HEAD is on; nil where it is on none.
  func currentBranch() throws -> String? {
    switch try VidgitError.git({ try git.head }) {
    case .branch(let name, _), .unborn(let name): name
    case .detached: nil
    }
  }
}
