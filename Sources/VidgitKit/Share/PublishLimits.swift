import Git2
import VidgitModel

/// GitHub's limits, looked at before anything is sent (docs.github.com, "Repository limits" and
/// "About large files on GitHub").
enum PublishLimits {
  /// A file that a push is refused for, and one that it is warned for.
  static let largestFile = 100 << 20
  static let largeFile = 50 << 20
  /// Entries of one folder.
  static let mostEntries = 3000
  /// Bytes of one push.
  static let largestPush = 2 << 30

  /// - Returns: what is allowed, and worth a word.
  /// - Throws: `VidgitError`: conflict where GitHub would refuse a branch, with what to do.
  static func check(
    _ branches: [(name: String, commit: ObjectID)], of repository: VideoRepository
  ) throws -> [String] {
    var notes: [String] = []
    var seen: Set<ObjectID> = []
    for branch in branches {
      let revision = try repository.revision(branch.commit)
      guard seen.insert(revision.tree).inserted else { continue }
      let count = revision.shards.count
      if count > mostEntries {
        notes.append(
          "'\(branch.name)' has \(count) shards in one folder, and GitHub lists no more than "
            + "\(mostEntries): split the video into parts with `vidgit keep` where that matters")
      }
      for shard in revision.shards where seen.insert(shard.id).inserted {
        let size = try VidgitError.git { try repository.git.blobSize(shard.id) }
        guard size < largestFile else {
          throw VidgitError(
            .conflict,
            "'\(shard.path)' of '\(branch.name)' is \(size >> 20) MiB, and GitHub takes "
              + "no file of \(largestFile >> 20) MiB",
            hint: "a shard has at most 1,000 lines: was it edited by hand?")
        }
        if size > largeFile {
          notes.append("'\(shard.path)' is \(size >> 20) MiB: GitHub warns of such files")
        }
      }
    }
    return notes
  }
}
