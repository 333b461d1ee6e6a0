import Foundation

/// Looks at a whole repository after an operation, with the real `git` and, if wanted, with `vidgit verify`.
public struct RepositoryCheck: Sendable {
  public var folder: String
  /// Whether changes in the work tree are a fault: a killed run may leave some.
  public var requiresCleanTree = true
  /// Whether `vidgit verify` runs, which reads the manifest and hashes objects and media.
  public var verifies = true

  public init(_ folder: String) { self.folder = folder }

  /// Everything that is wrong, one text a fault; empty when all is well.
  public func faults() throws -> [String] {
    var faults: [String] = []
    let fsck = try Tool.git.run(
      ["fsck", "--strict", "--full", "--no-progress", "--no-dangling"], in: folder)
    if fsck.status != 0 || !fsck.output.isEmpty || !fsck.errors.isEmpty {
      faults.append("git fsck --strict:\n\(fsck.snapshot)")
    }
    if requiresCleanTree {
      let status = try Tool.git.run(
        ["status", "--porcelain", "--untracked-files=all"], in: folder)
      if status.status != 0 || !status.output.isEmpty {
        faults.append("git status:\n\(status.snapshot)")
      }
    }
    if verifies {
      let verify = try Tool.vidgit.run(["verify"], in: folder)
      if verify.status != 0 { faults.append("vidgit verify:\n\(verify.snapshot)") }
    }
    return faults
  }

  /// The commits that every ref points to: "refs/heads/main <id>".
  public func refs() throws -> [String] {
    try Tool.git.succeed(
      ["for-each-ref", "--format=%(refname) %(objectname)"], in: folder
    ).lines
  }

  /// The id of the tree of a revision.
  public func tree(of revision: String = "HEAD") throws -> String {
    try Tool.git.succeed(["rev-parse", "\(revision)^{tree}"], in: folder)
      .output.trimmingCharacters(in: .newlines)
  }
}
