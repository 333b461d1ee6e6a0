import Foundation
import Git2
import VidgitModel

/// Finds out which frames and media any revision that can be reached, the index or a work tree
/// names. Every commit, folder and shard is read once, however many revisions share it.
///
/// Not `Sendable`: it belongs to the task that walks.
final class Reachability {
  private let repository: VideoRepository
  /// Digests of stored files that nothing has named so far: memory goes by what is stored, not by
  /// what history names.
  private(set) var unnamed: Set<Digest>
  private(set) var commitCount = 0
  /// Lines of the shards that were read.
  private var lineCount = 0
  private var seen: Set<ObjectID> = []
  private let shallow: Set<ObjectID>

  /// - Parameter stored: the digests to look for.
  init(_ repository: VideoRepository, stored: Set<Digest>) throws {
    self.repository = repository
    unnamed = stored
    shallow = try VidgitError.git { try repository.git.shallowCommits() }
  }

  /// Walks over everything.
  ///
  /// - Parameter since: older entries of reflogs do not count, in seconds since 1970; nil counts
  ///   all.
  /// - Throws: `VidgitError` that names a revision which cannot be read.
  func walk(reflogSince since: Int64?, _ progress: ProgressHandler) throws {
    var roots = try VidgitError.git { try repository.git.roots(reflogSince: since) }
    for folder in try VidgitError.git({ try repository.git.gitDirectories() }) {
      let note = LocalFolder.pending(in: "\(folder.path)/vidgit")
      guard let pending = try PendingCommit.read(from: note) else { continue }
      for id in [pending.to, pending.from, pending.workTree].compactMap(\.self) {
        roots.append(Root(id: id, name: "the unfinished commit\(folder.label)", mayBeGone: true))
      }
    }
    var known: Set<ObjectID> = []
    for root in roots where known.insert(root.id).inserted { try walk(from: root, progress) }
    try markIndex()
    try markWorkTrees()
  }

  /// Counts these as named.
  func keep(_ digests: [Digest]) { unnamed.subtract(digests) }

  private func walk(from root: Root, _ progress: ProgressHandler) throws {
    let object = try reading(root.name) { try repository.git.peel(root.id) }
    switch object {
    case nil where root.mayBeGone: return
    case nil: throw unreadable(root.name, "the object \(root.id.short) is not there")
    case .blob?: return
    case .tree(let tree)?: try mark(tree: tree, of: root.name)
    case .commit(let commit)?:
      var waiting = seen.insert(commit).inserted ? [commit] : []
      while let id = waiting.popLast() {
        try Task.checkCancellation()
        let place = "\(id.short) (\(root.name))"
        let commit = try reading(place) { try repository.git.commit(id) }
        try mark(tree: commit.tree, of: place)
        if !shallow.contains(id) {
          waiting += commit.parents.filter { seen.insert($0).inserted }
        }
        commitCount += 1
        progress(OperationProgress(phase: "look for what is needed", done: lineCount))
      }
    }
  }

  /// - Parameter place: the revision, for errors.
  private func mark(tree: ObjectID, of place: String) throws {
    guard seen.insert(tree).inserted else { return }
    let top = try reading(place) { try repository.git.tree(tree) }
    // A tree without a header is no video: what looks like frames in it is kept all the same.
    var isVideo = false
    if let header = top.first(where: { $0.name == FileNames.header && !$0.isFolder }) {
      isVideo = true
      if seen.insert(header.id).inserted {
        _ = try reading(place, FileNames.header) {
          try Header(json: JSONValue(parsing: bytes(of: header.id), what: FileNames.header))
        }
      }
    }
    for folder in [FileNames.framesFolder, FileNames.mediaFolder] {
      guard let entry = top.first(where: { $0.name + "/" == folder && $0.isFolder }),
        seen.insert(entry.id).inserted
      else { continue }
      for file in try reading(place, nil, { try repository.git.tree(entry.id) }) {
        guard !file.isFolder, seen.insert(file.id).inserted else { continue }
        let path = folder + file.name
        if isVideo {
          try reading(place, path) { try mark(bytes(of: file.id), of: path) }
        } else if file.isFile {
          try reading(place, path) { try markAll(inBlob: file.id, of: path) }
        }
      }
    }
  }

