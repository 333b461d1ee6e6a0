import FFmpeg
public import Git2
public import VidgitModel

/// The manifest of one commit: the header and media whole, the timeline a shard at a time.
public struct Revision: Sendable {
  struct Blob: Sendable {
    let path: String
    let id: ObjectID
  }

  public let commit: ObjectID
  /// What a video that is made of it says that it was made of: the commit's id in hex, or several.
  let origin: String
  let tree: ObjectID
  public let header: Header
  /// By path: "media/falls.json".
  public let media: [String: MediaDescriptor]
  /// In order of play.
  let shards: [Blob]
  /// By recipe id.
  let recipeBlobs: [String: Blob]

  /// The key of a line's frame.
  func key(of line: FrameLine) -> FrameKey { line.key(in: header) }

  /// The bytes of one frame's pixels, by the header.
  var frameBytes: Int {
    PixelFormat(name: header.pixelFormat)?.byteCount(width: header.width, height: header.height)
      ?? header.width * header.height * 4
  }
}

extension VideoRepository {
  /// The largest files of each sort that are read at all, in bytes.
  private enum Limit {
    static let header = 1 << 20
    static let descriptor = 1 << 20
    static let recipe = 1 << 18
    static let shard = 1 << 23
  }

  /// Reads the manifest of whatever Git resolves `spec` to.
  ///
  /// - Throws: `VidgitError`: not found for an unknown revision or one without a manifest, refused
  ///   for a tree with unsafe names, bad input for a file that is not as the format says.
  public func revision(_ spec: String) throws -> Revision {
    try revision(commit(spec))
  }

  static let splitHint = "a repository is made of a video: `vidgit split VIDEO DIR`"

  /// What a repository without any history ends with.
  var noCommit: VidgitError {
    VidgitError(.notFound, "there is no commit yet in '\(path)'", hint: Self.splitHint)
  }

  /// The commit that Git resolves `spec` to.
  func commit(_ spec: String) throws -> ObjectID {
    do {
      return try git.resolve(spec)
    } catch {
      // Where HEAD leads to a branch that is not there, there is nothing to name.
      if error.isNotFound, try VidgitError.git({ try git.reference(named: "HEAD") }) == nil,
        try VidgitError.git({ try git.branches() }).isEmpty
      {
        throw noCommit
      }
      throw VidgitError(
        .notFound, "there is no revision '\(TerminalText.escaped(spec))': \(error.message)",
        hint: VidgitError.shallowHint(error)
          ?? (isElsewhere(spec)
            ? "it is a branch where this was cloned from: name it origin/\(spec), or `vidgit switch "
              + "\(spec)` to have it here"
            : "`git branch -a` and `git log --all` list what there is"),
        underlying: error)
    }
  }

  private func isElsewhere(_ name: String) -> Bool {
    guard (try? Repository.isValidBranchName(name)) == true else { return false }
    return (try? git.reference(named: "refs/remotes/origin/\(name)")) != nil
  }

  func revision(_ commit: ObjectID) throws -> Revision {
    try revision(commit, tree: VidgitError.git { try git.commit(commit).tree }, origin: commit.hex)
  }

  /// The manifest in a tree, which need not be that of the commit.
  func revision(_ commit: ObjectID, tree: ObjectID, origin: String) throws -> Revision {
    let top = try TreeRules.check(tree, in: git)
    guard let headerEntry = top.first(where: { $0.name == FileNames.header }) else {
      throw VidgitError(
        .notFound, "the revision \(commit.short) holds no video: it has no \(FileNames.header)",
        hint: "vidgit works in repositories that `vidgit split` made")
    }
    let header = try VidgitError.model {
      try Header(json: json(of: headerEntry.id, FileNames.header, limit: Limit.header))
    }
    try ManifestBounds.check(header)
    var media: [String: MediaDescriptor] = [:]
    for blob in try blobs(in: FileNames.mediaFolder, of: top) {
      media[blob.path] = try VidgitError.model {
        try MediaDescriptor(
          json: json(of: blob.id, blob.path, limit: Limit.descriptor), file: blob.path)
      }
      try ManifestBounds.check(media[blob.path]!, file: blob.path)
    }
    var recipes: [String: Revision.Blob] = [:]
    for blob in try blobs(in: FileNames.filtersFolder, of: top) {
      // The tree was checked: there is no other file.
      if let id = FileNames.recipeID(blob.path) { recipes[id] = blob }
    }
    return Revision(
      commit: commit, origin: origin, tree: tree, header: header, media: media,
      shards: try blobs(in: FileNames.framesFolder, of: top),
      recipeBlobs: recipes)
  }

  private func blobs(in folder: String, of top: [TreeEntry]) throws -> [Revision.Blob] {
    guard let entry = top.first(where: { $0.name + "/" == folder }) else { return [] }
    return try VidgitError.git { try git.tree(entry.id) }
      .map { Revision.Blob(path: folder + $0.name, id: $0.id) }
      .sorted { $0.path < $1.path }
  }

  /// How many shards are worth reading at once: enough for every core, few enough for memory.
  static let shardsAtOnce = 64

  /// The lines of one shard.
  func lines(of shard: Revision.Blob, in revision: Revision) throws -> [FrameLine] {
    try lines(of: [shard], in: revision)[0]
  }

  /// The lines of each of some shards, read on all cores at once.
  func lines(of shards: [Revision.Blob], in revision: Revision) throws -> [[FrameLine]] {
    for shard in shards { try checkSize(of: shard.id, shard.path, limit: Limit.shard) }
    let header = revision.header
    return try VidgitError.git {
      try git.withBlobs(shards.map(\.id)) { index, bytes in
        let path = shards[index].path
        let lines = try VidgitError.model { try Shard.parse(bytes, file: path) }
        try ManifestBounds.check(lines, of: header, file: path)
        return lines
      }
    }
  }

  /// A recipe by its id.
  func recipe(_ id: String, in revision: Revision) throws -> Recipe {
    guard let blob = revision.recipeBlobs[id] else {
      throw VidgitError(
        .notFound,
        "the revision \(revision.commit.short) names the recipe '\(id)' and does not hold it",
        hint: "`vidgit verify \(revision.commit.short)` lists what is missing")
    }
    let recipe = try VidgitError.model {
      try Recipe(json: json(of: blob.id, blob.path, limit: Limit.recipe), file: blob.path)
    }
    guard recipe.id == id else {
      throw VidgitError(
        .verification,
        "the file '\(blob.path)' holds another recipe than its name says: \(recipe.id)",
        hint: "it was edited: put it back with `git checkout`, or name a new recipe")
    }
    return recipe
  }

  private func json(of id: ObjectID, _ path: String, limit: Int) throws -> JSONValue {
    try JSONValue(parsing: bytes(of: id, path, limit: limit), what: path)
  }

  func bytes(of id: ObjectID, _ path: String, limit: Int) throws -> [UInt8] {
    try checkSize(of: id, path, limit: limit)
    return try VidgitError.git { try git.withBlob(id) { Array($0) } }
  }

  private func checkSize(of id: ObjectID, _ path: String, limit: Int) throws {
    let size = try VidgitError.git { try git.blobSize(id) }
    guard size <= limit else {
      throw VidgitError(
        .refused, "the file '\(path)' has \(size) bytes; at most \(limit) are read",
        hint: "no manifest needs such a file: look who made it with `git log -- \(path)`")
    }
  }
}

extension ObjectID {
  /// The first ten digits: enough for a person.
  public var short: String { String(hex.prefix(10)) }
}
