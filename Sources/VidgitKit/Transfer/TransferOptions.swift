import Git2
public import VidgitModel

/// What `push`, `pull` and `rehost` are about.
public struct TransferOptions: Sendable {
  public var directory: String
  /// A store by its name; nil for the only one, or where that makes sense all.
  public var store: String?
  /// Anything that Git resolves.
  public var revisions = ["HEAD"]
  /// Every branch instead.
  public var takesAllBranches = false
  /// Only this part of each revision.
  public var range: RangeExpression?
  public var takesMedia = true
  /// `push` sends media also where the store has something of their length, which may be wrong.
  public var replacesMedia = false

  public init(directory: String) { self.directory = directory }
}

/// What was sent or fetched.
public struct TransferResult: Sendable {
  /// The store, where it is one.
  public var store: String?
  public var objects = 0
  public var media = 0
  /// Of objects and media.
  public var bytes: Int64 = 0
  /// Objects and media that were there already.
  public var present = 0
}

/// What some revisions are made of.
struct Wanted {
  let revisions: [Revision]
  /// In the order of play; each once.
  private(set) var keys: [FrameKey] = []
  /// Those of them that no exact recipes make again.
  private(set) var needed: Set<FrameKey> = []
  /// By digest.
  private(set) var media: [Digest: MediaDescriptor] = [:]

  init(_ repository: VideoRepository, _ options: TransferOptions) throws {
    let names =
      options.takesAllBranches
      ? try VidgitError.git { try repository.git.branches() }.map(\.name) : options.revisions
    revisions = try names.map { try repository.revision($0) }
    var seen: Set<FrameKey> = []
    for revision in revisions {
      let shelf = RecipeShelf(repository, revision)
      let frames = try options.range.map {
        try Selection(range: $0, frames: nil, of: repository, revision).runs[0]
      }
      var lines = TimelineCursor(repository, revision).lines(in: frames)
      while let (_, line) = try lines.next() {
        let medium = revision.media[line.uri]
        if let medium { media[medium.sha256] = medium }
        if medium != nil, line.filters.isEmpty { continue }
        let key = revision.key(of: line)
        if seen.insert(key).inserted { keys.append(key) }
        if medium == nil || !line.filters.allSatisfy({ shelf.isExact($0) }) { needed.insert(key) }
      }
    }
  }

  var mediaInOrder: [MediaDescriptor] { media.values.sorted { $0.sha256 < $1.sha256 } }
}

extension Wanted {
  /// The error for what is nowhere.
  static func lacking(
    _ objects: Int, _ media: [String], _ place: String, done: String
  ) -> VidgitError {
    var parts: [String] = []
    if objects > 0 { parts.append(Counted.text(objects, "object")) }
    parts += media.map { "the medium '\(TerminalText.escaped($0))'" }
    let isOne = parts.count == 1 && objects <= 1
    return VidgitError(
      .notFound,
      "\(parts.joined(separator: ", ")) \(isOne ? "is" : "are") \(place)",
      hint:
        "\(done); get the rest with `vidgit pull`, `vidgit media locate`, or by running the pass again"
    )
  }
}
