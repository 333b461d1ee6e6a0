import Foundation
import Git2
import VidgitModel

/// What `Clone` is asked to do.
public struct CloneOptions: Sendable {
  public var address: String
  /// The folder to make; nil goes by the address.
  public var directory: String?
  /// The branch to check out; nil takes the one that HEAD is on there.
  public var branch: String?
  /// The caller's environment: `GH_TOKEN`, and what `git credential` needs.
  public var variables: [String: String] = [:]

  public init(address: String) {
    self.address = address
  }
}

/// What `Clone` made.
public struct CloneResult: Sendable {
  public let directory: String
  public let branch: String
  public let branches: Int
  public let frames: Int
  /// The media of the revision, and whether their bytes can be had.
  public let media: [MediaStatus]
}

/// Gets a video's repository from elsewhere: manifests and recipes, and no pictures.
///
/// Every tree is held against the format's own rules before it is checked out. The folder appears
/// whole or not at all.
public struct Clone {
  private let options: CloneOptions

  public init(_ options: CloneOptions) {
    self.options = options
  }

  /// - Throws: `VidgitError`: not found where there is no repository, bad input for one that holds no
  ///   video, conflict for a folder that is in use.
  public func run(progress: @escaping ProgressHandler = { _ in }) async throws -> CloneResult {
    let settings = try ShareSettings(nil, variables: options.variables)
    let address = try VidgitError.model(.usage) {
      try settings.address(options.address)
    }
    let directory = options.directory ?? address.folderName
    let workshop = try SplitFolder(for: directory, usage: "vidgit clone ADDRESS DIR")
    do {
      let (branch, branches, frames) = try await fill(workshop.path, address, settings, progress)
      try workshop.moveIntoPlace()
      return CloneResult(
        directory: directory, branch: branch, branches: branches, frames: frames,
        media: try await MediaList(directory: directory).run())
    } catch {
      workshop.discard()
      throw error
    }
  }

  private func fill(
    _ folder: String, _ address: RepositoryAddress, _ settings: ShareSettings,
    _ progress: @escaping ProgressHandler
  ) async throws -> (branch: String, branches: Int, frames: Int) {
    let transport = try GitTransport(address, as: options.address, settings)
    var there = try await transport.branches()
    // Pages and pictures for people are no variants.
    there.branches.removeAll { SideBranch.isOne($0.name) }
    guard let branch = options.branch ?? there.head ?? there.branches.first?.name,
      let tip = there.branches.first(where: { $0.name == branch })?.commit
    else {
      throw VidgitError(
        .notFound,
        options.branch.map { "there is no branch '\(TerminalText.escaped($0))' there" }
          ?? "the repository at '\(TerminalText.escaped(transport.url))' is empty",
        hint: there.branches.isEmpty
          ? "its owner may have published nothing yet"
          : "there are: " + there.branches.prefix(20).map(\.name).joined(separator: ", "))
    }
    do {
      let repository = try VideoRepository(
        git: VidgitError.git { try Repository.create(at: folder, initialBranch: branch) })
      try VidgitError.git { try repository.git.addRemote("origin", url: transport.url) }
    }
    try await transport.fetch(
      into: folder,
      there.branches.map { "+refs/heads/\($0.name):refs/remotes/origin/\($0.name)" }, progress)
    let frames = try checkOut(folder, branch, tip)
    return (branch, there.branches.count, frames)
  }

  private func checkOut(_ folder: String, _ branch: String, _ tip: ObjectID) throws -> Int {
    let repository = try VideoRepository.open(at: folder)
    let revision = try repository.revision(tip)
    let frames = try repository.timeline(of: revision).lines.count
    try VidgitError.git {
      try repository.git.setConfig("branch.\(branch).remote", to: "origin")
      try repository.git.setConfig("branch.\(branch).merge", to: "refs/heads/\(branch)")
    }
    let signature = try repository.signature(
      Author(name: "vidgit", email: "vidgit@localhost"))
    try repository.publish(
      PendingCommit(
        reference: "refs/heads/\(branch)", from: nil, to: tip, workTree: nil, switchesHead: true,
        request: "clone"), log: "clone", by: signature)
    return frames
  }
}
