import Foundation
import Git2
import VidgitModel

/// vidgit as Git's own merge driver: `git merge`, `git rebase` and `git cherry-pick` then combine
/// shards frame by frame.
///
/// Git does not take drivers from a clone, so each clone is set up once; without it, shards merge
/// line by line.
public enum MergeDriver {
  private static let attributes = """
    frames/*.jsonl merge=vidgit
    video.json merge=vidgit

    """

  /// Sets the driver up in this clone: in its configuration and in `.git/info/attributes`.
  ///
  /// - Parameter program: what Git runs, by its name on the path or by its own path.
  public static func setUp(directory: String, program: String) throws {
    let repository = try VideoRepository.open(at: directory)
    guard !program.isEmpty, !program.contains(where: { $0.isNewline || $0 == "\0" }) else {
      throw VidgitError(.usage, "the program's path is empty or holds a line break")
    }
    let quoted = "'" + program.replacingOccurrences(of: "'", with: "'\\''") + "'"
    try VidgitError.git {
      try repository.git.setConfig("merge.vidgit.name", to: "frames, by vidgit")
      try repository.git.setConfig(
        "merge.vidgit.driver", to: "\(quoted) merge-driver %O %A %B %P")
      try repository.git.addAttributes(attributes)
    }
  }

  /// Merges one file for Git, in place.
  ///
  /// - Parameters:
  ///   - base: a file with the common ancestor's text.
  ///   - ours: a file with our text, which gets the merged one.
  ///   - theirs: a file with their text.
  ///   - path: the file's path in the repository.
  /// - Returns: whether all of it combined.
  public static func merge(
    base: String, ours: String, theirs: String, path: String
  ) throws -> Bool {
    let texts = try [base, ours, theirs].map { try read($0) }
    let merged = try VidgitError.model {
      path == FileNames.header
        ? try MergedText(header: texts[0], ours: texts[1], theirs: texts[2])
        : try MergedText(shard: path, base: texts[0], ours: texts[1], theirs: texts[2])
    }
    try DurableFile.write(merged.bytes, to: ours)
    return !merged.hasConflicts
  }

  private static func read(_ path: String) throws -> [UInt8] {
    guard let status = FileStatus(path: path) else {
      throw VidgitError.system("read", path, ENOENT)
    }
    guard status.size <= Shard.maximumBytes, let data = FileManager.default.contents(atPath: path)
    else {
      throw VidgitError(.badInput, "'\(path)' is larger than any shard, or cannot be read")
    }
    return [UInt8](data)
  }
}