  private func markIndex() throws {
    for entry in try VidgitError.git({ try repository.git.indexEntries() }) {
      guard Self.isWanted(entry.path), seen.insert(entry.id).inserted else { continue }
      try reading("the index", entry.path) { try markAll(inBlob: entry.id, of: entry.path) }
    }
  }

  private func markWorkTrees() throws {
    for workTree in try VidgitError.git({ try repository.git.workTrees() }) {
      for folder in [FileNames.framesFolder, FileNames.mediaFolder] {
        let path = workTree + "/" + folder
        guard FileStatus.exists(path) else { continue }
        try reading("the work tree '\(workTree)'", folder) {
          for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            try Task.checkCancellation()
            // What is larger is neither a shard nor a descriptor: a video that somebody put there.
            guard let size = FileStatus(path: path + name)?.size, size <= Shard.maximumBytes else {
              continue
            }
            guard let data = FileManager.default.contents(atPath: path + name) else {
              throw VidgitError.system("read", path + name, EACCES)
            }
            markAll(in: [UInt8](data), of: folder + name)
          }
        }
      }
    }
  }

  private static func isWanted(_ path: String) -> Bool {
    path.hasPrefix(FileNames.framesFolder) || path.hasPrefix(FileNames.mediaFolder)
  }
}

extension Reachability {
  /// Marks what a committed file names.
  private func mark(_ bytes: [UInt8], of path: String) throws {
    if path.hasPrefix(FileNames.mediaFolder) {
      unnamed.remove(
        try MediaDescriptor(json: JSONValue(parsing: bytes, what: path), file: path).sha256)
      return
    }
    let lines = try Shard.parse(bytes, file: path)
    lineCount += lines.count
    for line in lines {
      unnamed.remove(line.hash)
      if let source = line.source { unnamed.remove(source) }
    }
  }

  /// The same of a blob. What is larger than a shard is none.
  private func markAll(inBlob blob: ObjectID, of path: String) throws {
    guard try repository.git.blobSize(blob) <= Shard.maximumBytes else { return }
    markAll(in: try bytes(of: blob), of: path)
  }

  /// Marks every digest in a file that is still being worked on, whatever else it says.
  private func markAll(in bytes: [UInt8], of path: String) {
    // A file that can be read may write its digests with escapes.
    if (try? mark(bytes, of: path)) != nil { return }
    let prefix = Array(Digest.prefix.utf8)
    var place = bytes.startIndex
    while let next = bytes[place...].firstIndex(of: prefix[0]) {
      let text = bytes[next...].prefix(prefix.count + 64)
      if text.starts(with: prefix),
        let digest = Digest(text: String(decoding: text, as: UTF8.self))
      {
        unnamed.remove(digest)
      }
      place = next + 1
    }
  }

  private func bytes(of blob: ObjectID) throws -> [UInt8] {
    let size = try repository.git.blobSize(blob)
    guard size <= Shard.maximumBytes else {
      throw VidgitError(.refused, "it has \(size) bytes; at most \(Shard.maximumBytes) are read")
    }
    return try repository.git.withBlob(blob) { Array($0) }
  }

  private func reading<T>(_ place: String, _ file: String? = nil, _ body: () throws -> T) throws
    -> T
  {
    do {
      return try body()
    } catch let error as CancellationError {
      throw error
    } catch {
      let words =
        (error as? VidgitError)?.message ?? (error as? ModelError)?.description ?? "\(error)"
      throw unreadable(
        place, file.map { words.hasPrefix($0) ? words : "'\($0)': \(words)" } ?? words)
    }
  }

  private func unreadable(_ place: String, _ reason: String) -> VidgitError {
    VidgitError(
      .badInput, "the revision \(place) cannot be read, so nothing was removed: \(reason)",
      hint: "what it needs is not known; look with `git fsck`, and bring it back or delete what "
        + "leads to it")
  }
}
