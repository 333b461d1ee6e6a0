import Git2
import VidgitModel

/// A three-way merge of all files of a tree that are neither shards, recipes nor the header: media
/// descriptors, and what people keep beside a video.
struct FileMerge {
  /// What to change in our tree, by path; nil removes a file.
  private(set) var changes: [String: ObjectID?] = [:]
  /// Files that both sides have changed, and not in the same way.
  private(set) var conflicts: [String] = []

  /// A larger file is not merged by lines.
  private static let largestText = 4 << 20

  /// - Parameters:
  ///   - renames: new paths of files of theirs; where ours has such a file, that stays.
  ///   - side: whose file is taken where both have changed one; nil lists a conflict.
  init(
    _ repository: VideoRepository, base: Revision, ours: Revision, theirs: Revision,
    renames: [String: String] = [:], favouring side: TimelineMerge.Side?,
    into pack: inout PackWriter
  ) throws {
    let base = try repository.otherFiles(in: base.tree)
    let ours = try repository.otherFiles(in: ours.tree)
    var theirs = try repository.otherFiles(in: theirs.tree)
    for (path, new) in renames {
      let blob = theirs.removeValue(forKey: path)
      // Theirs at the old path is ours, as far as the merge is concerned.
      theirs[path] = ours[path]
      theirs[new] = ours[new] ?? blob
    }
    for path in Set(ours.keys).union(theirs.keys).sorted() {
      let (before, our, their) = (base[path], ours[path], theirs[path])
      if our == their || their == before { continue }
      if our == before {
        changes[path] = their
      } else if let merged = try Self.merged(repository, before, our, their, &pack) {
        changes[path] = merged
      } else {
        switch side {
        case .ours: break
        case .theirs: changes[path] = their
        case nil: conflicts.append(path)
        }
      }
    }
  }

  private static func merged(
    _ repository: VideoRepository, _ base: ObjectID?, _ ours: ObjectID?, _ theirs: ObjectID?,
    _ pack: inout PackWriter
  ) throws -> ObjectID? {
    guard let ours, let theirs else { return nil }
    let sizes = try VidgitError.git {
      try [base, ours, theirs].compactMap(\.self).map { try repository.git.blobSize($0) }
    }
    guard sizes.allSatisfy({ $0 <= largestText }) else { return nil }
    return try VidgitError.git {
      let merged = try Repository.mergedFile(
        base: base.map { try repository.git.withBlob($0) { Array($0) } },
        ours: repository.git.withBlob(ours) { Array($0) },
        theirs: repository.git.withBlob(theirs) { Array($0) })
      return try merged.map { try pack.writeBlob($0) }
    }
  }
}

extension VideoRepository {
  /// The blobs of a checked tree, by path, without those that merge by their meaning.
  fileprivate func otherFiles(in tree: ObjectID) throws -> [String: ObjectID] {
    var files: [String: ObjectID] = [:]
    func walk(_ tree: ObjectID, _ folder: String) throws {
      for entry in try VidgitError.git({ try git.tree(tree) }) {
        let path = folder + entry.name
        if path == FileNames.header { continue }
        if !entry.isFolder {
          files[path] = entry.id
        } else if path + "/" != FileNames.framesFolder, path + "/" != FileNames.filtersFolder {
          try walk(entry.id, path + "/")
        }
      }
    }
    try walk(tree, "")
    return files
  }
}
